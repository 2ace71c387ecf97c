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

    /// True when a response answers this command in its slot, as far as the message tells.
    ///
    /// Nothing in an NVMe-MI message says to which of several equal commands it belongs; that is for the tag of MCTP.
    func isAnswered(by response: Response, slot: CommandSlot) -> Bool

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

    /// True when kind and slot are those of the command.
    public func isAnswered(by response: Response, slot: CommandSlot) -> Bool {
        response.category == Self.declaration.category && response.slot == slot
    }

    /// Finds nothing wrong.
    public func validate() throws(ArgumentError) {}
}
