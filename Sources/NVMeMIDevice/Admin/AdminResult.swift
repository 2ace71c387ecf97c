internal import NVMeMI

/// What an Admin command comes to when it succeeds.
struct AdminResult {
    /// Completion dword 0.
    var result: UInt32 = 0
    /// How many bytes the command produces, before a slice is taken.
    var length = 0
    /// The bytes of a slice that lies within the length.
    private var slice: (Range<Int>) -> [UInt8] = { _ in [] }

    /// A result without data.
    init(result: UInt32 = 0) {
        self.result = result
    }

    /// Data that is all there.
    init(data: [UInt8], result: UInt32 = 0) {
        self.result = result
        length = data.count
        slice = { Array(data[$0]) }
    }

    /// Data that is made on demand, because all of it may be more than fits into memory.
    init(length: Int, slice: @escaping (Range<Int>) -> [UInt8]) {
        self.length = length
        self.slice = slice
    }

    func bytes(_ range: Range<Int>) -> [UInt8] {
        range.isEmpty ? [] : slice(range)
    }
}
