/// The four bytes that start every MCTP packet (DSP0236, transport header).
public struct PacketHeader: Hashable, Sendable {
    /// Bytes of the header.
    public static let size = 4
    /// The only version of the header there is.
    static let version: UInt8 = 1

    /// Where the packet goes.
    public var destination: EndpointID
    /// Where it comes from.
    public var source: EndpointID
    /// Whether this is the first packet of its message.
    public var isStart: Bool
    /// Whether this is the last packet of its message.
    public var isEnd: Bool
    /// Place in the message, modulo 4.
    public var sequence: UInt8
    /// The message's tag.
    public var tag: MessageTag

    /// A header of its fields; only the low two bits of `sequence` count.
    public init(
        destination: EndpointID,
        source: EndpointID,
        isStart: Bool,
        isEnd: Bool,
        sequence: UInt8,
        tag: MessageTag
    ) {
        self.destination = destination
        self.source = source
        self.isStart = isStart
        self.isEnd = isEnd
        self.sequence = sequence & 0x03
        self.tag = tag
    }

    /// Reads the header at the start of a packet.
    ///
    /// - Parameter packet: The packet, header first.
    /// - Throws: ``PacketError`` when it is too short or of another version.
    public init(parsing packet: some Collection<UInt8>) throws(PacketError) {
        var bytes = packet.makeIterator()
        guard let first = bytes.next(), let destination = bytes.next(), let source = bytes.next(),
            let flags = bytes.next()
        else { throw .tooShort(length: packet.count) }
        // The high half of the first byte is reserved, so no reason to refuse a packet.
        guard first & 0x0F == Self.version else { throw .unknownVersion(first & 0x0F) }
        self.init(
            destination: EndpointID(destination),
            source: EndpointID(source),
            isStart: flags & 0x80 != 0,
            isEnd: flags & 0x40 != 0,
            sequence: flags >> 4,
            tag: MessageTag(flags, isOwner: flags & 0x08 != 0)
        )
    }

    /// The header as it goes over the wire.
    public var bytes: [UInt8] {
        var flags = sequence << 4 | tag.value
        if isStart { flags |= 0x80 }
        if isEnd { flags |= 0x40 }
        if tag.isOwner { flags |= 0x08 }
        return [Self.version, destination.rawValue, source.rawValue, flags]
    }
}
