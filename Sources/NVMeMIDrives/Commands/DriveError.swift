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
