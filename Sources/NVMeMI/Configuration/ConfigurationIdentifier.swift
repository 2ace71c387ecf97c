/// What Configuration Get and Configuration Set can be about (CID).
public struct ConfigurationIdentifier: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The identifier with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Frequency of an SMBus or I2C port.
    public static let smbusFrequency = Self(rawValue: 1)
    /// Flags of the Composite Controller Status.
    public static let healthStatusChange = Self(rawValue: 2)
    /// MCTP transmission unit of a port.
    public static let transmissionUnitSize = Self(rawValue: 3)
    /// Which events the endpoint reports on its own.
    public static let asynchronousEvent = Self(rawValue: 4)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        1: "SMBus/I2C Frequency",
        2: "Health Status Change",
        3: "MCTP Transmission Unit Size",
        4: "Asynchronous Event",
    ]
}
