public import EventLoop
public import MCTP

/// Who knows the MCTP endpoints and their routes: mctpd, as the model sees it.
///
/// What it finds and loses reaches the model through the functions of ``Fleet``; this is what the model asks
/// of it.
@LoopActor
public protocol EndpointDirectory: AnyObject {
    /// Whether it lets us control endpoints, as far as is known.
    var mayControl: Bool { get }

    /// Has it bring back an endpoint that does not answer; what comes of it is told as connectivity.
    ///
    /// One that it cannot bring back it forgets, and that is told as a loss.
    func recover(_ address: EndpointAddress) async throws(DirectoryError)

    /// Sets the MTU of the route to an endpoint, MCTP header included.
    func setRouteMTU(_ mtu: UInt32, of address: EndpointAddress) async throws(DirectoryError)
}

/// Why the directory of endpoints did not do what it was asked for.
public struct DirectoryError: Error, Equatable, Sendable {
    /// What a caller decides by.
    public enum Kind: Equatable, Sendable {
        /// We may not ask for it.
        case notPermitted
        /// It does not do it, and will not the next time.
        case unsupported
        /// It was not there to answer, or the endpoint was not.
        case absent
        /// It tried, or it refused this time.
        case failed
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// Its words.
    public let message: String

    /// An error of its parts.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
