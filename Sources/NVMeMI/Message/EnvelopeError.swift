/// Bytes that are not a whole NVMe-MI message of the wanted direction; nothing in them can be believed.
public enum EnvelopeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Fewer bytes than the smallest message of the kind.
    case tooShort(expected: Int, got: Int)
    /// More bytes than NVMe-MI allows in a message.
    case tooLong(maximum: Int, got: Int)
    /// The first byte is not that of an NVMe-MI message with an integrity check.
    case wrongMessageType(got: UInt8)
    /// The check computed over the bytes (`expected`) is not the one at their end (`got`): they were damaged or cut.
    case badMessageIntegrityCheck(expected: UInt32, got: UInt32)
    /// A request or event where a response was wanted.
    case notAResponse
    /// A response where a request was wanted.
    case notARequest
    /// A command or response where an asynchronous event message was wanted.
    case notAnEvent
    /// A More Processing Required response that is neither 12 nor, for Admin commands, 24 bytes long.
    case unexpectedMoreProcessingRequiredLength(got: Int)

    /// One sentence with what was expected and what came.
    public var description: String {
        switch self {
        case .tooShort(let expected, let got):
            "message too short: expected at least \(byteCount(expected)), got \(got)"
        case .tooLong(let maximum, let got):
            "message too long: expected at most \(byteCount(maximum)), got \(got)"
        case .wrongMessageType(let got):
            "wrong message type: expected \(MessageHeader.messageType.hexadecimal()), "
                + "got \(got.hexadecimal())"
                + (got == MessageHeader.messageType & 0x7F ? " (no message integrity check)" : "")
        case .badMessageIntegrityCheck(let expected, let got):
            "bad message integrity check: expected \(expected.hexadecimal()), "
                + "got \(got.hexadecimal())"
        case .notAResponse:
            "expected a response, got a request or event"
        case .notARequest:
            "expected a request, got a response"
        case .notAnEvent:
            "expected an asynchronous event message, got another"
        case .unexpectedMoreProcessingRequiredLength(let got):
            "More Processing Required response of unexpected length: expected 12 bytes "
                + "(or 24 for an Admin command), got \(got)"
        }
    }
}
