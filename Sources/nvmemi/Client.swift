import DBus
import EventLoop

/// The daemon as a client of the bus sees it.
@LoopActor
final class Client {
    static let busName = "xyz.openbmc_project.NVMeMI"

    private let connection: Connection
    private let timeout: Duration

    private init(_ connection: Connection, timeout: Duration) {
        self.connection = connection
        self.timeout = timeout
    }

    /// Connects to a bus; whether the daemon is on it shows with the first call.
    static func connect(to bus: BusAddress, timeout: Duration) throws(DBusError) -> Client {
        Client(try Connection.open(bus), timeout: timeout)
    }

    func close() { connection.close() }

    /// Calls a method of one of the daemon's own interfaces, whose name is given from `NVMeMI.` on.
    func call(
        _ path: String,
        _ interface: String,
        _ member: String,
        _ arguments: [any DBusType] = [],
        timeout: Duration? = nil
    ) async throws -> Message {
        try await connection.call(
            destination: BusName(Client.busName),
            path: ObjectPath(path),
            interface: InterfaceName("\(Client.busName).\(interface)"),
            member: MemberName(member),
            argumentList: arguments,
            timeout: timeout ?? self.timeout
        )
    }

    /// Calls a method that answers with named values.
    func dictionary(
        _ path: String,
        _ interface: String,
        _ member: String,
        _ arguments: (any DBusType)...,
        timeout: Duration? = nil
    ) async throws -> Datum {
        let reply = try await call(path, interface, member, arguments, timeout: timeout)
        return Datum(try reply.read(VariantDictionary.self))
    }

    /// Calls a method that answers with a list of named values.
    func dictionaries(
        _ path: String,
        _ interface: String,
        _ member: String,
        _ arguments: (any DBusType)...
    ) async throws -> Datum {
        let reply = try await call(path, interface, member, arguments)
        return .list(try reply.read([VariantDictionary].self).map { Datum($0) })
    }

    /// The properties of one of the daemon's own interfaces.
    func properties(_ path: String, _ interface: String) async throws -> VariantDictionary {
        let reply = try await connection.call(
            destination: BusName(Client.busName),
            path: ObjectPath(path),
            interface: "org.freedesktop.DBus.Properties",
            member: "GetAll",
            arguments: "\(Client.busName).\(interface)",
            timeout: timeout
        )
        return try reply.read(VariantDictionary.self)
    }

    /// Sets a property of one of the daemon's own interfaces.
    func setProperty(
        _ path: String,
        _ interface: String,
        _ name: String,
        _ value: some DBusType
    ) async throws {
        _ = try await connection.call(
            destination: BusName(Client.busName),
            path: ObjectPath(path),
            interface: "org.freedesktop.DBus.Properties",
            member: "Set",
            arguments: "\(Client.busName).\(interface)",
            name,
            Variant(value.dbusValue),
            timeout: timeout
        )
    }

    /// Whether the daemon is on the bus; it is not started for the question.
    func isDaemonThere() async throws -> Bool {
        let reply = try await connection.call(
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "NameHasOwner",
            arguments: Client.busName,
            timeout: timeout
        )
        return try reply.read(Bool.self)
    }

    /// Has a handler called with properties of one of the daemon's own interfaces that have changed.
    func observe(
        _ path: String,
        _ interface: String,
        _ handler: @escaping @LoopActor (VariantDictionary) -> Void
    ) async throws -> Subscription {
        let rule = MatchRule(
            sender: try BusName(Client.busName),
            interface: "org.freedesktop.DBus.Properties",
            member: "PropertiesChanged",
            path: try ObjectPath(path),
            arguments: [0: "\(Client.busName).\(interface)"]
        )
        return try await connection.subscribe(rule) { signal in
            guard
                let (_, changed, _) = try? signal.read(
                    String.self,
                    VariantDictionary.self,
                    [String].self
                )
            else { return }
            handler(changed)
        }
    }

    /// Has a handler called with every signal that a rule fits.
    func subscribe(
        _ rule: MatchRule,
        _ handler: @escaping @LoopActor () -> Void
    ) async throws -> Subscription {
        try await connection.subscribe(rule) { _ in handler() }
    }

    /// Has a handler called when the daemon is not on the bus.
    func watchDaemon(gone: @escaping @LoopActor () -> Void) -> Subscription {
        connection.watchClient(Client.busName, gone: gone)
    }

    /// All objects of the daemon in one round trip, without any to a drive.
    func inventory() async throws -> Inventory {
        let reply = try await connection.call(
            destination: BusName(Client.busName),
            path: ObjectPath(Inventory.root),
            interface: "org.freedesktop.DBus.ObjectManager",
            member: "GetManagedObjects",
            timeout: timeout
        )
        let objects = try reply.read([ObjectPath: [String: VariantDictionary]].self)
        // The daemon's own object is none of those that it manages.
        let manager = Datum(try await properties(Inventory.root, "Manager1"))
        return Inventory(
            objects.map { path, interfaces in
                // Interfaces come in no order: sorted by name, the same drive always reads the same.
                let entries =
                    interfaces
                    .filter { $0.key.hasPrefix(Client.busName + ".") }
                    .sorted { $0.key < $1.key }
                    .flatMap { Datum.entries($0.value) }
                return .init(path: path.string, properties: .dictionary(entries))
            },
            missing: MissingDrive.all(of: manager)
        )
    }

    /// The endpoint that a name means.
    func endpoint(_ name: EndpointName) async throws -> Inventory.Endpoint {
        try await inventory().endpoint(named: name)
    }

    /// The controller that a name means: the one it gives, else the first of the endpoint.
    func controller(_ name: EndpointName) async throws -> Inventory.Object {
        let endpoint = try await endpoint(name)
        if let number = name.controller {
            if let found = endpoint.controllers.first(where: { $0.number == UInt32(number) }) {
                return found
            }
            let known = endpoint.controllers.compactMap { $0.number.map(String.init) }
            throw Failure(
                .noEndpoint,
                "Endpoint \(endpoint.address) has no controller \(number).",
                advice: known.isEmpty ? nil : "It has: " + known.joined(separator: ", ")
            )
        }
        guard let first = endpoint.controllers.first else {
            throw Failure(
                .noEndpoint,
                "The daemon knows no controller behind endpoint \(endpoint.address).",
                advice:
                    "Its state is \(endpoint.property("State").map(Quantity.plain) ?? "unknown")."
            )
        }
        return first
    }
}
