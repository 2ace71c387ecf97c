import DBus
import EventLoop
import Logging
import MCTP
import NVMeMIDrives

/// Which record of EntityManager an endpoint was set up for, and with it the drive's name and place.
///
/// Who sets mctpd's endpoints up by such records associates them (`configured_by`); the mapper shows the
/// association. All of them are watched and never waited for: everything works without, and gains from them
/// when they come.
@LoopActor
final class MachineInventory: FleetObserver {
    private let connection: Connection
    private let logger: Logger
    private unowned let fleet: Fleet
    private let directory: MCTPDirectory
    private var subscriptions: [Subscription] = []
    /// Endpoints whose record is not known, and how often it was asked for.
    private var unknown: [EndpointAddress: Int] = [:]
    private var isMapperPresent = false
    private var wanted = Promise<Void>()
    private var timer: Timer?

    private static let mapper: BusName = "xyz.openbmc_project.ObjectMapper"
    private static let entityManager: BusName = "xyz.openbmc_project.EntityManager"
    private static let association: InterfaceName = "xyz.openbmc_project.Association"
    private static let properties: InterfaceName = "org.freedesktop.DBus.Properties"
    private static let leaf = "/configured_by"
    private static let timeLimit: Duration = .seconds(5)
    /// An association is made when mctpd has an endpoint already: it is asked for again, after longer and longer
    /// pauses, and then no more before the mapper tells of it.
    private static let attempts = 8
    private static let firstPause: Duration = .milliseconds(500)

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

    func begin() async throws(DBusError) {
        for member in ["InterfacesAdded", "PropertiesChanged"] as [MemberName] {
            subscriptions.append(
                try await connection.subscribe(MatchRule(sender: Self.mapper, member: member)) {
                    [weak self] message in self?.mapperTold(message)
                }
            )
        }
        subscriptions.append(
            try await connection.watchName(
                Self.mapper,
                appeared: { [weak self] _ in
                    guard let self else { return }
                    isMapperPresent = true
                    for address in unknown.keys { unknown[address] = 0 }
                    askSoon()
                },
                vanished: { [weak self] in self?.isMapperPresent = false }
            )
        )
    }

    func end() {
        for subscription in subscriptions { subscription.cancel() }
        subscriptions = []
        timer?.cancel()
    }

    // MARK: Endpoints

    func appeared(_ object: any ModelObject) {
        guard let endpoint = object as? Endpoint,
            fleet.knownPlace(of: endpoint.address) == nil
        else { return }
        unknown[endpoint.address] = 0
        askSoon()
    }

    func changed(_ object: any ModelObject) {}

    func vanished(_ object: any ModelObject) {
        if let endpoint = object as? Endpoint { unknown[endpoint.address] = nil }
    }

    // MARK: The mapper

    private func mapperTold(_ message: Message) {
        var path = message.path?.string
        if let (added, _) = try? message.read(
            ObjectPath.self,
            [String: VariantDictionary].self
        ) {
            path = added.string
        }
        guard let path, path.hasSuffix(Self.leaf),
            let endpoint = try? ObjectPath(String(path.dropLast(Self.leaf.count))),
            let address = directory.address(of: endpoint)
        else { return }
        unknown[address] = 0
        askSoon()
    }

    private func askSoon() {
        guard isMapperPresent else { return }
        wanted.resolve(())
    }

    /// Asks whenever there is something to ask, until cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                try await wanted.value
            } catch {
                return
            }
            wanted = Promise()
            timer?.cancel()
            for (address, count) in unknown where count < Self.attempts {
                guard !Task.isCancelled, isMapperPresent else { break }
                if let place = await place(of: address) {
                    unknown[address] = nil
                    logger.info(
                        "place",
                        metadata: ["endpoint": "\(address)", "name": "\(place.name)"]
                    )
                    fleet.placeBecameKnown(place, of: address)
                } else if unknown[address] == count {
                    // Somebody may have told of it meanwhile.
                    unknown[address] = count + 1
                }
            }
            guard let count = unknown.values.filter({ $0 < Self.attempts }).max() else { continue }
            timer = EventLoop.main.schedule(after: Self.firstPause * (1 << count)) {
                [weak self] in self?.askSoon()
            }
        }
    }

    private func place(of address: EndpointAddress) async -> KnownPlace? {
        guard let endpoint = directory.path(of: address),
            let end = try? ObjectPath(endpoint.string + Self.leaf),
            let ends = await property("endpoints", of: Self.association, at: end, of: Self.mapper)?
                .decode([String].self),
            let record = ends.first.flatMap({ try? ObjectPath($0) }),
            let slash = record.string.lastIndex(of: "/"), slash > record.string.startIndex,
            let chassis = try? ObjectPath(String(record.string[..<slash]))
        else { return nil }
        let name = String(record.string[record.string.index(after: slash)...])
        return KnownPlace(
            name: name,
            location: await location(record) ?? name.replacing("_", with: " "),
            slot: await slot(record),
            chassis: chassis.string
        )
    }

    /// The number of the slot: sdbusplus writes it as wide as the machine's addresses are.
    private func slot(_ record: ObjectPath) async -> UInt32? {
        let told = await property(
            "SlotNumber",
            of: OpenBMCName.interface("Inventory.Decorator.Slot"),
            at: record,
            of: Self.entityManager
        )
        return told?.decode(UInt32.self) ?? told?.decode(UInt64.self).flatMap(UInt32.init(exactly:))
    }

    /// The code of the place, or the record's name as people wrote it.
    private func location(_ record: ObjectPath) async -> String? {
        for (interface, name) in [
            ("Inventory.Decorator.LocationCode", "LocationCode"),
            ("Configuration.MCTPI2CTarget", "Name"), ("Configuration.MCTPI3CTarget", "Name"),
        ] {
            let told = await property(
                name,
                of: OpenBMCName.interface(interface),
                at: record,
                of: Self.entityManager
            )?.decode(String.self)
            if let told, PlaceRule.isName(told) { return told }
        }
        return nil
    }

    private func property(
        _ name: String,
        of interface: InterfaceName,
        at path: ObjectPath,
        of service: BusName
    ) async -> Value? {
        let reply = try? await connection.call(
            destination: service,
            path: path,
            interface: Self.properties,
            member: "Get",
            arguments: interface.string,
            name,
            timeout: Self.timeLimit
        )
        return (try? reply?.read(Variant.self))?.value
    }
}
