/// The names of the bridge's own interfaces. Each carries a version digit; what a name stands for is
/// extended, never changed.
enum BridgeInterface {
    private static let prefix = "xyz.openbmc_project.NVMeMI."

    static let manager = prefix + "Manager1"
    static let endpoint = prefix + "Endpoint1"
    static let endpointControl = prefix + "EndpointControl1"
    static let port = prefix + "Port1"
    static let controller = prefix + "Controller1"
    static let namespace = prefix + "Namespace1"
}
