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
