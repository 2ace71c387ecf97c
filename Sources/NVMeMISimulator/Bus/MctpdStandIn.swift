public import DBus
public import EventLoop
internal import NVMeMIDevice

/// Stands in for mctpd on a bus: publishes the endpoints of a simulation as mctpd publishes those
/// of real buses.
///
/// Each time it starts it has a connection of its own, and stopping closes it, so that to clients
/// it looks like a daemon that ended and was started again.
@LoopActor
public final class MctpdStandIn {
    /// How the stand-in behaves.
    public struct Options: Sendable {
        /// The bus.
        public var bus: BusAddress
        /// Time between the polls of Recover; three polls in vain remove the endpoint.
        public var recoverInterval: Duration = .milliseconds(2_500)

        /// The usual behaviour on a bus.
        ///
        /// - Parameter bus: The bus.
        public init(bus: BusAddress) {
            self.bus = bus
        }
    }

    private let simulation: SimulatedNetwork
    private let options: Options
    private(set) var connection: Connection?
    private var published: [ObjectPath: PublishedEndpoint] = [:]
    private var networks: Set<UInt32> = []
    private var search: Timer?
    private var counts: [ObjectPath: [MctpdMember: UInt64]] = [:]
    /// What is refused as if the caller were not allowed to.
    var refusals: Set<MctpdMember> = []
    /// Called when the bus has gone away.
    var onDisconnect: (() -> Void)?

    /// A stand-in for the drives of a simulation, not yet on the bus.
    ///
    /// From now on endpoint identifiers do not survive a reset of their drive: somebody is there
    /// who assigns them again.
    ///
    /// - Parameters:
    ///   - simulation: The drives.
    ///   - options: How to behave.
    public init(simulation: SimulatedNetwork, options: Options) {
        self.simulation = simulation
        self.options = options
        simulation.identifiersAreFixed = false
        simulation.addObserver(self)
    }

    /// Whether the stand-in is on the bus.
    public var isRunning: Bool { connection != nil }

    /// Connects, publishes the endpoints and takes mctpd's name.
    ///
    /// - Parameter interval: Publishes no endpoint at first, and then one more every time this is
    ///   over; `nil` publishes all at once.
    /// - Throws: `DBusError` when there is no bus or mctpd is there itself.
    public func start(findingOneEvery interval: Duration? = nil) async throws(DBusError) {
        guard connection == nil else { return }
        let connection = try Connection.open(options.bus)
        self.connection = connection
        connection.onDisconnect = { [weak self] in
            self?.forget()
            self?.onDisconnect?()
        }
        do {
            connection.objects.addObjectManager(at: MctpdNames.root)
            try connection.objects.add(
                MctpdNames.root,
                [Self.managerInterface.bound(to: self)]
            )
            try publish(network: simulation.defaultNetwork)
            if let interval {
                let addresses = simulation.drives.flatMap(\.endpoints).map {
                    (network: $0.network, identifier: $0.identifier)
                }
                find(addresses[...], every: interval)
            } else {
                for drive in simulation.drives { publish(drive) }
            }
            try await connection.requestName(MctpdNames.service)
        } catch {
            stop()
            throw error
        }
    }

    /// Leaves the bus without a word, as a daemon does that is killed.
    public func stop() {
        guard let connection else { return }
        forget()
        connection.close()
    }

    private func forget() {
        connection = nil
        search?.cancel()
        search = nil
        for endpoint in published.values { endpoint.stopRecovering() }
        published = [:]
        networks = []
    }

    private func find(
        _ addresses: ArraySlice<(network: UInt32, identifier: UInt8)>,
        every interval: Duration
    ) {
        guard let next = addresses.first else { return }
        search = EventLoop.main.schedule(after: interval) { [weak self] in
            guard let self else { return }
            if let endpoint = simulation.endpoint(next.identifier, on: next.network) {
                try? publish(endpoint)
            }
            find(addresses.dropFirst(), every: interval)
        }
    }

    private func publish(network: UInt32) throws(DBusError) {
        guard let connection, networks.insert(network).inserted else { return }
        let object = PublishedNetwork(
            number: network,
            ownIdentifier: simulation.ownIdentifier,
            standIn: self
        )
        try connection.objects.add(
            MctpdNames.path(ofNetwork: network),
            [PublishedNetwork.interface.bound(to: object)]
        )
        let own = OwnEndpoint(identifier: simulation.ownIdentifier, network: network)
        try connection.objects.add(
            MctpdNames.path(ofEndpoint: simulation.ownIdentifier, on: network),
            [OwnEndpoint.interface.bound(to: own), OwnEndpoint.identity.bound(to: own)]
        )
    }

    private func publish(_ drive: SimulatedDrive) {
        for endpoint in drive.endpoints { try? publish(endpoint) }
    }

    /// Publishes an endpoint, if it answers: a bus owner assigns the identifier that it was asked
    /// to, and knows nothing of what is silent.
    func publish(_ endpoint: SimulatedEndpoint) throws(DBusError) {
        guard let connection, endpoint.isConnected else { return }
        endpoint.isAssigned = true
        try publish(network: endpoint.network)
        let path = try MctpdNames.path(ofEndpoint: endpoint.identifier, on: endpoint.network)
        guard published[path] == nil else { return }
        let object = PublishedEndpoint(
            endpoint,
            path: path,
            recoverInterval: options.recoverInterval,
            standIn: self
        )
        published[path] = object
        var interfaces = [PublishedEndpoint.endpointInterface.bound(to: object)]
        if endpoint.uuid != nil {
            interfaces.append(PublishedEndpoint.identity.bound(to: object))
        }
        interfaces.append(PublishedEndpoint.control.bound(to: object))
        try connection.objects.add(path, interfaces)
    }

    /// Takes an endpoint for another one than was published: what was is gone.
    func replace(_ path: ObjectPath, with endpoint: SimulatedEndpoint) {
        withdraw(path)
        try? publish(endpoint)
    }

    /// Counts a call of an endpoint; throws when its caller has no right, or is to be treated so.
    func admit(_ member: MctpdMember, _ call: Invocation) async throws(DBusError) {
        counts[call.path, default: [:]][member, default: 0] += 1
        try MctpdRights.check(call, of: MctpdNames.control)
        guard !refusals.contains(member) else {
            throw MctpdRights.refusal(of: member.rawValue, MctpdNames.control)
        }
    }

    /// What was asked of an endpoint since the simulation began, and the MTU of the route to it.
    func calls(to identifier: UInt8, on network: UInt32) throws(DBusError) -> VariantDictionary {
        let path = try MctpdNames.path(ofEndpoint: identifier, on: network)
        var dictionary = VariantDictionary()
        for member in MctpdMember.allCases {
            dictionary.set(member.rawValue, counts[path]?[member] ?? 0)
        }
        if let mtu = published[path]?.routeMTU { dictionary.set("MTU", mtu) }
        return dictionary
    }

    func withdraw(_ path: ObjectPath) {
        published.removeValue(forKey: path)?.stopRecovering()
        connection?.objects.remove(path)
    }

    func connectivityChanged(at path: ObjectPath) {
        connection?.objects.propertiesChanged(
            path,
            interface: MctpdNames.control,
            ["Connectivity"]
        )
    }

    /// Looks for an endpoint that is not published, as a bus owner does when it is told to.
    ///
    /// - Returns: The endpoint's path and whether it was not published before.
    func learn(_ identifier: UInt8, on network: UInt32) throws(DBusError) -> (ObjectPath, Bool) {
        guard let endpoint = simulation.endpoint(identifier, on: network), endpoint.isReachable
        else { throw .failed("MCTP Endpoint did not respond") }
        let path = try MctpdNames.path(ofEndpoint: identifier, on: network)
        let isNew = published[path] == nil
        try publish(endpoint)
        return (path, isNew)
    }

    private static let managerInterface = Interface<MctpdStandIn>(
        MctpdNames.manager,
        documentation: "The MCTP daemon."
    ) {
        Method(
            "RegisterTypeSupport",
            "Advertises a message type of the caller's.",
            in: ["type", "versions"]
        ) { (_: MctpdStandIn, call: Invocation, type: UInt8, _: [UInt32]) async throws in
            try MctpdRights.check(call, of: MctpdNames.manager)
            guard type > 0, type < 0x7E else {
                throw DBusError.invalidArgs("message type \(type) cannot be registered")
            }
        }
    }
}

extension MctpdStandIn: NetworkObserver {
    func driveWasPlugged(_ drive: SimulatedDrive) {
        publish(drive)
    }

    func driveWillBePulled(_ drive: SimulatedDrive) {
        for (path, object) in published where object.endpoint.drive === drive { withdraw(path) }
    }

    func identifierChanged(of endpoint: SimulatedEndpoint, from identifier: UInt8) {
        guard
            let path = try? MctpdNames.path(ofEndpoint: identifier, on: endpoint.network)
        else { return }
        replace(path, with: endpoint)
    }

    func driveWasSwapped(_ drive: SimulatedDrive, for successor: SimulatedDrive) {
        for (endpoint, other) in zip(drive.endpoints, successor.endpoints) {
            for object in published.values where object.endpoint === endpoint {
                object.endpoint = other
            }
        }
    }

    func connectivityChanged(_ endpoint: SimulatedEndpoint) {
        guard
            let path = try? MctpdNames.path(
                ofEndpoint: endpoint.identifier,
                on: endpoint.network
            )
        else { return }
        if let object = published[path] {
            object.setAvailable(endpoint.isConnected)
        } else {
            // The platform sets up what comes back.
            try? publish(endpoint)
        }
    }
}
