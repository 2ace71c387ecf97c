/// A value that occupies a fixed number of bits on the wire.
///
/// Every bit pattern is a value: decoding one cannot fail, and what was read is written back unchanged.
public protocol WireScalar: Sendable, Hashable {
    /// Number of bits that the value has by nature; a field may give it fewer.
    static var wireBitCount: Int { get }

    /// The value with these low bits; those above `wireBitCount` are zero.
    init(wireBits: UInt128)

    /// The bits of the value.
    var wireBits: UInt128 { get }

    /// How the value is shown to those who do not know its type.
    var fieldValue: FieldValue { get }
}

extension UInt8: WireScalar {}
extension UInt16: WireScalar {}
extension UInt32: WireScalar {}
extension UInt64: WireScalar {}
extension UInt128: WireScalar {}

extension WireScalar where Self: FixedWidthInteger & UnsignedInteger {
    /// The width of the type.
    public static var wireBitCount: Int { bitWidth }

    /// The low bits of `wireBits`.
    public init(wireBits: UInt128) { self.init(truncatingIfNeeded: wireBits) }

    /// The value itself.
    public var wireBits: UInt128 { UInt128(truncatingIfNeeded: self) }

    /// The value in the smallest case that holds every value of its type.
    public var fieldValue: FieldValue {
        switch Self.bitWidth {
        case ...8: .unsigned8(UInt8(truncatingIfNeeded: self))
        case ...16: .unsigned16(UInt16(truncatingIfNeeded: self))
        case ...32: .unsigned32(UInt32(truncatingIfNeeded: self))
        case ...64: .unsigned64(UInt64(truncatingIfNeeded: self))
        default: .unsigned128(UInt128(truncatingIfNeeded: self))
        }
    }
}

extension Bool: WireScalar {
    /// One bit.
    public static var wireBitCount: Int { 1 }

    /// True for any one.
    public init(wireBits: UInt128) { self = wireBits != 0 }

    /// One or zero.
    public var wireBits: UInt128 { self ? 1 : 0 }

    /// A yes or no.
    public var fieldValue: FieldValue { .boolean(self) }
}
