import DBus
import EventLoop
import Logging
import MCTP
import NVMeMIDrives

/// Follows mctpd's object tree: what NVMe-MI endpoints there are, now and from now on.
///
/// The matches are in place before the first listing is asked for, and what they bring during a
/// listing is applied after it, so nothing is missed and nothing stale comes back.
@LoopActor
final class MCTPDiscovery {
    private enum Change {
        case added(ObjectPath, [String: VariantDictionary])
        case removed(ObjectPath, [String])
        case connectivity(ObjectPath, String)
    }

    private static let listingTimeLimit: Duration = .seconds(10)
    private static let firstPause: Duration = .seconds(1)
    private static let lastPause: Duration = .seconds(30)

    private let connection: Connection
    private let logger: Logger
    private unowned let fleet: Fleet
    private let directory: MCTPDirectory
    private var subscriptions: [Subscription] = []
    private var isListing = false
    /// Whether mctpd is on the bus, and since when, in milliseconds of Unix time.
    struct Presence {
        let isPresent: Bool
        let since: UInt64

        @LoopActor
        init(_ isPresent: Bool) {
            self.isPresent = isPresent
            since = WallClock.nanoseconds / 1_000_000
        }
    }

    private(set) var presence = Presence(false) { didSet { onPresenceChange?() } }
    var isServicePresent: Bool { presence.isPresent }
    /// Whether mctpd does what it is asked.
    var control: MCTPDirectory.Control { directory.control }
    /// Called when ``presence`` or ``control`` may be another.
    var onPresenceChange: (@LoopActor () -> Void)? {
        didSet { directory.onControlChange = onPresenceChange }
    }
    /// Resolved when the first listing has been tried.
    let firstListing = Promise<Void>()
    /// Changes that came while a listing was under way.
    private var held: [Change] = []
    /// Asks the listing task for a listing; resolved again for each.
    private var listingWanted = Promise<Void>()

    init(
        _ connection: Connection,
        into fleet: Fleet,
        _ directory: MCTPDirectory,
        logger: Logger
    ) {
        self.connection = connection
        self.fleet = fleet
        self.directory = directory
        self.logger = logger
    }

    /// Subscribes to everything; listings follow in ``run()``.
    func subscribe() async throws {
        let manager: InterfaceName = "org.freedesktop.DBus.ObjectManager"
        subscriptions = [
            try await connection.subscribe(
                MatchRule(
                    sender: MCTPService.busName,
                    interface: manager,
                    member: "InterfacesAdded",
                    path: MCTPService.root
                )
            ) { [weak self] message in
                guard
                    let (path, interfaces) = try? message.read(
                        ObjectPath.self,
                        [String: VariantDictionary].self
                    )
                else { return }
                self?.take(.added(path, interfaces))
            },
            try await connection.subscribe(
                MatchRule(
                    sender: MCTPService.busName,
                    interface: manager,
                    member: "InterfacesRemoved",
                    path: MCTPService.root
                )
            ) { [weak self] message in
                guard let (path, names) = try? message.read(ObjectPath.self, [String].self)
                else { return }
                self?.take(.removed(path, names))
            },
            try await connection.subscribe(
                MatchRule(
                    sender: MCTPService.busName,
                    interface: "org.freedesktop.DBus.Properties",
                    member: "PropertiesChanged",
                    pathNamespace: MCTPService.root
                )
            ) { [weak self] message in
                guard
                    let (interface, changed, _) = try? message.read(
                        String.self,
                        VariantDictionary.self,
                        [String].self
                    ),
                    interface == MCTPService.controlInterface.string,
                    let connectivity = changed["Connectivity"]?.decode(String.self),
                    let path = message.path
                else { return }
                self?.take(.connectivity(path, connectivity))
            },
            try await connection.watchName(
                MCTPService.busName,
                appeared: { [weak self] owner in
                    guard let self else { return }
                    logger.notice("mctpd is on the bus", metadata: ["owner": "\(owner)"])
                    presence = Presence(true)
                    directory.serviceAppeared()
                    fleet.directoryAppeared()
                    rescan()
                },
                vanished: { [weak self] in
                    guard let self else { return }
                    if isServicePresent {
                        logger.warning("mctpd left the bus")
                        presence = Presence(false)
                    }
                    held = []
                    fleet.directoryVanished()
                }
            ),
        ]
    }

    /// Asks for a new listing.
    func rescan() {
        listingWanted.resolve(())
    }

    /// Lists mctpd's objects whenever that is asked for, until cancelled; a listing that fails while
    /// mctpd is there is asked for again.
    func run() async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            do {
                try await listingWanted.value
                listingWanted = Promise()
                let isListed = await list()
                firstListing.resolve()
                if isListed {
                    pause = Self.firstPause
                } else if isServicePresent {
                    try await sleep(for: pause)
                    pause = min(pause * 2, Self.lastPause)
                    rescan()
                }
            } catch {
                return
            }
        }
    }

    /// Lists mctpd's objects once and hands them over; false when mctpd did not answer.
    private func list() async -> Bool {
        isListing = true
        let objects = await managedEndpoints()
        isListing = false
        if let objects {
            directory.list(objects)
            fleet.listed(objects.map(\.endpoint))
        }
        let changes = held
        held = []
        for change in changes { apply(change) }
        return objects != nil
    }

    private func managedEndpoints() async -> [MCTPObject]? {
        do {
            let reply = try await connection.call(
                destination: MCTPService.busName,
                path: MCTPService.root,
                interface: "org.freedesktop.DBus.ObjectManager",
                member: "GetManagedObjects",
                timeout: Self.listingTimeLimit
            )
            return try reply.read([ObjectPath: [String: VariantDictionary]].self)
                .compactMap { path, interfaces in
                    MCTPObject(path: path, interfaces: interfaces)
                }
                .sorted { $0.endpoint.address < $1.endpoint.address }
        } catch {
            // Without an owner there is nothing to list; its appearance asks again.
            if isServicePresent {
                logger.error("mctpd does not list its objects", metadata: ["error": "\(error)"])
            }
            return nil
        }
    }

    private func take(_ change: Change) {
        if isListing {
            held.append(change)
        } else {
            apply(change)
        }
    }

    private func apply(_ change: Change) {
        switch change {
        case .added(let path, let interfaces):
            guard let found = MCTPObject(path: path, interfaces: interfaces) else { return }
            directory.add(found)
            fleet.found(found.endpoint)
        case .removed(let path, let names):
            guard names.contains(MCTPService.endpointInterface.string),
                let address = directory.remove(path)
            else { return }
            fleet.lost(address)
        case .connectivity(let path, let value):
            guard let address = directory.address(of: path) else { return }
            fleet.connectivityChanged(address, isConnected: MCTPObject.isConnected(value))
        }
    }
}
