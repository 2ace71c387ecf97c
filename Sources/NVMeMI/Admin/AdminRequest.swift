/// An NVMe Admin command over NVMe-MI (NMIMT 2).
///
/// Request: header, opcode @4, flags @5, controller @6, submission queue entry dwords 1 to 5 @8, data offset @28, data
/// length @32, reserved, dwords 10 to 15 @44, data @68. Response: status @4, completion queue entry dwords 0, 1 and 3 @8,
/// data @20.
public protocol AdminRequest: DeclaredRequest {
    /// The controller that carries out the command.
    var controller: UInt16 { get set }

    /// Offset in bytes into the data of the command from which the response has it; a multiple of 4.
    var dataOffset: UInt32 { get set }

    /// Bytes that the response shall have, or that the request has; a multiple of 4, at most 4096.
    var dataLength: UInt32 { get set }

    /// True to have the command carried out also when the subsystem is shut down.
    var ignoresShutdown: Bool { get set }

    /// The reply in what the response to a successful command carries.
    func readReply(_ reply: AdminReply) throws(DecodingError) -> Reply

    /// What the response to a successful command with a reply carries.
    func writeReply(_ reply: Reply) -> AdminReply
}

extension AdminRequest {
    /// No offset.
    public var dataOffset: UInt32 {
        get { 0 }
        set {}
    }

    /// The number of bytes that are sent; a received one is compared with the data instead.
    public var dataLength: UInt32 {
        get { UInt32(clamping: requestData.count) }
        set {}
    }

    /// False.
    public var ignoresShutdown: Bool {
        get { false }
        set {}
    }

    /// The direction of the data.
    var direction: AdminOpcode.Direction { AdminOpcode(rawValue: opcodeByte).direction }

    /// The flags that say that data offset and length are valid, and to ignore a shutdown.
    ///
    /// Devices of NVMe-MI 1.1 and before look at the first two, later ones ignore them. Both are always set, also
    /// when the offset is 0: it is as valid as any other, and this is what the common tools send.
    fileprivate var flags: UInt8 {
        get { 0x03 | (ignoresShutdown ? AdminMessage.ignoreShutdown : 0) }
        set { ignoresShutdown = newValue & AdminMessage.ignoreShutdown != 0 }
    }

    /// Finds fields that do not fit and data lengths and offsets that no device accepts.
    public func validate() throws(ArgumentError) { try validateAdmin() }

    /// What `validate` does unless a command has more rules.
    @_semantics("optimize.sil.specialize.generic.never")
    func validateAdmin() throws(ArgumentError) {
        try validateFields()
        try AdminMessage.validate(declaration.name, offset: dataOffset, length: dataLength)
    }

    /// Reads the fields and the data of a request, and checks what NVMe-MI demands of all Admin commands.
    @_semantics("optimize.sil.specialize.generic.never")
    public init(request: Request) throws(RequestError) {
        try self.init(declared: request)
        try AdminMessage.check(request, declaration.name, direction)
    }

    /// The reply in a response that is known to answer this command.
    @_semantics("optimize.sil.specialize.generic.never")
    public func decode(_ response: Response) throws -> Reply {
        let reply = try decodeCompletion(response)
        if !reply.status.isSuccess {
            throw DeviceError(
                command: declaration,
                status: response.status,
                nvmeStatus: reply.status
            )
        }
        return try readReply(reply)
    }

    /// Everything that a response carries, also when the NVMe status is an error.
    ///
    /// More data than was asked for is an error: which of it is meant cannot be known.
    ///
    /// - Throws: `DeviceError` when NVMe-MI refused the message, `DecodingError` when the response is malformed.
    @_semantics("optimize.sil.specialize.generic.never")
    public func decodeCompletion(_ response: Response) throws -> AdminReply {
        try response.requireSuccess(of: declaration)
        return try AdminReply(
            response,
            to: declaration.name,
            length: direction == .toController ? 0 : Int(clamping: dataLength)
        )
    }

    /// A response to a successful command.
    public func encodeReply(_ reply: Reply, slot: CommandSlot) -> [UInt8] {
        encodeCompletion(writeReply(reply), slot: slot)
    }

    /// A response to a command that NVMe-MI accepted, with any NVMe status.
    public func encodeCompletion(_ reply: AdminReply, slot: CommandSlot) -> [UInt8] {
        reply.encode(slot: slot)
    }
}

extension AdminRequest where Reply == Void {
    /// Nothing; what the response carries is ignored.
    public func readReply(_ reply: AdminReply) throws(DecodingError) {}

    /// Nothing.
    public func writeReply(_ reply: Void) -> AdminReply { AdminReply() }
}

extension AdminRequest where Reply == AdminReply {
    /// All of it as it is.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> AdminReply { reply }

    /// All of it as it is.
    public func writeReply(_ reply: AdminReply) -> AdminReply { reply }
}

extension Layout where Structure: AdminRequest {
    /// The fields that all Admin commands have, followed by those of one.
    ///
    /// Submission queue entry dword `n` is at `dword(n)`.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    init(admin name: String, @LayoutBuilder<Structure> fields: () -> [FieldEntry]) {
        self.init(
            FieldTable(
                "\(name) request",
                size: AdminMessage.requestSize,
                Self.commonFields.map(\.entry) + fields()
            )
        )
    }

    /// Each command keeps these in its own way.
    @_semantics("optimize.sil.specialize.generic.never")
    private static var commonFields: [Field<Structure>] {
        [
            Field("command flags", at: 5, bits: 0...7, computed: \.flags),
            Field("controller identifier", at: 6, bits: 0...15, computed: \.controller),
            Field("data offset", at: 28, bits: 0...31, computed: \.dataOffset),
            Field("data length", at: 32, bits: 0...31, computed: \.dataLength),
        ]
    }
}

/// The offset of a submission queue entry dword in an Admin request: 1 to 5 or 10 to 15, the only ones on the wire.
@inline(__always)
func dword(_ number: Int) -> Int { 4 + 4 * number }
