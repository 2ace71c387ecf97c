/// What surrounds every message: type byte, header and integrity check.
enum Envelope {
    /// The greatest message with header and integrity check that NVMe-MI allows: 4 KiB and 128 bytes.
    static let maximumMessageSize = 4224

    /// Checks a received message and takes off its integrity check.
    ///
    /// - Parameters:
    ///   - message: All bytes from the type byte on.
    ///   - minimum: The least number of bytes before the integrity check.
    static func open(
        _ message: [UInt8],
        minimum: Int
    ) throws(EnvelopeError) -> (header: MessageHeader, bytes: [UInt8]) {
        if message.count < minimum + MessageIntegrityCheck.size {
            throw .tooShort(
                expected: minimum + MessageIntegrityCheck.size,
                got: message.count
            )
        }
        if message.count > maximumMessageSize {
            throw .tooLong(maximum: maximumMessageSize, got: message.count)
        }
        guard message[0] == MessageHeader.messageType else {
            throw .wrongMessageType(got: message[0])
        }
        let bytes = Array(message.dropLast(MessageIntegrityCheck.size))
        let got = message.suffix(MessageIntegrityCheck.size).reversed().reduce(0) {
            $0 << 8 | UInt32($1)
        }
        let expected = MessageIntegrityCheck.compute(bytes)
        if expected != got {
            throw .badMessageIntegrityCheck(expected: expected, got: got)
        }
        return (MessageHeader(flags: bytes[1], moreFlags: bytes[2]), bytes)
    }

    /// Appends the integrity check to a message.
    static func seal(_ writer: ByteWriter) -> [UInt8] {
        var writer = writer
        writer.append(MessageIntegrityCheck.compute(writer.bytes))
        return writer.bytes
    }
}
