/// Cuts a message into packets.
///
/// A sequence: each element is one packet, header and payload.
public struct Packetizer: Sequence, Sendable {
    private let message: [UInt8]
    private let transmissionUnit: Int
    private let source: EndpointID
    private let destination: EndpointID
    private let tag: MessageTag

    /// The payload of a packet that every endpoint understands.
    public static let baselineTransmissionUnit = 64

    /// Prepares to cut.
    ///
    /// - Parameters:
    ///   - message: The whole message, type byte first; an empty one gives no packets.
    ///   - source: Who sends it.
    ///   - destination: Who gets it.
    ///   - tag: The message's tag.
    ///   - transmissionUnit: Payload bytes in a packet, without the header, as NVMe-MI counts; the MTU of
    ///     a Linux interface or route is 4 more.
    public init(
        _ message: [UInt8],
        from source: EndpointID,
        to destination: EndpointID,
        tag: MessageTag,
        transmissionUnit: Int = baselineTransmissionUnit
    ) {
        self.message = message
        self.source = source
        self.destination = destination
        self.tag = tag
        self.transmissionUnit = Swift.max(1, transmissionUnit)
    }

    /// The packets in order.
    public struct Iterator: IteratorProtocol {
        private let packetizer: Packetizer
        private var offset = 0
        private var sequence: UInt8 = 0

        init(_ packetizer: Packetizer) {
            self.packetizer = packetizer
        }

        /// The next packet.
        public mutating func next() -> [UInt8]? {
            let left = packetizer.message.count - offset
            guard left > 0 else { return nil }
            let length = Swift.min(left, packetizer.transmissionUnit)
            let header = PacketHeader(
                destination: packetizer.destination,
                source: packetizer.source,
                isStart: offset == 0,
                isEnd: length == left,
                sequence: sequence,
                tag: packetizer.tag
            )
            let packet = header.bytes + packetizer.message[offset..<offset + length]
            offset += length
            sequence = (sequence + 1) & 0x03
            return packet
        }
    }

    /// The packets in order.
    public func makeIterator() -> Iterator {
        Iterator(self)
    }
}
