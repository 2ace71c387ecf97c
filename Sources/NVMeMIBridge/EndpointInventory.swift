import EventLoop
import NVMeMI
import NVMeMIClient

/// What an endpoint says of itself when it is asked for everything that does not change by itself.
struct EndpointInventory: Equatable, Sendable {
    struct Controller: Equatable, Sendable {
        /// From the Controller Information data structure.
        var information = ControllerInformation()
        /// From Identify; nil for a controller that refuses it.
        var identity: IdentifyController?
    }

    struct Namespace: Equatable, Sendable {
        var identity: IdentifyNamespace
        var descriptors = NamespaceDescriptors()
        /// The controllers in whose active list it is.
        var controllers: [UInt16]
    }

    var subsystem: SubsystemInformation?
    var optionalCommands = CommandList()
    var ports: [UInt8: PortInformation] = [:]
    var controllers: [UInt16: Controller] = [:]
    var namespaces: [UInt32: Namespace] = [:]

    /// Who the drive is; nil when no controller has told.
    var identity: DriveIdentity? {
        controllers.sorted { $0.key < $1.key }.compactMap(\.value.identity).first
            .map(DriveIdentity.init)
    }

    /// Takes over what is known from before of controllers that could not be identified this time, such
    /// as while the host has them switched off; false when there was nothing to take over.
    mutating func complete(from known: EndpointInventory) -> Bool {
        var isCompleted = false
        for (number, facts) in controllers where facts.identity == nil {
            guard let identity = known.controllers[number]?.identity else { continue }
            isCompleted = true
            controllers[number]?.identity = identity
            for (identifier, namespace) in known.namespaces
            where namespaces[identifier] == nil && namespace.controllers.contains(number) {
                namespaces[identifier] = namespace
            }
        }
        return isCompleted
    }

    /// The NVM Subsystem NQN; empty when no controller tells it.
    var subsystemNQN: String {
        controllers.sorted { $0.key < $1.key }
            .compactMap { $0.value.identity?.subsystemNQN }
            .first { !$0.isEmpty } ?? ""
    }

    /// The NVMe-MI version by which the drive's bits are understood.
    var version: ManagementInterfaceVersion { subsystem?.version ?? .oldest }

    /// The NVMe-MI version, "major.minor"; empty when it is not known.
    var managementInterfaceVersion: String {
        subsystem.map { "\($0.majorVersion).\($0.minorVersion)" } ?? ""
    }
}

/// Asks an endpoint for its inventory.
///
/// What every NVMe-MI endpoint must serve is required. A controller or namespace that refuses to be
/// identified, or a port that is not described, is left out or left bare, and told to the log.
@LoopActor
struct InventoryReader {
    /// Controllers published for one endpoint at most.
    ///
    /// A subsystem may have hundreds of virtual functions, which on a slow bus would take minutes to
    /// ask for.
    private static let controllerLimit = 32
    /// Namespaces published for one endpoint at most; the controllers' methods reach all.
    private static let namespaceLimit = 128

    private let session: EndpointSession
    private let leftOut: (_ part: String, _ why: String) -> Void
    private let options = CommandOptions(priority: .control)
    private var inventory = EndpointInventory()

    init(_ session: EndpointSession, leftOut: @escaping (_ part: String, _ why: String) -> Void) {
        self.session = session
        self.leftOut = leftOut
    }

    /// Reads what the subsystem and its ports are.
    mutating func readPorts() async throws(SessionError) -> [UInt8: PortInformation] {
        let subsystem = try await session.perform(ReadDataStructure.subsystemInformation, options)
        inventory.subsystem = subsystem
        for port in 0...subsystem.greatestPort {
            inventory.ports[port] = try await optional(
                "port \(port)",
                ReadDataStructure.portInformation(port)
            )
        }
        return inventory.ports
    }

    /// Reads the rest, which are the long answers.
    mutating func readControllers() async throws(SessionError) -> EndpointInventory {
        inventory.optionalCommands =
            try await optional(
                "the list of optional commands",
                ReadDataStructure.optionalCommands()
            )
            ?? CommandList()
        let controllers = try await session.perform(ReadDataStructure.controllerList(), options)
            .controllers
        for controller in controllers.prefix(Self.controllerLimit) {
            try await readController(controller)
        }
        if controllers.count > Self.controllerLimit {
            leftOut(
                "\(controllers.count - Self.controllerLimit) controllers",
                "at most \(Self.controllerLimit) are published"
            )
        }
        return inventory
    }

    private mutating func readController(_ controller: UInt16) async throws(SessionError) {
        var facts = EndpointInventory.Controller()
        if let information = try await optional(
            "information on controller \(controller)",
            ReadDataStructure.controllerInformation(controller)
        ) {
            facts.information = information
        }
        facts.identity = try await optional(
            "identity of controller \(controller)",
            Identify.controller(controller)
        )
        inventory.controllers[controller] = facts
        guard facts.identity != nil,
            let active = try await optional(
                "namespaces of controller \(controller)",
                Identify.activeNamespaces(on: controller)
            )
        else { return }
        for namespace in active.namespaces {
            try await readNamespace(namespace, through: controller)
        }
    }

    private mutating func readNamespace(
        _ namespace: UInt32,
        through controller: UInt16
    ) async throws(SessionError) {
        if inventory.namespaces[namespace] != nil {
            inventory.namespaces[namespace]?.controllers.append(controller)
            return
        }
        guard inventory.namespaces.count < Self.namespaceLimit else {
            leftOut("namespace \(namespace)", "at most \(Self.namespaceLimit) are published")
            return
        }
        guard
            let identity = try await optional(
                "identity of namespace \(namespace)",
                Identify.namespace(namespace, on: controller)
            )
        else { return }
        var facts = EndpointInventory.Namespace(identity: identity, controllers: [controller])
        if let descriptors = try await optional(
            "descriptors of namespace \(namespace)",
            Identify.namespaceDescriptors(namespace, on: controller)
        ) {
            facts.descriptors = descriptors
        }
        inventory.namespaces[namespace] = facts
    }

    /// Carries a command out that the endpoint may refuse; nil when it does.
    private func optional<C: Command>(
        _ part: String,
        _ command: C
    ) async throws(SessionError) -> C.Reply? {
        do {
            return try await session.perform(command, options)
        } catch {
            guard case .device = error else { throw error }
            leftOut(part, BusErrors.words(for: error))
            return nil
        }
    }
}
