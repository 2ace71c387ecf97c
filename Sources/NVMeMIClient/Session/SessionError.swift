public import MCTP
public import NVMeMI

/// Why a command has no reply.
public enum SessionError: Error, Sendable {
    /// The command cannot be sent as it is.
    case argument(ArgumentError)
    /// Too many commands wait for this endpoint already.
    case queueFull(limit: Int, ofOneSender: Bool)
    /// The time limit passed without an answer.
    case timedOut(TimeoutReport)
    /// The message could not be sent, or the transport broke.
    case transport(TransportError)
    /// The answer's envelope was wrong: too short, a bad Message Integrity Check, no response at all.
    case envelope(EnvelopeError)
    /// A response that belongs to something else than the command that was sent.
    case mismatch(String)
    /// The answer's content did not fit its command.
    case decoding(DecodingError)
    /// The drive refused the command or reported an error.
    case device(DeviceError)
    /// The drive had finished the command, but its answer never came; it may have been carried out.
    /// The note says what came instead, if anything did.
    case answerLost(note: String?)
    /// The caller gave up.
    case cancelled
    /// The session was closed or suspended: the endpoint was removed or is out of reach, or the daemon
    /// ends.
    case closed(reason: String)
}

/// What a failed command says of its endpoint.
public enum Evidence: Sendable {
    /// It answered, be it with an error or with nonsense.
    case answered
    /// It is there, and busy with this command or another.
    case busy
    /// It was asked, and nothing came.
    case silent
    /// The carrier has troubles of its own.
    case carrier
    /// Nothing: it was not asked.
    case none
}

extension SessionError {
    /// What the error says of the endpoint.
    public var evidence: Evidence {
        switch self {
        case .envelope, .mismatch, .decoding, .device, .answerLost: .answered
        case .timedOut(let report):
            switch report.phase {
            case .queue, .rest, .tag: .none
            case .sending: .carrier
            case .busy, .answeringOtherwise: .busy
            case .recovery, .answer, .moreProcessing: .silent
            }
        case .transport(let error):
            switch error.kind {
            case .unreachable, .timedOut: .silent
            case .closed, .cancelled, .tagsExhausted: .none
            default: .carrier
            }
        case .argument, .queueFull, .cancelled, .closed: .none
        }
    }
}

/// Where a command was when its time limit passed.
public struct TimeoutReport: Equatable, Sendable {
    /// What the command waited for.
    public enum Phase: String, Sendable {
        /// A free command slot.
        case queue = "waiting for other commands to this endpoint"
        /// Its slot to be idle again after an earlier command that was never answered.
        case recovery = "waiting for the slot of an earlier, unanswered command"
        /// The same, for a drive that cannot be asked.
        case rest = "waiting until the slot of an earlier, unanswered command can be used again"
        /// The same, while the drive says that it still works on that command, or answers otherwise.
        case busy = "waiting for the drive to end an earlier command"
        /// A tag for the message, those of the endpoint being in use.
        case tag = "waiting for a message tag"
        /// A route or room for the message.
        case sending = "waiting for the carrier to take the message"
        /// The answer.
        case answer = "waiting for the answer"
        /// The answer, while the drive answers control primitives.
        case answeringOtherwise = "waiting for the answer, while the drive answers other questions"
        /// The answer, after the drive had asked for more time.
        case moreProcessing = "waiting for the answer after More Processing Required"
    }

    /// What it waited for.
    public var phase: Phase
    /// The whole time limit.
    public var limit: Duration
    /// What was seen meanwhile, in words; nil when nothing was.
    public var note: String?
}

extension SessionError {
    /// The error of a reply that could not be decoded.
    public init(decodingFailure error: any Error) {
        switch error {
        case let error as DeviceError: self = .device(error)
        case let error as DecodingError: self = .decoding(error)
        case let error as SessionError: self = error
        default: self = .mismatch("\(error)")
        }
    }

    /// Whether the same command, sent again, can be expected to be answered.
    var isCuredByRepetition: Bool {
        switch self {
        case .answerLost: true
        case .envelope(let error): error.isIntegrityError
        default: false
        }
    }
}

extension EnvelopeError {
    /// Whether the bytes were damaged on their way.
    var isIntegrityError: Bool {
        if case .badMessageIntegrityCheck = self { true } else { false }
    }
}
