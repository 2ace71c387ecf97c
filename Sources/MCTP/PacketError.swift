/// Why a packet is no packet, or does not fit the message that it claims to belong to.
public enum PacketError: Error, Hashable, Sendable {
    /// No room for the header and at least one byte of message.
    case tooShort(length: Int)
    /// The header is of a version that nobody knows.
    case unknownVersion(UInt8)
    /// Not a first packet, and no message is under way that it could continue.
    case noStart
    /// A packet of the message was lost or came twice.
    case wrongSequence(expected: UInt8, got: UInt8)
    /// A packet inside the message is not as long as the first one, or the last one is longer.
    case wrongLength(expected: Int, got: Int)
    /// The message would be longer than the receiver takes.
    case messageTooLong(limit: Int)
}
