import DBus

/// The names of mctpd's D-Bus interface, version 2.0 and later.
enum MCTPService {
    static let busName: BusName = "au.com.codeconstruct.MCTP1"
    static let root: ObjectPath = "/au/com/codeconstruct/mctp1"

    /// `NetworkId`, `EID`, `SupportedMessageTypes`: every endpoint that mctpd knows.
    static let endpointInterface: InterfaceName = "xyz.openbmc_project.MCTP.Endpoint"
    /// `UUID`; only on endpoints that answered Get Endpoint UUID.
    static let uuidInterface: InterfaceName = "xyz.openbmc_project.Common.UUID"
    /// `Connectivity`, `Recover`, `SetMTU`; only on endpoints that mctpd itself set up.
    static let controlInterface: InterfaceName = "au.com.codeconstruct.MCTP.Endpoint1"
}
