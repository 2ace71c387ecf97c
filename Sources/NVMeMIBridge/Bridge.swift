public import DBus
public import EventLoop
public import Logging
public import MCTP
import NVMeMIClient

/// The bridge: every NVMe-MI endpoint that mctpd knows, as an object on the bus.
@LoopActor
public final class Bridge {
    /// The well-known name.
    public nonisolated static let busName: BusName = "xyz.openbmc_project.NVMeMI"
    /// The bridge's version, "major.minor.patch".
    public nonisolated static let version = "0.1.0"

    /// Where mctpd is not there at start, or does not answer, the name is taken nevertheless after
    /// this time; its endpoints are published when it comes.
    private static let firstListingTimeLimit: Duration = .seconds(2)

    let connection: Connection
    let transport: any Transport
    let logger: Logger
    private(set) var settings: BridgeSettings
    private let diagnostics: Diagnostics
    private var endpoints: [ObjectPath: Endpoint] = [:]
    private var discovery: MCTPDiscovery?
    private var discoveryRun: Task<Void, Never>?
    /// Endpoints that were removed and whose task has not ended yet.
    private var ending: [ObjectIdentifier: Endpoint] = [:]
    private var graceTimer: Timer?
    /// Whether mctpd was away since its last listing: what it lists may have changed in the meantime.
    private var wasServiceAway = false
    /// Whether the log has been told that this mctpd lets us neither recover endpoints nor set routes.
    private var isRefusalTold = false
    /// Until when it is not asked again.
    private var refusedUntil: MonotonicInstant?

    /// A bridge on a connection; publishes nothing before ``start()``.
    public init(
        on connection: Connection,
        over transport: any Transport,
        settings: BridgeSettings,
        logger: Logger,
        logLevel: LogLevelControl
    ) {
        self.connection = connection
        self.transport = transport
        self.settings = settings
        self.logger = logger
        diagnostics = Diagnostics(
            on: connection,
            over: transport,
            logLevel: logLevel,
            logger: logger
        )
    }

    /// Publishes the bridge, lists mctpd's endpoints, and takes the name.
    ///
    /// Everything is exported before the name is requested, so that nobody sees half a tree.
    ///
    /// - Throws: `DBusError` when the bus refuses, or when another process owns the name.
    public func start() async throws {
        apply(settings)
        // Asked before anything is sent to a drive; the name is taken in the end.
        guard try await !isNameOwned() else {
            throw DBusError.nameTaken(
                "the name \(Self.busName) belongs to another connection: the bridge runs already"
            )
        }
        connection.objects.addObjectManager(at: BusPaths.root)
        try connection.objects.add(
            BusPaths.root,
            [
                Interface<Bridge>.manager.bound(to: self),
                Interface<Diagnostics>.diagnostics.bound(to: diagnostics),
            ]
        )
        let discovery = MCTPDiscovery(connection, logger: logger, delegate: self)
        self.discovery = discovery
        try await discovery.subscribe()
        discoveryRun = EventLoop.main.spawn { await discovery.run() }
        if discovery.isServicePresent {
            try? await discovery.firstListing.value(
                until: EventLoop.main.now + Self.firstListingTimeLimit
            )
        }
        try await connection.requestName(Self.busName)
        logger.notice(
            "started",
            metadata: [
                "version": "\(Self.version)", "transport": "\(transport.description)",
                "endpoints": "\(endpoints.count)",
            ]
        )
    }

    private func isNameOwned() async throws(DBusError) -> Bool {
        try await connection.call(
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "NameHasOwner",
            arguments: Self.busName.string
        ).read(Bool.self)
    }

    /// Has endpoints that could not be reached tried again at once, when the way to them is back.
    public func carrierReturned() {
        logger.notice("the MCTP carrier is back")
        for endpoint in endpoints.values where endpoint.state != .ready { endpoint.look() }
    }

    /// Takes over changed settings; sessions use them from their next command on.
    public func apply(_ settings: BridgeSettings) {
        self.settings = settings
        connection.limits.callsInFlight = settings.calls
        connection.limits.callsInFlightPerSender = settings.callsPerClient
        for endpoint in endpoints.values { endpoint.configurationChanged() }
        diagnostics.tellLogLevel()
    }

    /// Ends the bridge: answers the calls that are open, releases the name, takes everything back.
    public func stop() async {
        logger.notice("stopping")
        discoveryRun?.cancel()
        graceTimer?.cancel()
        await connection.objects.drain(EventLoop.main.now + settings.shutdownGrace)
        try? await connection.releaseName(Self.busName)
        for path in endpoints.keys.sorted() { remove(path, reason: "the bridge is shutting down") }
        for endpoint in ending.values { await endpoint.ended() }
        await discoveryRun?.value
        await diagnostics.close()
        await connection.flush(EventLoop.main.now + .seconds(1))
        logger.notice("stopped")
    }

    /// The published endpoints, in the order of their addresses.
    var endpointPaths: [ObjectPath] {
        endpoints.values.sorted { $0.address < $1.address }.map(\.path)
    }

    /// Asks mctpd for its endpoints again, and every endpoint for what it is.
    func rescan() {
        logger.info("rescan")
        discovery?.rescan()
        for endpoint in endpoints.values { endpoint.look() }
    }

    // MARK: What is asked of mctpd

    /// What came of asking mctpd.
    enum Answer {
        case asked
        /// It will not do it next time either.
        case refused
        case failed
    }

    /// Asks mctpd to bring an endpoint back, for a caller.
    func recover(_ endpoint: Endpoint) async throws {
        try await askService("Recover", endpoint)
        endpoint.link.forgetFailures()
        endpoint.look()
    }

    /// Whether mctpd has lately said that we may neither recover endpoints nor set their routes.
    var mayNotControl: Bool { refusedUntil.map { EventLoop.main.now < $0 } ?? false }

    /// Asks mctpd to bring a silent endpoint back.
    func askToRecover(_ endpoint: Endpoint) async -> Answer {
        guard !mayNotControl else { return .failed }
        do {
            endpoint.logger.notice("silent; asking mctpd to recover it")
            try await askService("Recover", endpoint)
            return .asked
        } catch let error as DBusError {
            if noteRefusal(error) { return .failed }
            endpoint.logger.warning(
                "mctpd does not recover it",
                metadata: ["error": "\(error.message)"]
            )
            return error.isOfUnknownMember ? .refused : .failed
        } catch {
            return .failed
        }
    }

    /// Sets the MTU of an endpoint's route, MCTP header included.
    func setRouteMTU(_ mtu: UInt32, of endpoint: Endpoint) async throws {
        do {
            try await askService("SetMTU", endpoint, mtu)
        } catch let error as DBusError {
            _ = noteRefusal(error)
            throw error
        }
    }

    private func askService(
        _ member: MemberName,
        _ endpoint: Endpoint,
        _ arguments: any DBusType...
    ) async throws {
        _ = try await connection.call(
            destination: MCTPService.busName,
            path: endpoint.discovered.path,
            interface: MCTPService.controlInterface,
            member: member,
            argumentList: arguments,
            timeout: .seconds(10)
        )
    }

    /// Whether mctpd said that we may not; told to the log once for each mctpd, which is asked again after
    /// a long time.
    private func noteRefusal(_ error: DBusError) -> Bool {
        guard error.isStandard("AccessDenied") else { return false }
        if !isRefusalTold {
            logger.warning(
                "mctpd lets the bridge neither recover endpoints nor set their routes; it goes on without",
                metadata: [
                    "error": "\(error.message)", "help": "add its user to the group mctp-admin",
                ]
            )
        }
        isRefusalTold = true
        refusedUntil = EventLoop.main.now + settings.lastRecoverPause
        return true
    }

    // MARK: Subsystems

    /// The other endpoints of an endpoint's NVM subsystem.
    func siblings(of endpoint: Endpoint) -> [ObjectPath] {
        let subsystem = endpoint.inventory.subsystemNQN
        guard !subsystem.isEmpty else { return [] }
        return endpoints.values
            .filter { $0 !== endpoint && $0.inventory.subsystemNQN == subsystem }
            .sorted { $0.address < $1.address }.map(\.path)
    }

    /// Tells the endpoints of some subsystems, by NQN, that there are others now.
    func subsystemsChanged(_ names: [String]) {
        for endpoint in endpoints.values
        where names.contains(endpoint.inventory.subsystemNQN)
            && !endpoint.inventory.subsystemNQN.isEmpty
        {
            endpoint.subsystemChanged()
        }
    }

    /// Forgets a removed endpoint whose task has ended.
    func forget(_ endpoint: Endpoint) {
        ending[ObjectIdentifier(endpoint)] = nil
        transport.forget(endpoint.address)
    }

    /// How many endpoints were removed whose task has not ended yet.
    var endingEndpoints: Int { ending.count }

    // MARK: Endpoints

    private func publish(_ found: DiscoveredEndpoint) {
        let endpoint = Endpoint(found, in: self)
        endpoints[endpoint.path] = endpoint
        logger.notice(
            "found",
            metadata: ["endpoint": "\(found.address)", "uuid": "\(found.uuid)"]
        )
        endpoint.begin()
        connection.objects.propertiesChanged(
            BusPaths.root,
            interface: Interface<Bridge>.manager.name,
            ["Endpoints"]
        )
    }

    private func remove(_ path: ObjectPath, reason: String) {
        guard let endpoint = endpoints.removeValue(forKey: path) else { return }
        logger.notice("gone", metadata: ["endpoint": "\(endpoint.address)", "reason": "\(reason)"])
        endpoint.end(reason: reason)
        ending[ObjectIdentifier(endpoint)] = endpoint
        subsystemsChanged([endpoint.inventory.subsystemNQN])
        connection.objects.propertiesChanged(
            BusPaths.root,
            interface: Interface<Bridge>.manager.name,
            ["Endpoints"]
        )
    }
}

extension Bridge {
    /// Publishes an endpoint anew, as another drive has taken the place of the one that it stood for.
    func swap(_ endpoint: Endpoint, reason: String) {
        guard endpoints[endpoint.path] === endpoint else { return }
        remove(endpoint.path, reason: reason)
        publish(endpoint.discovered)
    }
}

extension Bridge: MCTPDiscovery.Delegate {
    func discovered(_ found: [DiscoveredEndpoint]) {
        let present = Set(found.map { BusPaths.endpoint($0.address) })
        for path in endpoints.keys.sorted() where !present.contains(path) {
            // An mctpd that has just come may not have found everything again.
            guard endpoints[path]?.isConfirmed ?? false else { continue }
            remove(path, reason: "mctpd does not list it any more")
        }
        for endpoint in found {
            let known = endpoints[BusPaths.endpoint(endpoint.address)]
            appeared(endpoint)
            if wasServiceAway { known?.look() }
        }
        wasServiceAway = false
        if endpoints.values.allSatisfy(\.isConfirmed) {
            graceTimer?.cancel()
            graceTimer = nil
        }
    }

    func appeared(_ found: DiscoveredEndpoint) {
        let path = BusPaths.endpoint(found.address)
        removeFormerPlace(of: found)
        guard let known = endpoints[path] else {
            publish(found)
            return
        }
        if known.discovered.canBeSameEndpoint(as: found) {
            let wasConfirmed = known.isConfirmed
            known.confirm(found)
            if !wasConfirmed { known.look() }
        } else {
            remove(path, reason: "another endpoint took its place")
            publish(found)
        }
    }

    /// A drive that mctpd, after its return, gave another endpoint ID is not kept where it was.
    ///
    /// Only a place that mctpd has not named again is given up: a drive with several ports has one UUID.
    private func removeFormerPlace(of found: DiscoveredEndpoint) {
        guard let identity = found.identity else { return }
        let former = endpoints.values.filter {
            !$0.isConfirmed && $0.discovered.identity == identity
                && $0.address.network == found.address.network && $0.address != found.address
        }
        for endpoint in former {
            remove(endpoint.path, reason: "it is at \(found.address) now")
        }
    }

    func vanished(_ path: ObjectPath) {
        guard let known = endpoints.values.first(where: { $0.discovered.path == path }) else {
            return
        }
        remove(known.path, reason: "mctpd removed it")
    }

    func connectivityChanged(_ path: ObjectPath, isConnected: Bool) {
        guard let known = endpoints.values.first(where: { $0.discovered.path == path }) else {
            return
        }
        known.confirm(known.discovered.with(isConnected: isConnected))
    }

    func serviceAppeared() {
        isRefusalTold = false
        refusedUntil = nil
        // It is given as long to find everything again as it was given to return.
        if graceTimer != nil { startGrace("mctpd has not found it again") }
    }

    func serviceVanished() {
        wasServiceAway = true
        for endpoint in endpoints.values { endpoint.unconfirm() }
        // The routes are the kernel's: drives can be talked to while mctpd restarts.
        startGrace("mctpd did not come back")
    }

    private func startGrace(_ reason: String) {
        graceTimer?.cancel()
        guard !endpoints.isEmpty else { return }
        graceTimer = EventLoop.main.schedule(after: settings.mctpdGrace) { [weak self] in
            guard let self else { return }
            graceTimer = nil
            for (path, endpoint) in endpoints.sorted(by: { $0.key < $1.key })
            where !endpoint.isConfirmed {
                remove(path, reason: reason)
            }
        }
    }
}

extension DBusError {
    /// Whether the object has no such thing, and will not have it.
    fileprivate var isOfUnknownMember: Bool {
        ["UnknownMethod", "UnknownInterface"].contains(where: isStandard)
    }
}
