/// Where a field stands and what it is called; what a layout says about itself.
public struct FieldDescription: Hashable, Sendable {
    /// The name: CamelCase words in structures (keys of decoded dictionaries), standard terms in command requests.
    public let name: String

    /// First bit of the field, counted little-endian from bit 0 of byte 0.
    public let firstBit: Int

    /// Number of bits; 0 for a value that is derived from other fields.
    public let bitCount: Int

    /// The byte in which the field begins.
    public var offset: Int { firstBit / 8 }

    /// The number of bytes that the field touches.
    public var size: Int { (firstBit % 8 + bitCount + 7) / 8 }

    /// Describes a field of whole bytes.
    public init(name: String, offset: Int, size: Int) {
        self.init(name: name, firstBit: offset * 8, bitCount: size * 8)
    }

    /// Describes a field of bits.
    public init(name: String, firstBit: Int, bitCount: Int) {
        self.name = name
        self.firstBit = firstBit
        self.bitCount = bitCount
    }
}
