/// A hash that is the same in every process, unlike the standard library's.
enum StableHash {
    /// `count` bytes that depend on every byte of the text.
    static func bytes(_ count: Int, of text: String) -> [UInt8] {
        var result: [UInt8] = []
        var round: UInt64 = 0
        while result.count < count {
            // FNV-1a over the text, then a finaliser, because FNV alone leaves the identifiers of
            // "…1" and "…2" looking alike.
            var state: UInt64 = 0xCBF2_9CE4_8422_2325 ^ round
            for byte in text.utf8 {
                state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
            state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
            state ^= state >> 31
            for shift in stride(from: 0, to: 64, by: 8) where result.count < count {
                result.append(UInt8(truncatingIfNeeded: state >> UInt64(shift)))
            }
            round += 1
        }
        return result
    }
}
