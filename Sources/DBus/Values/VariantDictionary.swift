/// Named values of mixed types (`a{sv}`), in an order that is kept.
///
///     var options: VariantDictionary = ["timeout-ms": .uint32(500)]
///     options.set("force", true)
///     let timeout = options["timeout-ms"]?.decode(UInt32.self)
public struct VariantDictionary: Sendable {
    /// In their order.
    ///
    /// Few are found sooner by looking than by hashing.
    private var entries: [(key: String, value: Value)] = []
    /// Where each name is, once there are many.
    private var positions: [String: Int] = [:]

    private static let many = 32

    /// Makes an empty dictionary.
    public init() {}

    /// The names in their order.
    public var keys: [String] { entries.map(\.key) }

    /// The value of a name; assigning nil removes the name, a new name goes last.
    public subscript(name: String) -> Value? {
        get { position(of: name).map { entries[$0].value } }
        set {
            switch (newValue, position(of: name)) {
            case (let value?, nil):
                append(name, value)
            case (let value?, let position?):
                entries[position].value = value
            case (nil, let position?):
                entries.remove(at: position)
                positions = [:]
                index()
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
    public var count: Int { entries.count }

    /// Whether there are no names.
    public var isEmpty: Bool { entries.isEmpty }

    private func position(of name: String) -> Int? {
        positions.isEmpty ? entries.firstIndex { $0.key == name } : positions[name]
    }

    /// Adds a name that is not there.
    private mutating func append(_ name: String, _ value: Value) {
        entries.append((name, value))
        if positions.isEmpty { index() } else { positions[name] = entries.count - 1 }
    }

    private mutating func index() {
        guard entries.count >= Self.many else { return }
        for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    }
}

extension VariantDictionary: ExpressibleByDictionaryLiteral {
    /// The entries of a literal; the last one of a name wins.
    public init(dictionaryLiteral elements: (String, Value)...) {
        for (name, value) in elements { self[name] = value }
    }
}

extension VariantDictionary: Sequence {
    /// Goes through the entries in their order.
    public func makeIterator() -> IndexingIterator<[(key: String, value: Value)]> {
        entries.makeIterator()
    }
}

extension VariantDictionary: Hashable {
    /// Dictionaries are equal when they hold the same entries, in whatever order.
    public static func == (left: VariantDictionary, right: VariantDictionary) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the entries, in no order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for entry in entries {
            var own = Hasher()
            own.combine(entry.key)
            own.combine(entry.value)
            sum &+= own.finalize()
        }
        hasher.combine(sum)
    }
}

extension VariantDictionary: DBusType {
    /// `a{sv}`.
    public static var signature: Signature { Signature(unchecked: "a{sv}") }

    /// Appends the entries in their order.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.variantDictionary { (inner: inout MessageWriter) throws(DBusError) in
            for (name, value) in entries { try inner.entry(name, value) }
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

    /// Feeds the entries.
    public func feed(_ hasher: inout Hasher) { hasher.combine(self) }

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
