internal import CLinux
public import DBus
public import EventLoop
public import Logging
public import MCTP
import NVMeMIDrives

/// The bridge: the drives behind every NVMe-MI endpoint that mctpd knows, shown on the bus.
@LoopActor
public final class Bridge {
    /// The well-known name.
    public nonisolated static let busName: BusName = "xyz.openbmc_project.NVMeMI"
    /// The bridge's version, "major.minor.patch".
    public nonisolated static let version = "0.1.0"

    /// Where mctpd is not there at start, or does not answer, the name is taken nevertheless after
    /// this time; its endpoints are published when it comes.
    private static let firstListingTimeLimit: Duration = .seconds(2)

    private let connection: Connection
    private let transport: any Transport
    private let logger: Logger
    private var settings: BridgeSettings
    private let fleet: Fleet
    private let directory: MCTPDirectory
    private let discovery: MCTPDiscovery
    private let diagnostics: Diagnostics
    private let manager: Manager
    private let face: NVMeMIFace
    private let openBMCFace: OpenBMCFace
    private let faces: Faces
    private let hostPower: HostPower
    private let machine: MachineInventory
    private let events: EventLog
    private let known: KnownDrives
    private var guestRuns: [Task<Void, Never>] = []
    private var discoveryRun: Task<Void, Never>?

    /// A bridge on a connection; publishes nothing before ``start()``.
    public init(
        on connection: Connection,
        over transport: any Transport,
        settings: BridgeSettings,
        logger: Logger,
        log: LogControl,
        memory: BridgeMemory = BridgeMemory()
    ) {
        self.connection = connection
        self.transport = transport
        self.settings = settings
        self.logger = logger
        fleet = Fleet(over: transport, settings: settings.fleet, logger: logger)
        directory = MCTPDirectory(
            connection,
            refusalPause: settings.fleet.lastRecoverPause,
            logger: logger
        )
        discovery = MCTPDiscovery(connection, into: fleet, directory, logger: logger)
        diagnostics = Diagnostics(
            on: connection,
            over: transport,
            log: log,
            logger: logger
        )
        manager = Manager(of: fleet, discovery, connection, log: log, logger: logger)
        face = NVMeMIFace(of: fleet, on: connection, manager, logger: logger)
        openBMCFace = OpenBMCFace(of: fleet, on: connection, logger: logger)
        machine = MachineInventory(connection, into: fleet, directory, logger: logger)
        events = EventLog(connection, logger: logger)
        known = KnownDrives(memory, of: fleet, logger: logger) { [discovery] in
            discovery.isServicePresent
        } tell: { [events] event in
            events.add(event)
        }
        manager.known = known
        faces = Faces([face, openBMCFace, machine, events, known])
        hostPower = HostPower(connection, into: fleet, logger: logger)
        let mapOthers = connection.objects.mapError
        connection.objects.mapError = { error in
            (error as? DriveError).map(BusErrors.error) ?? mapOthers(error)
        }
        // What the first looks took, or an answer of everything, is not needed again for a long time.
        fleet.onSettled = { _ = malloc_trim(0) }
        connection.objects.onReplyForgotten = { _ = malloc_trim(0) }
        fleet.directory = directory
        fleet.observer = faces
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
        try face.begin(with: [Interface<Diagnostics>.diagnostics.bound(to: diagnostics)])
        try await discovery.subscribe()
        try await hostPower.begin()
        try await machine.begin()
        try await events.begin()
        guestRuns = [
            EventLoop.main.spawn { [machine] in await machine.run() },
            EventLoop.main.spawn { [events] in await events.run() },
            EventLoop.main.spawn { [known] in await known.run() },
        ]
        discoveryRun = EventLoop.main.spawn { [discovery] in await discovery.run() }
        if discovery.isServicePresent {
            try? await discovery.firstListing.value(
                until: EventLoop.main.now + Self.firstListingTimeLimit
            )
        }
        try await connection.requestName(Self.busName)
        tellWhatIsNotThere()
        events.startEnded(settings.fleet.directoryGrace)
        known.startEnded(settings.fleet.directoryGrace)
        logger.notice(
            "started",
            metadata: [
                "version": "\(Self.version)", "transport": "\(transport.description)",
                "endpoints": "\(fleet.endpoints.count)",
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

    /// Without these there are no drives, and nothing else would say so.
    private func tellWhatIsNotThere() {
        if !discovery.isServicePresent {
            logger.warning("mctpd is not on the bus; drives are shown when it comes")
        }
        if !manager.carrier.isConnected {
            logger.warning(
                "the MCTP carrier is not there; drives are asked when it comes",
                metadata: ["carrier": "\(transport.description)"]
            )
        }
    }

    /// Takes note that the way to all drives is there again, or has gone; when it is back, endpoints that could not be
    /// reached are tried again at once.
    public func carrierChanged(isConnected: Bool) {
        manager.carrierChanged(isConnected: isConnected)
        if isConnected {
            logger.notice("the MCTP carrier is back")
            fleet.carrierReturned()
        } else {
            logger.warning(
                "the MCTP carrier has gone",
                metadata: ["carrier": "\(transport.description)"]
            )
        }
    }

    /// Takes over changed settings; sessions use them from their next command on.
    public func apply(_ settings: BridgeSettings) {
        self.settings = settings
        connection.limits.callsInFlight = settings.calls
        connection.limits.callsInFlightPerUser = settings.callsPerUser
        connection.limits.callsInFlightPerSender = settings.callsPerClient
        directory.refusalPause = settings.fleet.lastRecoverPause
        fleet.apply(settings.fleet)
        openBMCFace.apply(settings.openBMC)
        UserNames.read()
        let policy = AccessPolicy(group: settings.administrators)
        connection.objects.authorize = { policy.refusal(of: $0, to: $1) }
        diagnostics.tellLogLevel()
    }

    /// Ends the bridge: answers the calls that are open, releases the name, takes everything back.
    public func stop() async {
        logger.notice("stopping")
        discoveryRun?.cancel()
        events.end()
        known.end()
        machine.end()
        for run in guestRuns { run.cancel() }
        for run in guestRuns { await run.value }
        await hostPower.end()
        await connection.objects.drain(EventLoop.main.now + settings.shutdownGrace)
        // Their ends are told while the name is still there that clients know them by.
        await fleet.jobs.end(reason: "the bridge is shutting down")
        try? await connection.releaseName(Self.busName)
        await fleet.end(reason: "the bridge is shutting down")
        await discoveryRun?.value
        await diagnostics.close()
        await connection.flush(EventLoop.main.now + .seconds(1))
        logger.notice("stopped")
    }
}
