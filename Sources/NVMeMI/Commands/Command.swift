/// A command with its request both ways and its reply both ways: what a requester sends, and what a device answers.
public protocol Command: Sendable {
    /// What the command returns when it succeeds.
    associatedtype Reply: Sendable

    /// What is known of the command besides its bytes.
    static var declaration: CommandDeclaration { get }

    /// The declaration of this one command; differs from the type's where a type stands for several opcodes.
    var declaration: CommandDeclaration { get }

    /// Checks the values against what the wire can carry and what the standard always refuses.
    ///
    /// `encode` does not fail: values that do not fit lose their high bits, so whoever takes values from outside asks first.
    func validate() throws(ArgumentError)

    /// The whole request message, type byte through integrity check.
    func encode(slot: CommandSlot) -> [UInt8]

    /// The reply in a response that is known to answer this command.
    ///
    /// - Throws: `DeviceError` when the device refused or failed, `DecodingError` when the reply is malformed.
    func decode(_ response: Response) throws -> Reply

    /// The command in a request that a device received.
    init(request: Request) throws(RequestError)

    /// The whole response message with a reply, type byte through integrity check.
    func encodeReply(_ reply: Reply, slot: CommandSlot) -> [UInt8]
}

extension Command {
    /// The declaration of the type.
    public var declaration: CommandDeclaration { Self.declaration }

    /// Finds nothing wrong.
    public func validate() throws(ArgumentError) {}
}
