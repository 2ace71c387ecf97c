/// Sizes and limits of Admin commands over NVMe-MI.
public enum AdminMessage {
    /// Request in bytes without data and integrity check.
    static let requestSize = 68

    /// Offset of the flags in a request.
    static let flagsOffset = 5

    /// The flag that has a command carried out also when the subsystem is shut down.
    static let ignoreShutdown: UInt8 = 0x04

    /// The greatest number of data bytes in one command.
    public static let maximumDataLength: UInt32 = 4096

    private static let lengths = "a multiple of 4, at most \(maximumDataLength)"
    private static let offsets = "a multiple of 4"

    /// Refuses to send a data offset or length that no device accepts.
    static func validate(
        _ command: String,
        offset: UInt32,
        length: UInt32
    ) throws(ArgumentError) {
        if !isValid(length: length) {
            throw ArgumentError(
                command: command,
                field: "data length",
                expected: lengths,
                got: "\(length)"
            )
        }
        if offset % 4 != 0 {
            throw ArgumentError(
                command: command,
                field: "data offset",
                expected: offsets,
                got: "\(offset)"
            )
        }
    }

    /// Refuses a received data offset or length that is not allowed, and data of another length.
    static func check(
        _ request: Request,
        _ command: String,
        _ direction: AdminOpcode.Direction
    ) throws(RequestError) {
        let (offset, length) = try dataFields(of: request)
        if !isValid(length: length) {
            throw invalid("\(command): data length: expected \(lengths), got \(length)", at: 32)
        }
        if offset % 4 != 0 {
            throw invalid("\(command): data offset: expected \(offsets), got \(offset)", at: 28)
        }
        let received = request.bytes.count - requestSize
        let expected = direction == .toController ? length : 0
        if received != Int(clamping: expected) {
            throw RequestError(
                status: .invalidCommandInputDataSize,
                reason: "\(command): expected \(expected) bytes of data, got \(received)"
            )
        }
    }

    private static func isValid(length: UInt32) -> Bool {
        length <= maximumDataLength && length % 4 == 0
    }

    /// Data offset and length of a request, which not every command keeps.
    private static func dataFields(
        of request: Request
    ) throws(RequestError) -> (offset: UInt32, length: UInt32) {
        do throws(DecodingError) {
            let reader = ByteReader(request.bytes, subject: "Admin command")
            return (
                try reader.integer(UInt32.self, at: 28, "data offset"),
                try reader.integer(UInt32.self, at: 32, "data length")
            )
        } catch {
            throw RequestError(status: .invalidCommandSize, reason: error.description)
        }
    }

    private static func invalid(_ reason: String, at byte: UInt16) -> RequestError {
        RequestError(
            status: .invalidParameter,
            parameterErrorLocation: ParameterErrorLocation(byte: byte),
            reason: reason
        )
    }
}
