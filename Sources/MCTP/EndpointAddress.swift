/// An MCTP endpoint ID: the address of one endpoint within its network.
public struct EndpointID: RawRepresentable, Hashable, Sendable, Comparable,
    CustomStringConvertible
{
    /// The number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Wraps a number.
    public init(_ number: UInt8) {
        rawValue = number
    }

    /// No endpoint ID yet; packets to it go by physical address.
    public static let null = EndpointID(0)
    /// Every endpoint of the network.
    public static let broadcast = EndpointID(255)

    /// Whether an endpoint can own it: 8 to 254, the others have a meaning of their own.
    public var isAssignable: Bool { (8...254).contains(rawValue) }

    /// Order of the numbers.
    public static func < (left: EndpointID, right: EndpointID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}

/// The number that Linux gives to an MCTP network; endpoint IDs are unique within one.
public struct NetworkID: RawRepresentable, Hashable, Sendable, Comparable,
    CustomStringConvertible
{
    /// The number.
    public let rawValue: UInt32

    /// Wraps a number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Wraps a number.
    public init(_ number: UInt32) {
        rawValue = number
    }

    /// In a request to the kernel: the default network, whichever that is.
    public static let unspecified = NetworkID(0)
    /// The network that Linux starts with and puts interfaces into that nobody configured.
    public static let initial = NetworkID(1)

    /// Order of the numbers.
    public static func < (left: NetworkID, right: NetworkID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}

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
