internal import NVMeMI

/// Whole messages that are put together from bytes, for answers that no declared command gives.
enum ResponseMessage {
    /// Appends the integrity check.
    static func seal(_ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(capacity: bytes.count + MessageIntegrityCheck.size)
        writer.append(bytes)
        writer.append(MessageIntegrityCheck.compute(bytes))
        return writer.bytes
    }

    /// The bytes before the integrity check.
    static func open(_ message: [UInt8]) -> [UInt8] {
        Array(message.dropLast(MessageIntegrityCheck.size))
    }
}
