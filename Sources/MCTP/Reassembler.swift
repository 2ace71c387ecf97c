/// Puts messages together from packets in the order of their arrival.
///
/// Takes any bytes: what does not fit is dropped with a reason. Memory is bounded by the limits given at
/// the start; when more messages are under way than allowed, the one that has waited longest is given up.
public struct Reassembler: Sendable {
    /// What a packet led to.
    public enum Outcome: Hashable, Sendable {
        /// The message is not complete yet.
        case incomplete
        /// The packet was the last of this message.
        case message(ReassembledMessage)
        /// The packet is dropped, and the message it belongs to with it.
        case dropped(PacketError)
    }

    private struct Key: Hashable {
        let source: EndpointID
        let destination: EndpointID
        let tag: MessageTag
    }

    private struct Partial {
        var bytes: [UInt8]
        /// Payload of the first packet, which all but the last have to have.
        let unit: Int
        var nextSequence: UInt8
        /// When it was last added to, in packets since the start.
        var age: UInt64
    }

    private let maximumMessageLength: Int
    private let maximumPartialMessages: Int
    private var partials: [Key: Partial] = [:]
    private var packets: UInt64 = 0

    /// Messages given up because their first packet came again or too many were under way.
    public private(set) var abandonedMessages = 0

    /// A reassembler without messages.
    ///
    /// - Parameters:
    ///   - maximumMessageLength: Longest message taken, in bytes with the type byte; Linux takes 64 KiB.
    ///   - maximumPartialMessages: Messages that may be incomplete at the same time.
    public init(maximumMessageLength: Int = 65536, maximumPartialMessages: Int = 16) {
        self.maximumMessageLength = maximumMessageLength
        self.maximumPartialMessages = max(1, maximumPartialMessages)
    }

    /// Takes the next packet.
    ///
    /// - Parameter packet: The packet, header first.
    /// - Returns: What it led to.
    public mutating func receive(_ packet: [UInt8]) -> Outcome {
        do throws(PacketError) {
            return try take(packet)
        } catch {
            return .dropped(error)
        }
    }

    private mutating func take(_ packet: [UInt8]) throws(PacketError) -> Outcome {
        let header = try PacketHeader(parsing: packet)
        let payload = packet.dropFirst(PacketHeader.size)
        guard !payload.isEmpty else { throw .tooShort(length: packet.count) }
        packets &+= 1
        let key = Key(source: header.source, destination: header.destination, tag: header.tag)

        // Taken out, so that a packet that does not fit ends the message, and added to in place.
        let earlier = partials.removeValue(forKey: key)
        if header.isStart {
            if earlier != nil { abandonedMessages += 1 }
            guard payload.count <= maximumMessageLength else {
                throw .messageTooLong(limit: maximumMessageLength)
            }
            return finishOrKeep(
                Partial(
                    bytes: Array(payload),
                    unit: payload.count,
                    nextSequence: (header.sequence + 1) & 0x03,
                    age: packets
                ),
                key,
                isEnd: header.isEnd
            )
        }
        guard var partial = earlier else { throw .noStart }
        guard header.sequence == partial.nextSequence else {
            throw .wrongSequence(expected: partial.nextSequence, got: header.sequence)
        }
        guard header.isEnd ? payload.count <= partial.unit : payload.count == partial.unit else {
            throw .wrongLength(expected: partial.unit, got: payload.count)
        }
        guard payload.count <= maximumMessageLength - partial.bytes.count else {
            throw .messageTooLong(limit: maximumMessageLength)
        }
        partial.bytes.append(contentsOf: payload)
        partial.nextSequence = (header.sequence + 1) & 0x03
        partial.age = packets
        return finishOrKeep(partial, key, isEnd: header.isEnd)
    }

    private mutating func finishOrKeep(
        _ partial: Partial,
        _ key: Key,
        isEnd: Bool
    ) -> Outcome {
        guard !isEnd else {
            return .message(
                ReassembledMessage(
                    source: key.source,
                    destination: key.destination,
                    tag: key.tag,
                    bytes: partial.bytes
                )
            )
        }
        if partials.count >= maximumPartialMessages,
            let oldest = partials.min(by: { $0.value.age < $1.value.age })
        {
            partials[oldest.key] = nil
            abandonedMessages += 1
        }
        partials[key] = partial
        return .incomplete
    }
}
