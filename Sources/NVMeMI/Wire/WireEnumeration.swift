/// A code on the wire of which some values have names; the others survive as they are.
///
/// Conforming types are structs with a static constant for each named value.
public protocol WireEnumeration: RawRepresentable, WireScalar, CustomStringConvertible
where RawValue == UInt8 {
    /// The value with a code; every code is valid.
    init(rawValue: UInt8)

    /// Names of the codes that have one.
    static var names: KeyValuePairs<UInt8, String> { get }
}

extension WireEnumeration {
    /// The name of the value, nil when it has none.
    public var name: String? { Self.names[code: rawValue] }

    /// The name, or `Unknown` with the code in hexadecimal, such as `Unknown (0Ah)`.
    public var description: String { Self.names.words(of: rawValue) }

    /// A code with names.
    public static var nature: ScalarNature { .codes(names) }
}
