/// The integrity check at the end of every out-of-band NVMe-MI message: CRC-32C over all bytes before it, type byte included.
public enum MessageIntegrityCheck {
    /// Bytes that the check occupies at the end of a message, least significant first.
    public static let size = 4

    /// The check of some bytes.
    public static func compute(_ bytes: some Collection<UInt8>) -> UInt32 {
        unsafe bytes.withContiguousStorageIfAvailable { unsafe crc(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { unsafe crc($0) }
    }

    /// The check of bytes in memory: the only code of the module that uses pointers.
    ///
    /// The bytes are counted down in `remaining`, and every index into the tables is below 16 * 256: the number of a table
    /// times 256 plus a byte. Bounds checks would take half of the time.
    private static func crc(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard var next = bytes.baseAddress else { return 0 }
        var remaining = bytes.count
        var check = UInt32.max
        unsafe tables.withUnsafeBufferPointer { buffer in
            guard let table = buffer.baseAddress else { return }

            // Sixteen look-ups replace 128 dependent shifts. Only the first four wait for the block before, so
            // they come last.
            while remaining >= 16 {
                let second = unsafe word(next, 4)
                let third = unsafe word(next, 8)
                let fourth = unsafe word(next, 12)
                let others =
                    unsafe fold(second, table + 8 * 256)
                    ^ fold(third, table + 4 * 256) ^ fold(fourth, table)
                check = unsafe others ^ fold(word(next, 0) ^ check, table + 12 * 256)
                unsafe next += 16
                remaining -= 16
            }
            while remaining > 0 {
                let byte = unsafe next.load(as: UInt8.self)
                check = unsafe check >> 8 ^ table[Int(UInt8(truncatingIfNeeded: check) ^ byte)]
                unsafe next += 1
                remaining -= 1
            }
        }
        return ~check
    }

    /// Four message bytes, the first in the low bits.
    @inline(__always)
    private static func word(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// What four message bytes contribute: the first byte has the most bytes behind it, so the last of four tables.
    @inline(__always)
    private static func fold(_ word: UInt32, _ table: UnsafePointer<UInt32>) -> UInt32 {
        unsafe (table[3 * 256 + Int(word & 0xFF)] ^ table[2 * 256 + Int(word >> 8 & 0xFF)])
            ^ (table[256 + Int(word >> 16 & 0xFF)] ^ table[Int(word >> 24)])
    }

    /// Sixteen tables of 256: table `n` holds the contribution of a byte that has `n` bytes behind it.
    private static let tables: [UInt32] = {
        let polynomial: UInt32 = 0x82F6_3B78
        var tables: [UInt32] = []
        tables.reserveCapacity(16 * 256)
        for byte in UInt32(0)..<256 {
            var value = byte
            for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? polynomial : 0) }
            tables.append(value)
        }
        for index in 256..<16 * 256 {
            let previous = tables[index - 256]
            tables.append(previous >> 8 ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()
}
