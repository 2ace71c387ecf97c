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

extension AdminReply {
    /// Reads a response that NVMe-MI calls successful.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - command: Name of the command, for errors.
    ///   - length: Bytes of data that were asked for.
    /// - Throws: `DecodingError` when there is no whole completion queue entry, or more data than was asked for.
    init(
        _ response: Response,
        to command: String,
        length: Int
    ) throws(DecodingError) {
        var reader = ByteReader(response.bytes, subject: "\(command) response")
        try reader.skip(Response.headerSize, "header")
        result = try reader.read(UInt32.self, "completion queue entry dword 0")
        result1 = try reader.read(UInt32.self, "completion queue entry dword 1")
        status = NVMeStatus(
            completionDword3: try reader.read(UInt32.self, "completion queue entry dword 3")
        )
        if reader.remaining > length {
            throw DecodingError(
                subject: reader.subject,
                field: "data",
                offset: Self.headerSize,
                expected: "at most \(byteCount(length))",
                got: byteCount(reader.remaining)
            )
        }
        data = reader.readRemaining()
    }

    /// The whole message of a response.
    func encode(slot: CommandSlot) -> [UInt8] {
        var writer = ByteWriter(capacity: Self.headerSize + data.count)
        writer.append(result)
        writer.append(result1)
        writer.append(status.completionDword3)
        writer.append(data)
        return Response.encode(category: .admin, slot: slot, body: writer.bytes)
    }
}
