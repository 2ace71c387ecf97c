/// A response whose envelope is intact: header, status, and bytes that its command knows how to read.
public struct Response: Equatable, Sendable {
    /// Size in bytes of header, status and the three bytes whose meaning depends on the command.
    public static let headerSize = 8

    /// The message header.
    public let header: MessageHeader

    /// The status of the command.
    public let status: ManagementStatus

    /// All bytes from the type byte on, without the integrity check.
    public let bytes: [UInt8]

    /// The kind of the command it answers.
    public var category: MessageCategory { header.category }

    /// The slot of the command it answers.
    public var slot: CommandSlot { header.slot }

    /// Bytes 5 to 7 as a little-endian number of 24 bits: the NVMe-MI Management Response of successful commands.
    public var managementResponse: UInt32 {
        bytes[5..<Self.headerSize].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// What follows the first eight bytes.
    public var body: [UInt8] { Array(bytes.dropFirst(Self.headerSize)) }

    /// The announcement of a later response, nil when this one is final.
    public var moreProcessingRequired: MoreProcessingRequired? {
        status == .moreProcessingRequired
            ? MoreProcessingRequired(time: UInt16(truncatingIfNeeded: managementResponse >> 8))
            : nil
    }

    /// The refused field, nil unless the status is Invalid Parameter and the endpoint says where.
    public var parameterErrorLocation: ParameterErrorLocation? {
        guard status == .invalidParameter else { return nil }
        let location = ParameterErrorLocation(response: managementResponse)
        return location.isUnspecified ? nil : location
    }

    /// Reads a whole message from the type byte through the integrity check.
    ///
    /// More Processing Required may have a full Admin response header behind it, as some devices send it;
    /// other responses with an error may have any number of bytes behind the header, which are ignored.
    public static func parse(_ message: [UInt8]) throws(EnvelopeError) -> Response {
        let (header, bytes) = try Envelope.open(message, minimum: headerSize)
        guard header.isResponse else { throw .notAResponse }
        let response = Response(
            header: header,
            status: ManagementStatus(rawValue: bytes[4]),
            bytes: bytes
        )
        if response.status == .moreProcessingRequired, bytes.count != headerSize,
            header.category != .admin || bytes.count != AdminReply.headerSize
        {
            throw .unexpectedMoreProcessingRequiredLength(got: message.count)
        }
        return response
    }

    /// Stops with the device's answer when the status is not Success.
    func requireSuccess(of command: CommandDeclaration) throws(DeviceError) {
        if status != .success {
            throw DeviceError(
                command: command,
                status: status,
                parameterErrorLocation: parameterErrorLocation
            )
        }
    }
}

extension Response {
    /// The whole message of a response, type byte through integrity check.
    public static func encode(
        category: MessageCategory,
        slot: CommandSlot,
        status: ManagementStatus = .success,
        managementResponse: UInt32 = 0,
        body: [UInt8] = []
    ) -> [UInt8] {
        var writer = ByteWriter(
            capacity: headerSize + body.count + MessageIntegrityCheck.size
        )
        writer.append(MessageHeader(category: category, slot: slot, isResponse: true).bytes)
        writer.append(UInt32(status.rawValue) | managementResponse << 8)
        writer.append(body)
        return Envelope.seal(writer)
    }

    /// The whole message of a refusal to carry out a request.
    ///
    /// The response to a control primitive repeats its tag instead of saying where a parameter error is.
    public static func encode(
        refusing request: Request,
        status: ManagementStatus,
        at location: ParameterErrorLocation? = nil
    ) -> [UInt8] {
        let tag = request.category == .controlPrimitive ? request.bytes.dropFirst(5).first : nil
        return encode(
            category: request.category,
            slot: request.slot,
            status: status,
            managementResponse: tag.map { UInt32($0) } ?? location?.response ?? 0
        )
    }

    /// The whole message of a refusal to carry out a request.
    public static func encode(refusing request: Request, _ error: RequestError) -> [UInt8] {
        encode(refusing: request, status: error.status, at: error.parameterErrorLocation)
    }

    /// The whole message that announces a later response to a request.
    public static func encode(
        _ announcement: MoreProcessingRequired,
        to request: Request
    ) -> [UInt8] {
        encode(
            category: request.category,
            slot: request.slot,
            status: .moreProcessingRequired,
            managementResponse: UInt32(announcement.time) << 8
        )
    }
}
