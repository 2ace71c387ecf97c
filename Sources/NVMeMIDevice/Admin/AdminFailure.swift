internal import NVMeMI

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
