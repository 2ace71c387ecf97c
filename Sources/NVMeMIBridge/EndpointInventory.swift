import EventLoop
import NVMeMI
import NVMeMIClient

/// What an endpoint says of itself when it is asked for everything that does not change by itself.
struct EndpointInventory: Equatable, Sendable {
    struct Controller: Equatable, Sendable {
        /// From the Controller Information data structure.
        var information: ControllerInformation
        /// From Identify; nil for a controller that refuses it.
        var identity: IdentifyController?
    }

    struct Namespace: Equatable, Sendable {
        var identity: IdentifyNamespace
        var descriptors: [NamespaceDescriptor]
        /// The controllers in whose active list it is.
        var controllers: [UInt16]
    }

    var subsystem = SubsystemInformation()
    var optionalCommands: [CommandIdentifier] = []
    var ports: [UInt8: PortInformation] = [:]
    var controllers: [UInt16: Controller] = [:]
    var namespaces: [UInt32: Namespace] = [:]

    /// The NVM Subsystem NQN; empty when no controller tells it.
    var subsystemNQN: String {
        controllers.sorted { $0.key < $1.key }
            .lazy.compactMap { $0.value.identity?.subsystemNQN }
            .first { !$0.isEmpty } ?? ""
    }

    /// The NVMe-MI version, "major.minor".
    var managementInterfaceVersion: String {
        "\(subsystem.majorVersion).\(subsystem.minorVersion)"
    }
}

extension EndpointInventory {
    /// Namespaces published for one endpoint at most; a subsystem may have many more.
    private static let namespaceLimit = 256

    /// Asks the endpoint for everything.
    ///
    /// What every NVMe-MI endpoint must serve is required. A controller or namespace that refuses to
    /// be identified, or a port that is not described, is left out or left bare.
    @LoopActor
    static func read(
        from session: EndpointSession, warn: (String, SessionError) -> Void
    ) async throws(SessionError) -> EndpointInventory {
        let options = CommandOptions(priority: .control)
        var inventory = EndpointInventory()
        inventory.subsystem = try await session.perform(
            ReadDataStructure.SubsystemInformation(), options)
        let lastPort = inventory.subsystem.lastPort
        for port in 0...lastPort {
            if let information = try await optional("port \(port)", warn, {
                try await session.perform(ReadDataStructure.PortInformation(port: port), options)
            }) {
                inventory.ports[port] = information
            }
        }
        inventory.optionalCommands =
            try await optional("the list of optional commands", warn) {
                try await session.perform(ReadDataStructure.OptionalCommands(), options)
            } ?? []
        let identifiers = try await session.perform(
            ReadDataStructure.ControllerList(startingAt: 0), options)
        for identifier in identifiers {
            try await readController(identifier, from: session, options, into: &inventory, warn)
        }
        return inventory
    }
}
