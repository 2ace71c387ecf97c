/// The frame's checksum: CRC-16, polynomial 8408h reflected, starting at FFFFh, not complemented.
struct FrameChecksum: Sendable {
    private(set) var value: UInt16 = 0xFFFF

    private static let table: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index)) { value, _ in
            value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x8408
        }
    }

    mutating func add(_ byte: UInt8) {
        value = value >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
    }
}
