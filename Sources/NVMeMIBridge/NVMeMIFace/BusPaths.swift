import DBus
import EventLoop
import MCTP
import NVMeMIDrives

/// Where the bridge's objects are.
enum BusPaths {
    static let root: ObjectPath = "/xyz/openbmc_project/nvme_mi"

    /// The path of an object of the model; nil for the fleet, which is the root.
    @LoopActor
    static func path(of object: any ModelObject) -> ObjectPath? {
        switch object {
        case let drive as Drive: path("\(root)/drives/\(drive.name)")
        case let endpoint as Endpoint: self.endpoint(endpoint.address)
        case let port as Port: path("\(self.endpoint(port.endpoint.address))/ports/\(port.number)")
        case let controller as Controller:
            path(
                "\(self.endpoint(controller.endpoint.address))/controllers/\(controller.identifier)"
            )
        case let namespace as Namespace:
            path("\(self.endpoint(namespace.endpoint.address))/namespaces/\(namespace.identifier)")
        default: nil
        }
    }

    static func endpoint(_ address: EndpointAddress) -> ObjectPath {
        path(
            "\(root)/networks/\(address.network.rawValue)/endpoints/\(address.endpoint.rawValue)"
        )
    }

    /// The address of the endpoint that a path is for; nil for the paths of other objects.
    static func address(of path: ObjectPath) -> EndpointAddress? {
        let parts = path.string.dropFirst(root.string.count).split(separator: "/")
        guard parts.count == 4, let network = UInt32(parts[1]), let endpoint = UInt8(parts[3])
        else { return nil }
        let address = EndpointAddress(
            network: NetworkID(network),
            endpoint: EndpointID(endpoint)
        )
        return self.endpoint(address) == path ? address : nil
    }

    /// A path that is made of names and numbers only, and therefore always well formed.
    private static func path(_ text: String) -> ObjectPath {
        ObjectPath(stringLiteral: text)
    }
}
