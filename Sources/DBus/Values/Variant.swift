/// A value that says its type itself (`v`).
public struct Variant: Hashable, Sendable {
    /// The value within.
    public var value: Value

    /// Wraps a dynamic value.
    public init(_ value: Value) {
        self.value = value
    }

    /// Wraps a value of a Swift type.
    public init<T: DBusType>(_ value: T) {
        self.value = value.dbusValue
    }
}

extension Variant: DBusType {
    /// `v`.
    public static var signature: Signature { Signature(unchecked: "v") }

    /// Appends the variant.
    public func append(to writer: inout MessageWriter) throws(DBusError) {
        let contents = value.signature
        guard
            value.hasCertainType
                || contents.isCompleteType
                    && contents.string.utf8.count <= SignatureGrammar.maximumLength
        else { throw .failed("\"\(contents)\" is not the type of a variant") }
        try writer.variant(of: contents) { (inner: inout MessageWriter) throws(DBusError) in
            try value.append(to: &inner)
        }
    }

    /// Reads the variant.
    public static func read(from reader: inout MessageReader) throws(DBusError) -> Variant {
        try reader.container(.variant) { (inner: inout MessageReader) throws(DBusError) in
            Variant(try Value(from: &inner))
        }
    }

    /// Feeds the value.
    public func feed(_ hasher: inout Hasher) { hasher.combine(value) }

    /// The variant as `variant`.
    public var dbusValue: Value { .variant(value) }

    /// The variant that a `variant` holds.
    public static func decode(_ value: Value) -> Variant? {
        if case .variant(let inner) = value { Variant(inner) } else { nil }
    }
}
