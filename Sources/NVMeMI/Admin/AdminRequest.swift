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

/// Sizes and limits of Admin commands over NVMe-MI.
public enum AdminMessage {
    /// Request in bytes without data and integrity check.
    static let requestSize = 68

    /// The greatest number of data bytes in one command.
    public static let maximumDataLength: UInt32 = 4096
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
        get { 0x03 | (ignoresShutdown ? 0x04 : 0) }
        set { ignoresShutdown = newValue & 0x04 != 0 }
    }

    /// Finds fields that do not fit and data lengths and offsets that no device accepts.
    public func validate() throws(ArgumentError) { try validateAdmin() }

    /// What `validate` does unless a command has more rules.
    func validateAdmin() throws(ArgumentError) {
        try validateFields()
        if dataLength > AdminMessage.maximumDataLength || dataLength % 4 != 0 {
            throw ArgumentError(
                command: declaration.name,
                field: "data length",
                expected: "a multiple of 4, at most \(AdminMessage.maximumDataLength)",
                got: "\(dataLength)"
            )
        }
        if dataOffset % 4 != 0 {
            throw ArgumentError(
                command: declaration.name,
                field: "data offset",
                expected: "a multiple of 4",
                got: "\(dataOffset)"
            )
        }
    }

    /// Reads the fields and the data of a request, and checks what NVMe-MI demands of all Admin commands.
    public init(request: Request) throws(RequestError) {
        try self.init(declared: request)
        let (offset, length) = try Self.dataFields(of: request)
        if length > AdminMessage.maximumDataLength || length % 4 != 0 {
            throw Self.invalid("data length", length, at: 32)
        }
        if offset % 4 != 0 { throw Self.invalid("data offset", offset, at: 28) }
        let received = request.bytes.count - AdminMessage.requestSize
        let expected = direction == .toController ? length : 0
        if received != Int(clamping: expected) {
            throw RequestError(
                status: .invalidCommandInputDataSize,
                reason: "\(declaration.name): expected \(expected) bytes of data, got \(received)"
            )
        }
    }

    /// Data offset and length of a request, which not every command keeps.
    private static func dataFields(
        of request: Request
    ) throws(RequestError) -> (offset: UInt32, length: UInt32) {
        do throws(DecodingError) {
            let reader = ByteReader(request.bytes, subject: "Admin command")
            return (
                try reader.integer(UInt32.self, at: 28, "data offset"),
                try reader.integer(UInt32.self, at: 32, "data length")
            )
        } catch {
            throw RequestError(status: .invalidCommandSize, reason: error.description)
        }
    }

    private static func invalid(_ field: String, _ got: UInt32, at byte: UInt16) -> RequestError {
        RequestError(
            status: .invalidParameter,
            parameterErrorLocation: ParameterErrorLocation(byte: byte),
            reason: "\(declaration.name): \(field): expected a multiple of 4, at most "
                + "\(AdminMessage.maximumDataLength) for a length, got \(got)"
        )
    }

    /// The reply in a response that is known to answer this command.
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
    /// More data than was asked for is cut to the length, as long as it was asked for from the start; otherwise it
    /// cannot be known which of it is meant.
    ///
    /// - Throws: `DeviceError` when NVMe-MI refused the message, `DecodingError` when the response is malformed.
    public func decodeCompletion(_ response: Response) throws -> AdminReply {
        try response.requireSuccess(of: declaration)
        var reader = ByteReader(response.bytes, subject: "\(declaration.name) response")
        try reader.skip(Response.headerSize, "header")
        let result = try reader.read(UInt32.self, "completion queue entry dword 0")
        let result1 = try reader.read(UInt32.self, "completion queue entry dword 1")
        let status = NVMeStatus(
            completionDword3: try reader.read(UInt32.self, "completion queue entry dword 3")
        )
        let length = direction == .toController ? 0 : Int(clamping: dataLength)
        if reader.remaining > length, dataOffset != 0 {
            throw DecodingError(
                subject: reader.subject,
                field: "data",
                offset: AdminReply.headerSize,
                expected: "at most \(byteCount(length))",
                got: byteCount(reader.remaining)
            )
        }
        return AdminReply(
            result: result,
            result1: result1,
            status: status,
            data: Array(reader.readRemaining().prefix(length))
        )
    }

    /// A response to a successful command.
    public func encodeReply(_ reply: Reply, slot: CommandSlot) -> [UInt8] {
        encodeCompletion(writeReply(reply), slot: slot)
    }

    /// A response to a command that NVMe-MI accepted, with any NVMe status.
    public func encodeCompletion(_ reply: AdminReply, slot: CommandSlot) -> [UInt8] {
        var writer = ByteWriter(capacity: AdminReply.headerSize + reply.data.count)
        writer.append(reply.result)
        writer.append(reply.result1)
        writer.append(reply.status.completionDword3)
        writer.append(reply.data)
        return Response.encode(category: .admin, slot: slot, body: writer.bytes)
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
    init(admin name: String, @LayoutBuilder<Structure> fields: () -> [Field<Structure>]) {
        let fields = fields()
        self.init("\(name) request", size: AdminMessage.requestSize) {
            Field("command flags", at: 5, \.flags)
            Field("controller identifier", at: 6, \.controller)
            Field("data offset", at: 28, \.dataOffset)
            Field("data length", at: 32, \.dataLength)
            fields
        }
    }
}

/// The offset of a submission queue entry dword in an Admin request: 1 to 5 or 10 to 15, the only ones on the wire.
func dword(_ number: Int) -> Int { 4 + 4 * number }
