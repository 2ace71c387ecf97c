import DBus
import MCTP

/// Where the bridge's objects are.
enum BusPaths {
    static let root: ObjectPath = "/xyz/openbmc_project/nvme_mi"

    static func endpoint(_ address: EndpointAddress) -> ObjectPath {
        root.appending(
            "networks", "\(address.network.rawValue)", "endpoints", "\(address.endpoint.rawValue)")
    }
}

extension ObjectPath {
    func port(_ number: UInt8) -> ObjectPath { appending("ports", "\(number)") }
    func controller(_ identifier: UInt16) -> ObjectPath { appending("controllers", "\(identifier)") }
    func namespace(_ identifier: UInt32) -> ObjectPath { appending("namespaces", "\(identifier)") }
}
