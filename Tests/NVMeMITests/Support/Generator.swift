/// A small generator with a fixed seed (xorshift), so that a failing case can be run again.
struct Generator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var word: UInt64 = 0
        for index in 0..<count {
            if index % 8 == 0 { word = next() }
            result.append(UInt8(truncatingIfNeeded: word))
            word >>= 8
        }
        return result
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
