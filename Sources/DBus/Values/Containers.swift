extension Array: DBusType where Element: DBusType {
    /// `a` and the type of the elements.
    public static var signature: Signature { .array(of: Element.signature) }

    /// Appends the array.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try Element.append(self, to: &writer)
    }

    /// Reads the array.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> [Element] {
        try Element.readArray(from: &reader)
    }

    /// Feeds the number of elements and each.
    public func feed(_ hasher: inout Hasher) {
        hasher.combine(count)
        for element in self { element.feed(&hasher) }
    }

    /// The array as `bytes` or `array`.
    public var dbusValue: Value { Element.dbusValue(of: self) }

    /// The array that a `bytes` or `array` holds.
    public static func decode(_ value: Value) -> [Element]? { Element.decodeArray(value) }
}

extension Dictionary: DBusType where Key: DBusBasicType, Value: DBusType {
    /// `a{`, the type of the keys, the type of the values, `}`.
    public static var signature: Signature {
        .dictionary(key: Key.signature, value: Value.signature)
    }

    /// Appends the entries, in no order.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        let entry = Signature(
            unchecked: "{" + Key.signature.string + Value.signature.string + "}"
        )
        try writer.array(of: entry) { (inner: inout MessageWriter) throws(DBusError) in
            for (key, value) in self {
                try inner.dictionaryEntry { (pair: inout MessageWriter) throws(DBusError) in
                    try key.append(to: &pair)
                    try value.append(to: &pair)
                }
            }
        }
    }

    /// Reads the entries; the last one of a key wins.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> [Key: Value] {
        try reader.container(.array) { (inner: inout MessageReader) throws(DBusError) in
            var dictionary: [Key: Value] = [:]
            while !inner.isAtEnd {
                try inner.container(.dictionaryEntry) {
                    (pair: inout MessageReader) throws(DBusError) in
                    let key = try Key.read(from: &pair)
                    dictionary[key] = try Value.read(from: &pair)
                }
            }
            return dictionary
        }
    }

    /// The entries as `dictionary`, in no order.
    public var dbusValue: DBus.Value {
        .dictionary(
            ValueDictionary(
                keySignature: Key.signature,
                valueSignature: Value.signature,
                entries: map { .init(key: $0.key.dbusValue, value: $0.value.dbusValue) }
            )
        )
    }

    /// The entries that a `dictionary` of these types holds.
    public static func decode(_ value: DBus.Value) -> [Key: Value]? {
        guard case .dictionary(let dictionary) = value,
            dictionary.keySignature == Key.signature,
            dictionary.valueSignature == Value.signature
        else { return nil }
        var result: [Key: Value] = [:]
        for entry in dictionary.entries {
            guard let key = Key.decode(entry.key), let value = Value.decode(entry.value) else {
                return nil
            }
            result[key] = value
        }
        return result
    }
}
