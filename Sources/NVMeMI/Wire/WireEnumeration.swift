/// A code on the wire of which some values have names; the others survive as they are.
///
/// Conforming types are structs with a static constant for each named value.
public protocol WireEnumeration: RawRepresentable, WireScalar, CustomStringConvertible
where RawValue: FixedWidthInteger & UnsignedInteger & WireScalar {
    /// The value with a code; every code is valid.
    init(rawValue: RawValue)

    /// Names of the codes that have one.
    static var names: [RawValue: String] { get }
}

extension WireEnumeration {
    /// The name of the value, nil when it has none.
    public var name: String? { Self.names[rawValue] }

    /// The name, or `Unknown` with the code in hexadecimal, such as `Unknown (0Ah)`.
    public var description: String { name ?? "Unknown (\(rawValue.hexadecimal()))" }

    /// The width of the code.
    public static var wireBitCount: Int { RawValue.bitWidth }

    /// The value with a code.
    public init(wireBits: UInt128) { self.init(rawValue: RawValue(truncatingIfNeeded: wireBits)) }

    /// The code.
    public var wireBits: UInt128 { UInt128(truncatingIfNeeded: rawValue) }

    /// The description.
    public var fieldValue: FieldValue { .text(description) }
}
