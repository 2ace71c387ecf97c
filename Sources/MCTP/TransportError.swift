public import EventLoop
internal import Glibc

/// A message could not be carried to an endpoint, or no answer came.
public struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is: what a caller decides by.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No way leads to the endpoint.
        case unreachable
        /// All tags towards the endpoint are in use.
        case tagsExhausted
        /// The process may not do that.
        case permission
        /// The kernel, or the carrier, cannot do that.
        case unsupported
        /// The message is too long, going out or coming in.
        case messageSize
        /// The interface, or the connection to the daemon that owns it, is down.
        case linkDown
        /// Memory or buffers are short.
        case resources
        /// The kernel found the request itself wrong.
        case invalidRequest
        /// The exchange or the transport is closed.
        case closed
        /// No answer came in time.
        case timedOut
        /// The task that waited was cancelled.
        case cancelled
        /// Bytes arrived, or were to be sent, that are no message of this exchange.
        case protocolViolation
        /// Something that this list does not foresee.
        case other
    }

    /// What was attempted.
    public let operation: String
    /// What kind of failure it is.
    public let kind: Kind
    /// Why the kernel refused, if it did.
    public let errno: Errno?
    /// Whom it was about, if one endpoint.
    public let endpoint: EndpointAddress?

    /// An error of its parts.
    public init(
        operation: String,
        kind: Kind,
        errno: Errno? = nil,
        endpoint: EndpointAddress? = nil
    ) {
        self.operation = operation
        self.kind = kind
        self.errno = errno
        self.endpoint = endpoint
    }

    /// What happened: operation, endpoint, and the kernel's reason or the kind.
    public var description: String {
        let place = endpoint.map { ", \($0)" } ?? ""
        return "\(operation)\(place): \(errno.map(\.description) ?? kind.text)"
    }

    /// What somebody can do about it, in one sentence.
    public var advice: String {
        switch (kind, errno?.rawValue) {
        case (.unreachable, ENODEV):
            "The MCTP interface is gone: see whether the drive and its bus are still there."
        case (.unreachable, _):
            "See that the interface is up and has a local endpoint ID (mctp addr), that a route leads to "
                + "the endpoint (mctp route), and that mctpd still knows it."
        case (.tagsExhausted, _):
            "All 8 message tags towards the endpoint are taken, also by other programs: wait for the "
                + "commands under way, or end the program that holds the tags."
        case (.permission, _):
            "Run the daemon as root or give it CAP_NET_RAW."
        case (.unsupported, EAFNOSUPPORT):
            "The kernel has no MCTP: use one with CONFIG_MCTP, or the demux transport."
        case (.unsupported, _):
            "This carrier cannot do that: use another transport or a newer kernel."
        case (.messageSize, _):
            "Use shorter transfers: less data in one command."
        case (.linkDown, ENETDOWN):
            "Bring the interface up: mctp link set DEVICE up."
        case (.linkDown, _):
            "See that mctp-demux-daemon runs and that its socket is the configured one; "
                + "the connection is tried again by itself."
        case (.resources, _):
            "Try again; if it stays, see what uses up the machine's memory or the socket's buffer."
        case (.invalidRequest, ENOENT):
            "The kernel does not know the tag any more: try the command again."
        case (.invalidRequest, EADDRINUSE):
            "Another program receives this message type: end it, or give it another network."
        case (.invalidRequest, _):
            "The kernel understands the request differently from this program: report this with the "
                + "kernel's version."
        case (.closed, _):
            "Begin anew: the exchange or the daemon was ended meanwhile."
        case (.timedOut, _):
            "See that the drive has power and is not in reset; raise timeout-ms for commands that take long."
        case (.cancelled, _):
            "The caller gave up; nothing is wrong with the endpoint."
        case (.protocolViolation, _):
            "Something else than this endpoint's answer arrived: look at the statistics, and for other "
                + "programs that use the same endpoint."
        case (.other, _):
            "Look the error up in the kernel's documentation of AF_MCTP, and report it."
        }
    }
}

extension TransportError.Kind {
    /// The kind in words.
    var text: String {
        switch self {
        case .unreachable: "no way leads to the endpoint"
        case .tagsExhausted: "all message tags are in use"
        case .permission: "not permitted"
        case .unsupported: "not supported"
        case .messageSize: "the message is too long"
        case .linkDown: "not connected"
        case .resources: "memory or buffers are short"
        case .invalidRequest: "the request is invalid"
        case .closed: "closed"
        case .timedOut: "no answer in time"
        case .cancelled: "cancelled"
        case .protocolViolation: "not a message of this exchange"
        case .other: "failed"
        }
    }

    /// The kind of what the kernel says of an AF_MCTP socket.
    init(kernel errno: Errno) {
        self =
            switch errno.rawValue {
            case EHOSTUNREACH, ENETUNREACH, ENODEV: .unreachable
            case EBUSY: .tagsExhausted
            case EACCES, EPERM: .permission
            case EAFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EOPNOTSUPP, ENOTTY: .unsupported
            case EMSGSIZE: .messageSize
            case ENETDOWN: .linkDown
            case ENOBUFS, ENOMEM, EAGAIN, EMFILE, ENFILE: .resources
            case EINVAL, ENOENT, EDESTADDRREQ, EADDRINUSE: .invalidRequest
            default: .other
            }
    }

    /// The kind of what the kernel says of the socket of the demux daemon.
    init(demux errno: Errno) {
        self =
            switch errno.rawValue {
            case EACCES, EPERM: .permission
            case EMSGSIZE: .messageSize
            case ENOBUFS, ENOMEM, EMFILE, ENFILE: .resources
            case ECONNREFUSED, ENOENT, ECONNRESET, EPIPE, ENOTCONN, EAGAIN: .linkDown
            case EPROTOTYPE: .unsupported
            default: .other
            }
    }
}
