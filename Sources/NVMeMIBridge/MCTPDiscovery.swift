import DBus
import EventLoop
import Logging

/// Follows mctpd's object tree: what NVMe-MI endpoints there are, now and from now on.
///
/// The matches are in place before the first listing is asked for, and what they bring during a
/// listing is applied after it, so nothing is missed and nothing stale comes back.
@LoopActor
final class MCTPDiscovery {
    /// Whoever acts on what is found.
    @LoopActor
    protocol Delegate: AnyObject {
        /// All endpoints, after mctpd appeared or a rescan; those not in the list are gone.
        func discovered(_ endpoints: [DiscoveredEndpoint])
        func appeared(_ endpoint: DiscoveredEndpoint)
        func vanished(_ path: ObjectPath)
        func connectivityChanged(_ path: ObjectPath, isConnected: Bool)
        /// mctpd came to the bus; a listing follows.
        func serviceAppeared()
        /// mctpd left the bus; its endpoints may well still be reachable.
        func serviceVanished()
    }

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
    private weak var delegate: (any Delegate)?
    private var subscriptions: [Subscription] = []
    private var isListing = false
    private(set) var isServicePresent = false
    /// Resolved when the first listing has been tried.
    let firstListing = Promise<Void>()
    /// Changes that came while a listing was under way.
    private var held: [Change] = []
    /// Asks the listing task for a listing; resolved again for each.
    private var listingWanted = Promise<Void>()

    init(_ connection: Connection, logger: Logger, delegate: any Delegate) {
        self.connection = connection
        self.logger = logger
        self.delegate = delegate
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
                    logger.info("mctpd is on the bus", metadata: ["owner": "\(owner)"])
                    isServicePresent = true
                    delegate?.serviceAppeared()
                    rescan()
                },
                vanished: { [weak self] in
                    guard let self else { return }
                    if isServicePresent { logger.warning("mctpd left the bus") }
                    isServicePresent = false
                    held = []
                    delegate?.serviceVanished()
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
        let endpoints = await managedEndpoints()
        isListing = false
        if let endpoints { delegate?.discovered(endpoints) }
        let changes = held
        held = []
        for change in changes { apply(change) }
        return endpoints != nil
    }

    private func managedEndpoints() async -> [DiscoveredEndpoint]? {
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
                    DiscoveredEndpoint(path: path, interfaces: interfaces)
                }
                .sorted { $0.address < $1.address }
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
            guard let found = DiscoveredEndpoint(path: path, interfaces: interfaces) else { return }
            delegate?.appeared(found)
        case .removed(let path, let names):
            guard names.contains(MCTPService.endpointInterface.string) else { return }
            delegate?.vanished(path)
        case .connectivity(let path, let value):
            delegate?.connectivityChanged(
                path,
                isConnected: DiscoveredEndpoint.isConnected(value)
            )
        }
    }
}
