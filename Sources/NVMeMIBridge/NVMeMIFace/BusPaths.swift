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
        case let drive as Drive: self.drive(drive.name)
        case let endpoint as Endpoint: self.endpoint(endpoint.address)
        case let port as Port:
            ObjectPath(wellFormed: "\(self.endpoint(port.endpoint.address))/ports/\(port.number)")
        case let controller as Controller:
            ObjectPath(
                wellFormed:
                    "\(self.endpoint(controller.endpoint.address))/controllers/\(controller.identifier)"
            )
        case let namespace as Namespace:
            ObjectPath(
                wellFormed:
                    "\(self.endpoint(namespace.endpoint.address))/namespaces/\(namespace.identifier)"
            )
        case let job as Job: self.job(job)
        default: nil
        }
    }

    @LoopActor
    static func job(_ job: Job) -> ObjectPath {
        ObjectPath(wellFormed: "\(root)/jobs/\(job.number)")
    }

    /// The path of the drive of a name, be it there or not.
    static func drive(_ name: String) -> ObjectPath {
        ObjectPath(wellFormed: "\(root)/drives/\(name)")
    }

    static func endpoint(_ address: EndpointAddress) -> ObjectPath {
        ObjectPath(
            wellFormed:
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
}
