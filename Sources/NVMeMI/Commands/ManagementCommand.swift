/// A command of the Management Interface (NMIMT 1).
///
/// Request: header, opcode @4, NVMe Management Dword 0 @8 and 1 @12, data @16.
/// Response: status @4, NVMe Management Response @5 (24 bits), data @8.
public protocol ManagementCommand: DeclaredRequest {
    /// The reply in what a successful response carries.
    func readReply(_ reply: ManagementReply) throws(DecodingError) -> Reply

    /// What a successful response with a reply carries.
    func writeReply(_ reply: Reply) -> ManagementReply
}

/// What a successful response of the Management Interface carries.
public struct ManagementReply: Hashable, Sendable {
    /// NVMe Management Response: 24 bits whose meaning depends on the command.
    public var response: UInt32

    /// Response data.
    public var data: [UInt8]

    /// A response and its data.
    public init(response: UInt32 = 0, data: [UInt8] = []) {
        self.response = response
        self.data = data
    }
}

/// Sizes of messages of the Management Interface.
enum ManagementMessage {
    /// Request without data and integrity check.
    static let requestSize = 16
}

extension ManagementCommand {
    /// The reply in a response that is known to answer this command.
    @_semantics("optimize.sil.specialize.generic.never")
    public func decode(_ response: Response) throws -> Reply {
        try response.requireSuccess(of: declaration)
        return try readReply(
            ManagementReply(response: response.managementResponse, data: response.body)
        )
    }

    /// A successful response.
    @_semantics("optimize.sil.specialize.generic.never")
    public func encodeReply(_ reply: Reply, slot: CommandSlot) -> [UInt8] {
        let reply = writeReply(reply)
        return Response.encode(
            category: Self.declaration.category,
            slot: slot,
            managementResponse: reply.response,
            body: reply.data
        )
    }

    /// An error about the data of the reply.
    func malformed(
        _ field: String,
        offset: Int = Response.headerSize,
        expected: String,
        got: String
    ) -> DecodingError {
        DecodingError(
            subject: "\(declaration.name) response",
            field: field,
            offset: offset,
            expected: expected,
            got: got
        )
    }
}

extension ManagementCommand where Reply == Void {
    /// Nothing; what the response carries is ignored.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) {}

    /// Nothing.
    public func writeReply(_ reply: Void) -> ManagementReply { ManagementReply() }
}

extension ManagementCommand where Reply == ManagementReply {
    /// All of it as it is.
    public func readReply(_ reply: ManagementReply) throws(DecodingError) -> ManagementReply {
        reply
    }

    /// All of it as it is.
    public func writeReply(_ reply: ManagementReply) -> ManagementReply { reply }
}
