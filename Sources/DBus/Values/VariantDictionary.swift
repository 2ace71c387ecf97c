/// Named values of mixed types (`a{sv}`), in an order that is kept.
///
///     var options: VariantDictionary = ["timeout-ms": .uint32(500)]
///     options.set("force", true)
///     let timeout = options["timeout-ms"]?.decode(UInt32.self)
public struct VariantDictionary: Sendable {
    /// The names in their order.
    public private(set) var keys: [String] = []
    private var storage: [String: Value] = [:]

    /// Makes an empty dictionary.
    public init() {}

    /// The value of a name; assigning nil removes the name, a new name goes last.
    public subscript(name: String) -> Value? {
        get { storage[name] }
        set {
            switch (newValue, storage[name]) {
            case (let value?, nil):
                keys.append(name)
                storage[name] = value
            case (let value?, _?):
                storage[name] = value
            case (nil, _?):
                keys.removeAll { $0 == name }
                storage[name] = nil
            case (nil, nil):
                break
            }
        }
    }

    /// Sets the value of a name.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value, of a Swift type that stands for a D-Bus type.
    public mutating func set<T: DBusType>(_ name: String, _ value: T) {
        self[name] = value.dbusValue
    }

    /// How many names there are.
    public var count: Int { keys.count }

    /// Whether there are no names.
    public var isEmpty: Bool { keys.isEmpty }
}

extension VariantDictionary: ExpressibleByDictionaryLiteral {
    /// The entries of a literal; the last one of a name wins.
    public init(dictionaryLiteral elements: (String, Value)...) {
        for (name, value) in elements { self[name] = value }
    }
}

extension VariantDictionary: Sequence {
    /// Goes through the entries in their order.
    public func makeIterator() -> AnyIterator<(key: String, value: Value)> {
        var names = keys.makeIterator()
        return AnyIterator { [storage] in
            guard let name = names.next(), let value = storage[name] else { return nil }
            return (key: name, value: value)
        }
    }
}

extension VariantDictionary: Hashable {
    /// Dictionaries are equal when they hold the same entries, in whatever order.
    public static func == (left: VariantDictionary, right: VariantDictionary) -> Bool {
        left.storage == right.storage
    }

    /// Feeds the entries, in no order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(storage)
    }
}

extension VariantDictionary: DBusType {
    /// `a{sv}`.
    public static var signature: Signature { Signature(unchecked: "a{sv}") }

    /// Appends the entries in their order.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        let entry = Signature(unchecked: "{sv}")
        try writer.array(of: entry) { (inner: inout MessageWriter) throws(DBusError) in
            for (name, value) in self {
                try inner.dictionaryEntry { (pair: inout MessageWriter) throws(DBusError) in
                    try pair.append(name)
                    try Variant(value).append(to: &pair)
                }
            }
        }
    }

    /// Reads the entries; the last one of a name wins.
    public static func read(
        from reader: inout MessageReader
    ) throws(DBusError) -> VariantDictionary {
        try reader.container(.array) { (inner: inout MessageReader) throws(DBusError) in
            var dictionary = VariantDictionary()
            while !inner.isAtEnd {
                try inner.container(.dictionaryEntry) {
                    (pair: inout MessageReader) throws(DBusError) in
                    let name = try String.read(from: &pair)
                    dictionary[name] = try Variant.read(from: &pair).value
                }
            }
            return dictionary
        }
    }

    /// The entries as `dictionary`.
    public var dbusValue: Value {
        .dictionary(
            ValueDictionary(
                keySignature: String.signature,
                valueSignature: Variant.signature,
                entries: map { .init(key: .string($0.key), value: .variant($0.value)) }
            )
        )
    }

    /// The entries that a `dictionary` from strings to variants holds.
    public static func decode(_ value: Value) -> VariantDictionary? {
        guard case .dictionary(let entries) = value,
            entries.keySignature == String.signature, entries.valueSignature == Variant.signature
        else { return nil }
        var dictionary = VariantDictionary()
        for entry in entries.entries {
            guard case .string(let name) = entry.key, case .variant(let value) = entry.value else {
                return nil
            }
            dictionary[name] = value
        }
        return dictionary
    }
}
