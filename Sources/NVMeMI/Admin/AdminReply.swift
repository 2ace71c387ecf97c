/// What a response to an Admin command carries when NVMe-MI accepted the message.
public struct AdminReply: Hashable, Sendable {
    /// Size in bytes of the response without data and integrity check.
    static let headerSize = 20

    /// Completion queue entry dword 0: the command specific result.
    public var result: UInt32
    /// Completion queue entry dword 1.
    public var result1: UInt32
    /// How the command went.
    public var status: NVMeStatus
    /// Response data.
    public var data: [UInt8]

    /// A result, a status and data.
    public init(
        result: UInt32 = 0,
        result1: UInt32 = 0,
        status: NVMeStatus = .success,
        data: [UInt8] = []
    ) {
        self.result = result
        self.result1 = result1
        self.status = status
        self.data = data
    }
}
