/// A value that occupies a fixed number of bits on the wire.
///
/// Every bit pattern is a value: decoding one cannot fail, and what was read is written back unchanged. In memory a value is
/// nothing but an unsigned integer of 8, 16, 32, 64 or 128 bits, or a `Bool`.
public protocol WireScalar: Sendable, Hashable {
    /// What kind of value it is, and the names that it has.
    static var nature: ScalarNature { get }
}

/// What kind of value a number on the wire is.
public enum ScalarNature: Sendable {
    /// A number.
    case number
    /// A code, with the names of those that have one.
    case codes(KeyValuePairs<UInt8, String>)
    /// A set of flags, with the names of the bits that have one.
    case flags([(bit: Int, name: String)])

    /// The value that some bits are.
    func value(of bits: UInt128, _ storage: FieldStorage) -> FieldValue {
        switch self {
        case .number: storage.value(bits)
        case .codes(let names):
            .text(names.words(of: UInt8(truncatingIfNeeded: bits)))
        case .flags(let names): .names(names.names(of: UInt64(truncatingIfNeeded: bits)))
        }
    }
}

extension WireScalar {
    /// How the value is shown to those who do not know its type.
    @_semantics("optimize.sil.specialize.generic.never")
    public var fieldValue: FieldValue {
        let storage = FieldStorage(of: Self.self)
        let bits = withUnsafeBytes(of: self) { bytes -> UInt128 in
            guard let address = bytes.baseAddress else { return 0 }
            return storage.load(from: address)
        }
        return Self.nature.value(of: bits, storage)
    }
}

extension UInt8: WireScalar {}
extension UInt16: WireScalar {}
extension UInt32: WireScalar {}
extension UInt64: WireScalar {}
extension UInt128: WireScalar {}
extension Bool: WireScalar {}

extension WireScalar {
    /// A number, unless the type says otherwise.
    public static var nature: ScalarNature { .number }
}

extension KeyValuePairs<UInt8, String> {
    /// The name of a code, or `Unknown` with the code in hexadecimal, such as `Unknown (0Ah)`.
    func words(of code: UInt8) -> String {
        self[code: code] ?? "Unknown (\(code.hexadecimal()))"
    }
}

extension KeyValuePairs where Key: FixedWidthInteger, Value == String {
    /// The name of a code, nil when it has none.
    subscript(code code: Key) -> String? {
        for (key, name) in self where key == code { return name }
        return nil
    }
}

extension [(bit: Int, name: String)] {
    /// The names of the bits that are set.
    func names(of bits: UInt64) -> [String] {
        var result: [String] = []
        for (bit, name) in self where bits >> UInt64(bit) & 1 != 0 { result.append(name) }
        return result
    }
}
