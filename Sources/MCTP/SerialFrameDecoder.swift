/// Finds frames in the bytes of a serial line, however the line cuts them up.
///
/// Takes any bytes. After damage it goes on at the next flag, also at one inside what looked like a frame,
/// so that one damaged frame does not take the following ones along.
public struct SerialFrameDecoder: Sendable {
    /// Something found on the line.
    public enum Event: Hashable, Sendable {
        /// A whole frame with a correct checksum: its packet, header first.
        case packet([UInt8])
        /// A frame that is given up.
        case damaged(Damage)
    }

    /// Why a frame is given up.
    public enum Damage: Error, Hashable, Sendable {
        /// The first byte is not the revision of the binding.
        case unknownRevision(UInt8)
        /// The packet would be longer than the receiver takes.
        case tooLong(count: Int, limit: Int)
        /// A flag came before the packet was complete.
        case flagInside
        /// A byte that nothing can be escaped to.
        case unknownEscape(UInt8)
        /// The bytes are not those that were sent.
        case wrongChecksum(expected: UInt16, got: UInt16)
        /// The byte after the checksum is no flag.
        case noEndFlag(UInt8)
    }

    private enum State {
        /// Between frames, or lost.
        case searching
        case flagSeen
        case count
        case data
        case escaped
        case checksumHigh
        case checksumLow(high: UInt8)
        case end
    }

    private let maximumPacketLength: Int
    private var state = State.searching
    private var expectedCount = 0
    private var packet: [UInt8] = []
    private var checksum = FrameChecksum()

    /// Bytes that belonged to no frame.
    public private(set) var skippedBytes = 0

    /// A decoder that waits for a flag.
    ///
    /// - Parameter maximumPacketLength: Longest packet taken, in bytes with its header.
    public init(maximumPacketLength: Int = SerialFrame.maximumPacketLength) {
        self.maximumPacketLength = maximumPacketLength
    }

    /// Takes the next bytes of the line.
    ///
    /// - Parameter bytes: As many as there are.
    /// - Returns: What was found in them, in order.
    public mutating func receive(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes { take(byte, &events) }
        return events
    }

    private mutating func take(_ byte: UInt8, _ events: inout [Event]) {
        switch state {
        case .searching:
            if byte == SerialFrame.flag { state = .flagSeen } else { skippedBytes += 1 }
        case .flagSeen:
            // A flag after a flag: the first was the end of an earlier frame.
            guard byte != SerialFrame.flag else { return }
            guard byte == SerialFrame.revision else {
                return giveUp(.unknownRevision(byte), at: byte, &events)
            }
            checksum = FrameChecksum()
            checksum.add(byte)
            state = .count
        case .count:
            expectedCount = Int(byte)
            guard expectedCount <= maximumPacketLength else {
                return giveUp(
                    .tooLong(count: expectedCount, limit: maximumPacketLength),
                    at: byte,
                    &events
                )
            }
            checksum.add(byte)
            packet.removeAll(keepingCapacity: true)
            state = expectedCount == 0 ? .checksumHigh : .data
        case .data:
            switch byte {
            case SerialFrame.flag: giveUp(.flagInside, at: byte, &events)
            case SerialFrame.escape: state = .escaped
            default: add(byte)
            }
        case .escaped:
            let original = byte | SerialFrame.escapeBit
            guard byte != original, [SerialFrame.flag, SerialFrame.escape].contains(original) else {
                return giveUp(.unknownEscape(byte), at: byte, &events)
            }
            add(original)
        case .checksumHigh:
            state = .checksumLow(high: byte)
        case .checksumLow(let high):
            let got = UInt16(high) << 8 | UInt16(byte)
            guard got == checksum.value else {
                events.append(.damaged(.wrongChecksum(expected: checksum.value, got: got)))
                // When bytes were lost, these two are not the checksum but may be the flags after it.
                state = .searching
                take(high, &events)
                take(byte, &events)
                return
            }
            state = .end
        case .end:
            guard byte == SerialFrame.flag else {
                return giveUp(.noEndFlag(byte), at: byte, &events)
            }
            events.append(.packet(packet))
            // The flag may be the next frame's start as well.
            state = .flagSeen
        }
    }

    private mutating func add(_ byte: UInt8) {
        checksum.add(byte)
        packet.append(byte)
        state = packet.count == expectedCount ? .checksumHigh : .data
    }

    private mutating func giveUp(_ damage: Damage, at byte: UInt8, _ events: inout [Event]) {
        events.append(.damaged(damage))
        state = byte == SerialFrame.flag ? .flagSeen : .searching
    }
}
