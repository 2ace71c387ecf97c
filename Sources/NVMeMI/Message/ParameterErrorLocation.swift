/// Where in the request the field is that the endpoint refused with Invalid Parameter.
public struct ParameterErrorLocation: Hashable, Sendable, CustomStringConvertible {
    /// Offset from the type byte of the request; FFFFh when it lies further on than that.
    public var byte: UInt16

    /// The least significant bit of the field in that byte, 0 to 7.
    public var bit: UInt8

    /// A place in the request.
    public init(byte: UInt16, bit: UInt8 = 0) {
        self.byte = byte
        self.bit = bit & 7
    }

    /// The place where a field of a request begins.
    public init(_ field: FieldDescription) {
        self.init(
            byte: UInt16(clamping: field.offset),
            bit: UInt8(truncatingIfNeeded: field.firstBit % 8)
        )
    }

    /// The place in the bytes 5 to 7 of a response.
    init(response: UInt32) {
        bit = UInt8(truncatingIfNeeded: response & 7)
        byte = UInt16(truncatingIfNeeded: response >> 8)
    }

    /// The bytes 5 to 7 of a response.
    var response: UInt32 { UInt32(byte) << 8 | UInt32(bit) }

    /// True when nothing is said: no field is in the type byte, and devices that do not know the place leave it zero.
    public var isUnspecified: Bool { byte == 0 }

    /// The field of a request that lies there, nil when none is declared there.
    ///
    /// A field that begins there goes before one that merely covers the place.
    public func field(in fields: [FieldDescription]) -> FieldDescription? {
        let place = Int(byte) * 8 + Int(bit)
        return fields.first { $0.firstBit == place }
            ?? fields.first { $0.firstBit..<$0.firstBit + $0.bitCount ~= place }
    }

    /// The place in words, with the name of the field where it is known, such as `port identifier (byte 11, bit 0)`.
    public func describe(in fields: [FieldDescription]) -> String {
        field(in: fields).map { "\($0.name) (\(description))" } ?? description
    }

    /// Such as `byte 11, bit 0`.
    public var description: String {
        byte == .max ? "beyond byte 65534" : "byte \(byte), bit \(bit)"
    }
}
