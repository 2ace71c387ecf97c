/// A command that is sent with flags of the message header: the data in the Management Endpoint Buffer, or an
/// automatic pause.
public struct WithHeader<Base: DeclaredRequest>: Command {
    /// That of the command.
    public typealias Reply = Base.Reply

    /// The command.
    public let base: Base
    /// Whether the data is in the Management Endpoint Buffer.
    public let usesManagementEndpointBuffer: Bool
    /// Whether the endpoint pauses when it begins to process the command.
    public let isCommandInitiatedAutoPause: Bool

    /// A command with flags.
    public init(_ base: Base, usesBuffer: Bool = false, pauses: Bool = false) {
        self.base = base
        usesManagementEndpointBuffer = usesBuffer
        isCommandInitiatedAutoPause = pauses
    }

    /// That of the command.
    public static var declaration: CommandDeclaration { Base.declaration }

    /// That of the command.
    public var declaration: CommandDeclaration { base.declaration }

    /// As the command.
    public func validate() throws(ArgumentError) { try base.validate() }

    /// The command with the flags in its header.
    public func encode(slot: CommandSlot) -> [UInt8] {
        base.encode(
            header: MessageHeader(
                category: Base.declaration.category,
                slot: slot,
                usesManagementEndpointBuffer: usesManagementEndpointBuffer,
                isCommandInitiatedAutoPause: isCommandInitiatedAutoPause
            )
        )
    }

    /// As the command.
    public func isAnswered(by response: Response, slot: CommandSlot) -> Bool {
        base.isAnswered(by: response, slot: slot)
    }

    /// As the command.
    public func decode(_ response: Response) throws -> Reply { try base.decode(response) }

    /// The command of a request, with the flags of its header.
    public init(request: Request) throws(RequestError) {
        self.init(
            try Base(request: request),
            usesBuffer: request.header.usesManagementEndpointBuffer,
            pauses: request.header.isCommandInitiatedAutoPause
        )
    }

    /// As the command.
    public func encodeReply(_ reply: Reply, slot: CommandSlot) -> [UInt8] {
        base.encodeReply(reply, slot: slot)
    }
}
