/// Where a field of 1 to 128 bits stands: bits are counted little-endian from bit 0 of byte 0.
struct BitPosition: Hashable, Sendable {
    let firstBit: Int
    let bitCount: Int

    /// The bits of a little-endian integer that starts at byte `offset`.
    init(byte offset: Int, bits: ClosedRange<Int>) {
        firstBit = offset * 8 + bits.lowerBound
        bitCount = bits.count
    }

    private init(firstBit: Int, bitCount: Int) {
        self.firstBit = firstBit
        self.bitCount = bitCount
    }

    /// The same field in a structure that starts at byte `base`.
    func moved(by base: Int) -> BitPosition {
        BitPosition(firstBit: firstBit + base * 8, bitCount: bitCount)
    }

    var firstByte: Int { firstBit / 8 }
    var shift: Int { firstBit % 8 }
    var byteCount: Int { (shift + bitCount + 7) / 8 }

    /// Ones where the field can have them, at bit 0.
    var mask: UInt128 { bitCount >= 128 ? .max : (1 &<< UInt128(bitCount)) &- 1 }

    /// The low 64 bits of the mask.
    var shortMask: UInt64 { bitCount >= 64 ? .max : (1 &<< UInt64(bitCount)) &- 1 }
}
