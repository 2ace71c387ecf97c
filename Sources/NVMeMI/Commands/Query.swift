/// A command whose reply is bytes, together with the structure that they form.
///
/// Made by the typed forms of the commands that read data, such as `ReadDataStructure.portInformation(1)`.
public struct Query<Base: Command, Structure: DataStructure>: Command
where Base.Reply == [UInt8] {
    /// The structure.
    public typealias Reply = Structure

    /// The command that returns the bytes.
    public let base: Base

    init(_ base: Base) { self.base = base }

    /// That of the command that returns the bytes.
    public static var declaration: CommandDeclaration { Base.declaration }

    /// That of the command that returns the bytes.
    public var declaration: CommandDeclaration { base.declaration }

    /// As the command that returns the bytes.
    public func validate() throws(ArgumentError) { try base.validate() }

    /// As the command that returns the bytes.
    public func encode(slot: CommandSlot) -> [UInt8] { base.encode(slot: slot) }

    /// As the command that returns the bytes.
    public func isAnswered(by response: Response, slot: CommandSlot) -> Bool {
        base.isAnswered(by: response, slot: slot)
    }

    /// The structure in a response that is known to answer this command.
    public func decode(_ response: Response) throws -> Structure {
        try Structure(data: base.decode(response))
    }

    /// As the command that returns the bytes.
    public init(request: Request) throws(RequestError) { base = try Base(request: request) }

    /// A successful response with the bytes of a structure.
    public func encodeReply(_ reply: Structure, slot: CommandSlot) -> [UInt8] {
        base.encodeReply(reply.data, slot: slot)
    }
}
