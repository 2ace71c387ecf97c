import DBus
import MCTP

/// Where the bridge's objects are.
enum BusPaths {
    static let root: ObjectPath = "/xyz/openbmc_project/nvme_mi"

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
    fileprivate static func path(_ text: String) -> ObjectPath {
        ObjectPath(stringLiteral: text)
    }
}

extension ObjectPath {
    func port(_ number: UInt8) -> ObjectPath { BusPaths.path("\(self)/ports/\(number)") }
    func controller(_ identifier: UInt16) -> ObjectPath {
        BusPaths.path("\(self)/controllers/\(identifier)")
    }
    func namespace(_ identifier: UInt32) -> ObjectPath {
        BusPaths.path("\(self)/namespaces/\(identifier)")
    }
}
