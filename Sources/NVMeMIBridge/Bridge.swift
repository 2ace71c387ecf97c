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
        for endpoint in endpoints.values { endpoint.session.settings = settings.session }
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

    /// Asks mctpd to bring an endpoint back.
    func recover(_ endpoint: Endpoint) async throws {
        _ = try await connection.call(
            destination: MCTPService.busName,
            path: endpoint.discovered.path,
            interface: MCTPService.controlInterface,
            member: "Recover",
            timeout: .seconds(10)
        )
        endpoint.look()
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
        connection.objects.propertiesChanged(
            BusPaths.root,
            interface: Interface<Bridge>.manager.name,
            ["Endpoints"]
        )
    }
}

extension Bridge: MCTPDiscovery.Delegate {
    func discovered(_ found: [DiscoveredEndpoint]) {
        graceTimer?.cancel()
        graceTimer = nil
        let present = Set(found.map { BusPaths.endpoint($0.address) })
        for path in endpoints.keys.sorted() where !present.contains(path) {
            remove(path, reason: "mctpd does not list it any more")
        }
        for endpoint in found {
            let known = endpoints[BusPaths.endpoint(endpoint.address)]
            appeared(endpoint)
            if wasServiceAway { known?.look() }
        }
        wasServiceAway = false
    }

    func appeared(_ found: DiscoveredEndpoint) {
        let path = BusPaths.endpoint(found.address)
        guard let known = endpoints[path] else {
            publish(found)
            return
        }
        if known.discovered.isSameEndpoint(as: found) {
            known.connectivityChanged(to: found)
        } else {
            remove(path, reason: "another endpoint took its place")
            publish(found)
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
        known.connectivityChanged(to: known.discovered.with(isConnected: isConnected))
    }

    func serviceVanished() {
        wasServiceAway = true
        guard !endpoints.isEmpty, graceTimer == nil else { return }
        // The routes are the kernel's: drives can be talked to while mctpd restarts.
        graceTimer = EventLoop.main.schedule(after: settings.mctpdGrace) { [weak self] in
            guard let self else { return }
            graceTimer = nil
            for path in endpoints.keys.sorted() {
                remove(path, reason: "mctpd did not come back")
            }
        }
    }
}
