/// A message as a carrier saw it pass, for an observer.
public struct CarriedMessage: Sendable {
    /// Which way it went.
    public enum Direction: Sendable {
        /// From this machine to an endpoint.
        case sent
        /// From an endpoint to this machine, whether or not anybody waited for it.
        case received
    }

    /// Which way it went.
    public let direction: Direction
    /// The endpoint at the other end; of the network that the carrier knows, else the unspecified one.
    public let endpoint: EndpointAddress
    /// The tag; nil when the carrier has none, or the kernel chose it and did not say.
    public let tag: MessageTag?
    /// The message from its type byte on, as far as it was taken.
    public let bytes: [UInt8]
    /// How long the message is; more than there are bytes for one that was too long.
    public let length: Int

    /// A message of its parts.
    public init(
        _ direction: Direction,
        endpoint: EndpointAddress,
        tag: MessageTag?,
        bytes: [UInt8],
        length: Int? = nil
    ) {
        self.direction = direction
        self.endpoint = endpoint
        self.tag = tag
        self.bytes = bytes
        self.length = length ?? bytes.count
    }
}
