/// A request whose envelope is intact, as a device receives it.
public struct Request: Equatable, Sendable {
    /// The message header.
    public let header: MessageHeader

    /// All bytes from the type byte on, without the integrity check.
    public let bytes: [UInt8]

    /// The kind of the request.
    public var category: MessageCategory { header.category }

    /// The slot that the request is for.
    public var slot: CommandSlot { header.slot }

    /// The opcode, nil when the message ends before it.
    public var opcode: UInt8? { bytes.count > 4 ? bytes[4] : nil }

    /// Reads a whole message from the type byte through the integrity check.
    ///
    /// Only the four bytes of the header must be there: what else the category demands is for the command to check,
    /// because a device answers a request that is too short.
    public static func parse(_ message: [UInt8]) throws(EnvelopeError) -> Request {
        let (header, bytes) = try Envelope.open(message, minimum: MessageHeader.size)
        if header.isResponse { throw .notARequest }
        return Request(header: header, bytes: bytes)
    }
}
