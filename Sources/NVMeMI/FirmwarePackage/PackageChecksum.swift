/// The check of firmware packages: CRC-32 as in IEEE 802.3, over bytes that come piece by piece.
public struct PackageChecksum: Sendable {
    private var register = UInt32.max

    /// The check of no bytes.
    public init() {}

    /// Adds bytes.
    public mutating func add(_ bytes: some Sequence<UInt8>) {
        var check = register
        for byte in bytes {
            check = check >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: check) ^ byte)]
        }
        register = check
    }

    /// The check of all bytes so far.
    public var value: UInt32 { ~register }

    /// What each byte contributes.
    private static let table: [UInt32] = (UInt32(0)..<256).map { byte in
        (0..<8).reduce(byte) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
}
