/// A command of the MCTP control protocol (DSP0236).
public struct ControlCommand: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Gives an endpoint its endpoint ID.
    public static let setEndpointID = ControlCommand(rawValue: 0x01)
    /// Asks for the endpoint ID.
    public static let getEndpointID = ControlCommand(rawValue: 0x02)
    /// Asks for the UUID.
    public static let getEndpointUUID = ControlCommand(rawValue: 0x03)
    /// Asks which versions of a message type are understood.
    public static let getVersionSupport = ControlCommand(rawValue: 0x04)
    /// Asks which message types are understood.
    public static let getMessageTypeSupport = ControlCommand(rawValue: 0x05)
    /// Asks which vendor defined messages are understood.
    public static let getVendorDefinedMessageSupport = ControlCommand(rawValue: 0x06)
    /// Gives a bridge a pool of endpoint IDs.
    public static let allocateEndpointIDs = ControlCommand(rawValue: 0x08)
    /// Makes endpoints answer the next discovery.
    public static let prepareForEndpointDiscovery = ControlCommand(rawValue: 0x0B)
    /// Looks for endpoints that have not been discovered.
    public static let endpointDiscovery = ControlCommand(rawValue: 0x0C)
}
