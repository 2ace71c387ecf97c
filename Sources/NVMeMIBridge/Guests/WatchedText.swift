import DBus
import EventLoop

/// A property of another service that is a text, as long as the service is there.
///
/// The service is watched and never waited for: there may be none.
@LoopActor
final class WatchedText {
    private let connection: Connection
    private let service: BusName
    private let path: ObjectPath
    private let interface: InterfaceName
    private let property: String
    private let onChange: @LoopActor () -> Void
    private var subscriptions: [Subscription] = []
    private var question: Task<Void, Never>?
    /// What was told last; nil while nobody tells.
    private(set) var value: String? {
        didSet { if value != oldValue { onChange() } }
    }

    private static let timeLimit: Duration = .seconds(10)
    private static let firstPause: Duration = .milliseconds(500)
    private static let lastPause: Duration = .seconds(60)
    private static let properties: InterfaceName = "org.freedesktop.DBus.Properties"

    init(
        _ property: String,
        of interface: InterfaceName,
        at path: ObjectPath,
        of service: BusName,
        on connection: Connection,
        onChange: @escaping @LoopActor () -> Void
    ) {
        self.connection = connection
        self.service = service
        self.path = path
        self.interface = interface
        self.property = property
        self.onChange = onChange
    }

    /// Watches from now on.
    func begin() async throws(DBusError) {
        subscriptions.append(
            try await connection.subscribe(
                MatchRule(
                    sender: service,
                    interface: Self.properties,
                    member: "PropertiesChanged",
                    path: path
                )
            ) { [weak self] message in
                guard let self,
                    let (name, changed, invalidated) = try? message.read(
                        String.self,
                        VariantDictionary.self,
                        [String].self
                    ),
                    name == interface.string
                else { return }
                guard let text = changed[property]?.decode(String.self) else {
                    // Told without the value.
                    if invalidated.contains(property) { ask() }
                    return
                }
                // What was asked before is older.
                question?.cancel()
                value = text
            }
        )
        subscriptions.append(
            try await connection.watchName(
                service,
                appeared: { [weak self] _ in self?.ask() },
                vanished: { [weak self] in
                    self?.question?.cancel()
                    self?.value = nil
                }
            )
        )
    }

    /// Watches no more, and waits until nothing is under way.
    func end() async {
        for subscription in subscriptions { subscription.cancel() }
        subscriptions = []
        question?.cancel()
        await question?.value
    }

    /// Asks for the value until it is told: there are services that take their name before they have objects.
    private func ask() {
        question?.cancel()
        question = EventLoop.main.spawn { [self] in
            var pause = Self.firstPause
            while !Task.isCancelled {
                if let told = await answer() {
                    if !Task.isCancelled { value = told }
                    return
                }
                try? await sleep(for: pause)
                pause = min(pause * 2, Self.lastPause)
            }
        }
    }

    private func answer() async -> String? {
        let reply = try? await connection.call(
            destination: service,
            path: path,
            interface: Self.properties,
            member: "Get",
            arguments: interface.string,
            property,
            timeout: Self.timeLimit
        )
        return (try? reply?.read(Variant.self))?.value.decode(String.self)
    }
}
