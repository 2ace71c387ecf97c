public import MCTP
public import NVMeMIClient

/// Why the model does not do what it was asked for.
public enum DriveError: Error, Sendable {
    /// What was asked for cannot be; nothing was sent. The text says what can.
    case argument(String)
    /// It would do harm now.
    case notAllowed(String)
    /// The drive has said before that it cannot do it; nothing was sent.
    case unsupported(String)
    /// The endpoint is known to be out of reach.
    case unavailable(EndpointAddress, reason: String)
    /// A command failed.
    case command(CommandFailure)
    /// The directory of endpoints did not do its part.
    case directory(EndpointAddress, DirectoryError)
    /// No endpoint of the drive can be reached.
    case noEndpoint(drive: String, reason: String)
    /// It was done, and what came of it is not what was asked for.
    case failed(String)
    /// Somebody wanted it to end before its time.
    case interrupted(String)
    /// There is no room for it now.
    case tooMany(String)
}

extension DriveError {
    /// The failure in words.
    public var words: String {
        switch self {
        case .argument(let text), .notAllowed(let text), .unsupported(let text), .failed(let text),
            .interrupted(let text), .tooMany(let text):
            text
        case .unavailable(let address, let reason): "endpoint \(address) is unavailable: \(reason)"
        case .command(let failure):
            "\(failure.command) to \(failure.address): \(failure.error.words)"
        case .directory(let address, let error): "mctpd, asked for \(address): \(error.message)"
        case .noEndpoint(let drive, let reason): "drive \(drive) cannot be reached: \(reason)"
        }
    }

    /// Whether it tells of nothing but that somebody wanted something to end.
    var isInterruption: Bool {
        switch self {
        case .interrupted: return true
        case .command(let failure):
            guard case .cancelled = failure.error else { return false }
            return true
        default: return false
        }
    }
}

/// A command that failed.
public struct CommandFailure: Sendable {
    /// The command's name.
    public let command: String
    /// Whom it was for.
    public let address: EndpointAddress
    /// Whether it was to change something.
    public let isWriting: Bool
    /// Why it failed.
    public let error: SessionError

    /// A failure of its parts.
    public init(
        of command: String,
        to address: EndpointAddress,
        isWriting: Bool = false,
        _ error: SessionError
    ) {
        self.command = command
        self.address = address
        self.isWriting = isWriting
        self.error = error
    }
}
