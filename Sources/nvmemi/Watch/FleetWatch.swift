import DBus
import EventLoop

/// Follows the drives: by signals, without a question to any of them.
///
/// Signals say that something is different; what, one look at all objects tells, so that nothing that came too fast is
/// missed. Looks are apart by a pause.
@LoopActor
final class FleetWatch {
    private let client: Client
    private let names: [EndpointName]
    private var subscriptions: [Subscription] = []
    private var news = Promise<Void>()
    /// As they were at the last look.
    private(set) var drives: [DriveSummary] = []
    private static let pause = Duration.milliseconds(100)

    init(_ client: Client, of names: [EndpointName]) {
        self.client = client
        self.names = names
    }

    /// Begins to follow them, and looks for the first time.
    ///
    /// - Throws: `Failure`; when there is none of the drives that are named among others.
    func begin() async throws {
        subscriptions = try await client.observeAll { [weak self] in self?.news.resolve() }
        subscriptions.append(
            client.watchDaemon { [weak self] in
                self?.news.fail(Failure(.noDaemon, "The daemon has left the bus."))
            }
        )
        drives = try chosen(try await client.inventory(), isFirst: true)
    }

    /// Waits until something is different, or a time is over, and looks again.
    ///
    /// - Returns: What is different.
    func changes(within limit: Duration? = nil) async throws -> [FleetChange] {
        if let limit {
            do {
                try await news.value(until: EventLoop.main.now + limit)
            } catch is DeadlineExceeded {
                return []
            }
        } else {
            try await news.value
        }
        news = Promise()
        let old = drives
        drives = try chosen(try await client.inventory(), isFirst: false)
        let changes = FleetChange.between(old, drives)
        try await sleep(for: Self.pause)
        return changes
    }

    func end() {
        for subscription in subscriptions { subscription.cancel() }
    }

    private var watched: Set<String> = []

    /// Those that are named, by whatever address and name they have later.
    private func chosen(_ inventory: Inventory, isFirst: Bool) throws(Failure) -> [DriveSummary] {
        guard !names.isEmpty else { return inventory.summaries }
        let all = inventory.summaries.byIdentity
        if isFirst {
            for name in names {
                let drive = DriveSummary(try inventory.drive(named: name))
                watched.formUnion(all.filter { $0.drive == drive }.map(\.identity))
            }
        }
        return all.filter { watched.contains($0.identity) }.map(\.drive)
    }
}

extension Client {
    /// Has a handler called whenever a property of any of the daemon's objects changes, or one comes or goes.
    func observeAll(_ handler: @escaping @LoopActor () -> Void) async throws -> [Subscription] {
        let daemon = try BusName(Client.busName)
        let root = try ObjectPath(Inventory.root)
        let changes = MatchRule(
            sender: daemon,
            interface: "org.freedesktop.DBus.Properties",
            member: "PropertiesChanged",
            pathNamespace: root
        )
        let objects = MatchRule(
            sender: daemon,
            interface: "org.freedesktop.DBus.ObjectManager",
            path: root
        )
        return [
            try await subscribe(changes, handler), try await subscribe(objects, handler),
        ]
    }
}
