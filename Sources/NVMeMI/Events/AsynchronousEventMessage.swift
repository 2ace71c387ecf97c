/// Asynchronous Event Message (NMIMT 5): events that an endpoint reports on its own.
///
/// It is a request in the sense of MCTP and has no response. The endpoint repeats it until it is acknowledged by a
/// Configuration Set of the asynchronous events with an empty list.
public struct AsynchronousEventMessage: Equatable, Sendable {
    /// The events.
    public var occurrences: AsynchronousEventOccurrences

    /// A message with events.
    public init(_ occurrences: AsynchronousEventOccurrences) { self.occurrences = occurrences }

    /// Reads a whole message from the type byte through the integrity check.
    ///
    /// - Throws: `EnvelopeError` when it is not such a message, `DecodingError` when the list in it is malformed.
    public static func parse(_ message: [UInt8]) throws -> AsynchronousEventMessage {
        let (header, bytes) = try Envelope.open(message, minimum: MessageHeader.size)
        guard !header.isResponse, header.category == .asynchronousEvent else {
            throw EnvelopeError.notAnEvent
        }
        return AsynchronousEventMessage(
            try AsynchronousEventOccurrences(data: Array(bytes.dropFirst(MessageHeader.size)))
        )
    }

    /// The whole message, type byte through integrity check.
    public func encode() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(MessageHeader(category: .asynchronousEvent, slot: .zero).bytes)
        writer.append(occurrences.data)
        return Envelope.seal(writer)
    }
}
