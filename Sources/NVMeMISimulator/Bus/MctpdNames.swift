internal import DBus

/// Names that mctpd uses on the bus since its version 2.
enum MctpdNames {
    static let service: BusName = "au.com.codeconstruct.MCTP1"
    static let root: ObjectPath = "/au/com/codeconstruct/mctp1"
    static let manager: InterfaceName = "au.com.codeconstruct.MCTP1"
    static let network: InterfaceName = "au.com.codeconstruct.MCTP.Network1"
    static let endpoint: InterfaceName = "xyz.openbmc_project.MCTP.Endpoint"
    static let identity: InterfaceName = "xyz.openbmc_project.Common.UUID"
    static let control: InterfaceName = "au.com.codeconstruct.MCTP.Endpoint1"

    static func path(ofNetwork network: UInt32) throws(DBusError) -> ObjectPath {
        try ObjectPath("\(root)/networks/\(network)")
    }

    static func path(
        ofEndpoint identifier: UInt8,
        on network: UInt32
    ) throws(DBusError)
        -> ObjectPath
    {
        try ObjectPath("\(root)/networks/\(network)/endpoints/\(identifier)")
    }
}
