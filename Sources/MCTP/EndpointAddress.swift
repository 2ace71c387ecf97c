/// An endpoint as a whole machine sees it: network and endpoint ID.
public struct EndpointAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The network.
    public let network: NetworkID
    /// The endpoint within the network.
    public let endpoint: EndpointID

    /// An address of its two parts.
    public init(network: NetworkID, endpoint: EndpointID) {
        self.network = network
        self.endpoint = endpoint
    }

    /// Order by network, then endpoint.
    public static func < (left: EndpointAddress, right: EndpointAddress) -> Bool {
        (left.network, left.endpoint) < (right.network, right.endpoint)
    }

    /// Both parts, such as `net 1 eid 9`.
    public var description: String { "net \(network) eid \(endpoint)" }
}
