import DBus
import EventLoop

/// A controller that a command is for, with the drive it belongs to.
struct Target: Sendable {
    var endpoint: Inventory.Endpoint
    var controller: Inventory.Object

    var label: DriveLabel { DriveLabel(endpoint) }

    /// Options of a call, with the serial number of the drive that the caller has seen.
    var options: VariantDictionary { endpoint.namedDrive }
}

extension Inventory.Endpoint {
    /// Options of a call that name the drive, so that another that has come in its place is not meant.
    var namedDrive: VariantDictionary {
        var options = VariantDictionary()
        if let serial = serialNumbers.first { options.set("serial-number", serial) }
        return options
    }
}

extension Client {
    /// The controller that a name means, with its endpoint.
    func target(_ name: EndpointName) async throws -> Target {
        Target(endpoint: try await endpoint(name), controller: try await controller(name))
    }
}
