/// One key of a section of a drive description: its name, what it says, and how it is read.
///
/// Files, the command line and the control interface know exactly the keys that are declared in
/// this module's `*Keys.swift` files, and the format's documentation is made from them.
public struct DescriptionKey<Target>: Sendable {
    /// The name before the equals sign.
    public let name: String
    /// What the value is, with its unit.
    public let documentation: String
    /// Reads the value's text into the target.
    let set: @Sendable (inout Target, String) throws(ValueError) -> Void

    init(
        _ name: String,
        _ documentation: String,
        set: @escaping @Sendable (inout Target, String) throws(ValueError) -> Void
    ) {
        self.name = name
        self.documentation = documentation
        self.set = set
    }

    static func text(
        _ name: String,
        _ path: any WritableKeyPath<Target, String> & Sendable,
        atMost length: Int = 255,
        _ documentation: String
    ) -> DescriptionKey {
        DescriptionKey(name, documentation) { (target, text) throws(ValueError) in
            target[keyPath: path] = try ascii(text, atMost: length)
        }
    }

    static func integer<Number: FixedWidthInteger & UnsignedInteger & Sendable>(
        _ name: String,
        _ path: any WritableKeyPath<Target, Number> & Sendable,
        in range: ClosedRange<Number> = Number.min...Number.max,
        _ documentation: String
    ) -> DescriptionKey {
        DescriptionKey(name, documentation) { (target, text) throws(ValueError) in
            target[keyPath: path] = try ValueError.integer(text, in: range)
        }
    }

    static func celsius(
        _ name: String,
        _ path: any WritableKeyPath<Target, Int> & Sendable,
        _ documentation: String
    ) -> DescriptionKey {
        DescriptionKey(name, documentation) { (target, text) throws(ValueError) in
            target[keyPath: path] = try temperature(text)
        }
    }

    static func bytes(
        _ name: String,
        _ path: any WritableKeyPath<Target, UInt64> & Sendable,
        _ documentation: String
    ) -> DescriptionKey {
        DescriptionKey(name, documentation) { (target, text) throws(ValueError) in
            guard let count = TextValue.byteCount(text) else {
                throw ValueError("'\(text)' is not a number of bytes, such as 960GB or 2TiB")
            }
            target[keyPath: path] = count
        }
    }

    static func boolean(
        _ name: String,
        _ path: any WritableKeyPath<Target, Bool> & Sendable,
        _ documentation: String
    ) -> DescriptionKey {
        DescriptionKey(name, documentation) { (target, text) throws(ValueError) in
            guard let value = TextValue.boolean(text) else {
                throw ValueError("'\(text)' is neither yes nor no")
            }
            target[keyPath: path] = value
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String,
        _ path: any WritableKeyPath<Target, Choice> & Sendable,
        _ documentation: String
    ) -> DescriptionKey {
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return DescriptionKey(name, "\(documentation): \(known)") {
            (target, text) throws(ValueError) in
            target[keyPath: path] = try ValueError.choice(text)
        }
    }

    /// A set of words: `all`, `none`, or a list; words with a sign change the set that is there.
    static func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable & Sendable>(
        _ name: String,
        _ path: any WritableKeyPath<Target, Set<Choice>> & Sendable
    ) -> DescriptionKey {
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return DescriptionKey(
            name,
            "all, none, or of: \(known); +WORD adds one, -WORD takes it away"
        ) {
            (target, text) throws(ValueError) in
            switch text {
            case "all": target[keyPath: path] = Set(Choice.allCases)
            case "none": target[keyPath: path] = []
            default:
                let words = TextValue.list(text)
                var chosen =
                    words.allSatisfy({ $0.hasPrefix("+") || $0.hasPrefix("-") })
                    ? target[keyPath: path] : []
                for word in words {
                    let isSigned = word.hasPrefix("+") || word.hasPrefix("-")
                    let choice: Choice = try ValueError.choice(
                        isSigned ? String(word.dropFirst()) : word
                    )
                    if word.hasPrefix("-") { chosen.remove(choice) } else { chosen.insert(choice) }
                }
                target[keyPath: path] = chosen
            }
        }
    }

    /// Any temperature that can be told in kelvin on the wire.
    static func temperature(_ text: String) throws(ValueError) -> Int {
        guard let value = TextValue.signed(text), (-273...65_262).contains(value) else {
            throw ValueError("'\(text)' is not a temperature in degrees Celsius")
        }
        return value
    }

    static func ascii(_ text: String, atMost length: Int) throws(ValueError) -> String {
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ValueError("'\(text)' has other characters than printable ASCII")
        }
        guard text.utf8.count <= length else {
            throw ValueError("'\(text)' has more than \(length) characters")
        }
        return text
    }
}

extension Array {
    /// Sets a key by name among the keys of this list.
    func apply<Target>(
        _ name: String,
        _ value: String,
        to target: inout Target
    ) throws(ValueError) where Element == DescriptionKey<Target> {
        guard let key = first(where: { $0.name == name }) else {
            let known = map(\.name).joined(separator: ", ")
            throw ValueError("there is no key '\(name)' here; there are \(known)")
        }
        do {
            try key.set(&target, value)
        } catch {
            throw ValueError("\(name): \(error.reason)")
        }
    }
}
