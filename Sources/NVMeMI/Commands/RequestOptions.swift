/// What may be asked of any command beside what it does.
public struct RequestOptions: Hashable, Sendable {
    /// True to have the data in the Management Endpoint Buffer instead of in the message (MEB), for commands that the device
    /// lists for it: data of the request is written there before, that of the response is read from there afterwards.
    public var usesManagementEndpointBuffer: Bool

    /// True to have the endpoint pause as soon as it begins to process the command (CIAP), where the port says that it can.
    public var pausesOnProcessing: Bool

    /// True to have an Admin command carried out also when the subsystem is shut down (ISH).
    public var ignoresShutdown: Bool

    /// Nothing of it, unless said otherwise.
    public init(
        usesManagementEndpointBuffer: Bool = false,
        pausesOnProcessing: Bool = false,
        ignoresShutdown: Bool = false
    ) {
        self.usesManagementEndpointBuffer = usesManagementEndpointBuffer
        self.pausesOnProcessing = pausesOnProcessing
        self.ignoresShutdown = ignoresShutdown
    }
}

/// A command with options.
///
/// Of commands that return data in the Management Endpoint Buffer only the raw ones can be decoded, which then have none.
public struct CommandWithOptions<Base: DeclaredRequest>: Command {
    /// That of the command.
    public typealias Reply = Base.Reply

    /// The command.
    public let base: Base
    /// The options.
    public let options: RequestOptions

    /// A command with options.
    public init(_ base: Base, _ options: RequestOptions) {
        self.base = base
        self.options = options
    }

    /// That of the command.
    public static var declaration: CommandDeclaration { Base.declaration }

    /// That of the command.
    public var declaration: CommandDeclaration { base.declaration }

    /// As the command, and finds an option that the kind of command does not have.
    public func validate() throws(ArgumentError) {
        try base.validate()
        if options.ignoresShutdown, Self.declaration.category != .admin {
            throw ArgumentError(
                command: declaration.name,
                field: "ignore shutdown",
                expected: "false, as it is no Admin command",
                got: "true"
            )
        }
    }

    /// The request with what the options change of it.
    public func encode(slot: CommandSlot) -> [UInt8] {
        let header = MessageHeader(
            category: Self.declaration.category,
            slot: slot,
            usesManagementEndpointBuffer: options.usesManagementEndpointBuffer,
            isCommandInitiatedAutoPause: options.pausesOnProcessing
        )
        return Envelope.modify(
            base.encode(header: header),
            size: options.usesManagementEndpointBuffer ? Base.request.size : nil,
            ignoresShutdown: options.ignoresShutdown && Self.declaration.category == .admin
        )
    }

    /// As the command.
    public func isAnswered(by response: Response, slot: CommandSlot) -> Bool {
        base.isAnswered(by: response, slot: slot)
    }

    /// As the command.
    public func decode(_ response: Response) throws -> Base.Reply { try base.decode(response) }

    /// The command of a request with its options.
    public init(request: Request) throws(RequestError) {
        base = try Base(request: request)
        options = RequestOptions(
            usesManagementEndpointBuffer: request.header.usesManagementEndpointBuffer,
            pausesOnProcessing: request.header.isCommandInitiatedAutoPause,
            ignoresShutdown: Base.declaration.category == .admin
                && request.bytes.count > AdminMessage.flagsOffset
                && request.bytes[AdminMessage.flagsOffset] & AdminMessage.ignoreShutdown != 0
        )
    }

    /// As the command.
    public func encodeReply(_ reply: Base.Reply, slot: CommandSlot) -> [UInt8] {
        base.encodeReply(reply, slot: slot)
    }
}

extension Envelope {
    /// A request that is cut to a size, or says that a shutdown is to be ignored, with its integrity check made good.
    fileprivate static func modify(
        _ message: [UInt8],
        size: Int?,
        ignoresShutdown: Bool
    ) -> [UInt8] {
        if size == nil, !ignoresShutdown { return message }
        var writer = ByteWriter(capacity: message.count)
        let content = message.dropLast(MessageIntegrityCheck.size)
        writer.append(content.prefix(size ?? content.count))
        if ignoresShutdown, writer.count > AdminMessage.flagsOffset {
            writer.replace(
                at: AdminMessage.flagsOffset,
                with: CollectionOfOne(
                    writer.bytes[AdminMessage.flagsOffset] | AdminMessage.ignoreShutdown
                )
            )
        }
        return seal(writer)
    }
}
