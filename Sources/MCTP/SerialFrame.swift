/// The frame that carries a packet over a serial line (DSP0253), as Linux speaks it.
public enum SerialFrame {
    /// Starts and ends a frame.
    static let flag: UInt8 = 0x7E
    /// Says that the next byte stands for one that would look like a flag.
    static let escape: UInt8 = 0x7D
    /// The bit that an escaped byte lacks.
    static let escapeBit: UInt8 = 0x20
    /// The binding's revision.
    static let revision: UInt8 = 0x01

    /// The longest packet that the byte count can express.
    public static let maximumPacketLength = 255

    /// Frames a packet.
    ///
    /// - Parameter packet: The packet, header first.
    /// - Returns: The frame with both flags; nil for a packet longer than ``maximumPacketLength``.
    public static func encode(_ packet: [UInt8]) -> [UInt8]? {
        guard let count = UInt8(exactly: packet.count) else { return nil }
        var checksum = FrameChecksum()
        checksum.add(revision)
        checksum.add(count)
        var frame: [UInt8] = [flag, revision, count]
        frame.reserveCapacity(packet.count + 8)
        for byte in packet {
            checksum.add(byte)
            if byte == flag || byte == escape {
                frame.append(escape)
                frame.append(byte & ~escapeBit)
            } else {
                frame.append(byte)
            }
        }
        // The line discipline of Linux neither escapes the checksum nor expects it to be.
        frame.append(UInt8(truncatingIfNeeded: checksum.value >> 8))
        frame.append(UInt8(truncatingIfNeeded: checksum.value))
        frame.append(flag)
        return frame
    }
}
