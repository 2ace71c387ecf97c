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
