/// A Swift type that stands for one D-Bus type.
///
/// Conforming types of your own are best written over a `Structure`, or are `RawRepresentable`
/// by a D-Bus type and need no code at all.
public protocol DBusType: Sendable {
    /// The signature of the type: one complete type.
    static var signature: Signature { get }
    /// Appends the value to a message.
    func append(to writer: inout MessageWriter) throws(DBusError)
    /// Reads a value from a message.
    static func read(from reader: inout MessageReader) throws(DBusError) -> Self

    /// The same as a dynamic value.
    var dbusValue: Value { get }
    /// The value that a dynamic value holds; nil when it is of another type.
    static func decode(_ value: Value) -> Self?

    /// Feeds a hasher with the value, so that equal values give equal hashes.
    func feed(_ hasher: inout Hasher)

    /// Appends an array of this type; numbers do so in one piece.
    static func append(_ elements: [Self], to writer: inout MessageWriter) throws(DBusError)
    /// Reads an array of this type; numbers do so in one piece.
    static func readArray(from reader: inout MessageReader) throws(DBusError) -> [Self]
    /// An array of this type as a dynamic value.
    static func dbusValue(of elements: [Self]) -> Value
    /// The array of this type that a dynamic value holds; nil when it is of another type.
    static func decodeArray(_ value: Value) -> [Self]?
}

extension DBusType {
    /// Feeds the hasher with the dynamic value.
    public func feed(_ hasher: inout Hasher) { hasher.combine(dbusValue) }

    /// Appends the elements one by one.
    public static func append(
        _ elements: [Self],
        to writer: inout MessageWriter
    ) throws(DBusError) {
        try writer.array(of: signature) { (inner: inout MessageWriter) throws(DBusError) in
            for element in elements { try element.append(to: &inner) }
        }
    }

    /// Reads the elements one by one.
    public static func readArray(from reader: inout MessageReader) throws(DBusError) -> [Self] {
        try reader.elements { (inner: inout MessageReader) throws(DBusError) in
            try Self.read(from: &inner)
        }
    }

    /// The elements as an `array`.
    public static func dbusValue(of elements: [Self]) -> Value {
        .array(signature, elements.map { $0.dbusValue })
    }

    /// The elements of an `array` of this type.
    public static func decodeArray(_ value: Value) -> [Self]? {
        guard case .array(signature, let values) = value else { return nil }
        var elements: [Self] = []
        elements.reserveCapacity(values.count)
        for value in values {
            guard let element = decode(value) else { return nil }
            elements.append(element)
        }
        return elements
    }
}

/// A D-Bus type that can be the key of a dictionary.
public protocol DBusBasicType: DBusType, Hashable {}

extension DBusBasicType {
    /// Feeds the hasher with the value itself.
    public func feed(_ hasher: inout Hasher) { hasher.combine(self) }
}
