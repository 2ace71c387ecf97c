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
