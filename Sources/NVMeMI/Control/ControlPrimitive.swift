/// A control primitive (NMIMT 0): acts on a command slot and is answered past the command in it.
///
/// Request: header, opcode @4, tag @5, parameter @6. Response: status @4, tag @5, response @6. The slot acted on is that of
/// the message header. A primitive does not occupy a slot, so its tag is what tells its answer from a late one.
public protocol ControlPrimitive: DeclaredRequest {
    /// A number of the requester's choice that the response repeats.
    var tag: UInt8 { get set }

    /// The reply in the 16 bits of a successful response (CPSR).
    func readReply(_ response: UInt16) -> Reply

    /// The 16 bits of a successful response with a reply.
    func writeReply(_ reply: Reply) -> UInt16
}

/// Sizes of control primitives.
enum ControlMessage {
    /// Request without integrity check.
    static let requestSize = 8
}

extension ControlPrimitive {
    /// True when kind, slot and tag are those of the primitive.
    ///
    /// One with an error answers any tag: drives without the primitive send a Generic Error Response, which has none,
    /// and Invalid Parameter may have the place of the parameter there.
    public func isAnswered(by response: Response, slot: CommandSlot) -> Bool {
        response.category == .controlPrimitive && response.slot == slot && hasTag(of: response)
    }

    private func hasTag(of response: Response) -> Bool {
        response.status != .success || Self.tag(of: response) == tag
    }

    /// The reply in a response that is known to be one to a control primitive.
    ///
    /// - Throws: `DecodingError` when the tag is that of another primitive, `DeviceError` when this one failed.
    @_semantics("optimize.sil.specialize.generic.never")
    public func decode(_ response: Response) throws -> Reply {
        guard hasTag(of: response) else {
            throw DecodingError(
                subject: "\(declaration.name) response",
                field: "tag",
                offset: 5,
                expected: tag.hexadecimal(),
                got: Self.tag(of: response).hexadecimal()
            )
        }
        try response.requireSuccess(of: declaration)
        return readReply(UInt16(truncatingIfNeeded: response.managementResponse >> 8))
    }

    /// A successful response.
    @_semantics("optimize.sil.specialize.generic.never")
    public func encodeReply(_ reply: Reply, slot: CommandSlot) -> [UInt8] {
        Response.encode(
            category: .controlPrimitive,
            slot: slot,
            managementResponse: UInt32(tag) | UInt32(writeReply(reply)) << 8
        )
    }

    /// A response with an error, which repeats the tag as every response does.
    public func encodeRefusal(_ status: ManagementStatus, slot: CommandSlot) -> [UInt8] {
        Response.encode(
            category: .controlPrimitive,
            slot: slot,
            status: status,
            managementResponse: UInt32(tag)
        )
    }

    private static func tag(of response: Response) -> UInt8 {
        UInt8(truncatingIfNeeded: response.managementResponse)
    }
}

extension ControlPrimitive where Reply == Void {
    /// Nothing.
    public func readReply(_ response: UInt16) {}

    /// Nothing.
    public func writeReply(_ reply: Void) -> UInt16 { 0 }
}
