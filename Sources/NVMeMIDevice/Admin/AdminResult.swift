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

/// Why an Admin command does not succeed.
enum AdminFailure: Error {
    /// NVMe-MI refuses the message.
    case refused(RequestError)
    /// The command completes with an NVMe status; the location is that of the field at fault in the
    /// NVMe command, FFFFh for none.
    case completed(NVMeStatus, location: UInt16)

    /// A status that will be the same when the command is repeated.
    static func failed(_ status: NVMeStatus, location: UInt16 = 0xFFFF) -> AdminFailure {
        .completed(NVMeStatus(rawValue: status.rawValue | 0x4000), location: location)
    }

    /// A field of the command has a value that is not allowed; dwords are counted as in NVMe.
    static func invalidField(dword: UInt16, byte: UInt16 = 0) -> AdminFailure {
        .failed(.invalidField, location: dword * 4 + byte)
    }

    /// The namespace does not exist.
    static let invalidNamespace = AdminFailure.failed(.invalidNamespaceOrFormat, location: 4)
}
