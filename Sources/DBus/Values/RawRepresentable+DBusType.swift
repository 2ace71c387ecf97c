/// An enumeration is sent as its raw value; an unknown raw value is `InvalidArgs`.
extension DBusType where Self: RawRepresentable, RawValue: DBusType {
    /// The signature of the raw value.
    public static var signature: Signature { RawValue.signature }

    /// Appends the raw value.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        try rawValue.append(to: &writer)
    }

    /// Reads the raw value.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> Self {
        let rawValue = try RawValue.read(from: &reader)
        guard let value = Self(rawValue: rawValue) else {
            throw .invalidArgs("\(rawValue) is not a known value")
        }
        return value
    }

    /// Feeds the raw value.
    public func feed(_ hasher: inout Hasher) { rawValue.feed(&hasher) }

    /// The raw value as a dynamic value.
    public var dbusValue: Value { rawValue.dbusValue }

    /// The enumeration whose raw value a dynamic value holds.
    public static func decode(_ value: Value) -> Self? {
        RawValue.decode(value).flatMap(Self.init(rawValue:))
    }
}
