/// The daemon's objects as one sees drives: endpoints with their ports, controllers and namespaces.
struct Inventory: Equatable, Sendable {
    /// One object of the bus with the properties of all its interfaces, in the order of their names.
    struct Object: Equatable, Sendable {
        var path: String
        var properties: Datum

        /// The number that the last part of the path is: of a port, a controller, a namespace.
        var number: UInt32? { path.split(separator: "/").last.flatMap { UInt32($0) } }
    }

    /// A drive, with the ways to it; without an object of its own while the daemon does not know whose endpoint it is.
    struct Drive: Equatable, Sendable {
        var object: Object?
        /// The one that commands take comes first.
        var endpoints: [Endpoint]

        /// Whether it is what another listing has.
        func isSame(as other: Drive) -> Bool {
            object == nil
                ? endpoints.first?.path == other.endpoints.first?.path
                : object?.path == other.object?.path
        }
    }

    struct Endpoint: EndpointCandidate, Equatable, Sendable {
        var network: UInt32
        var endpoint: UInt8
        var object: Object
        var ports: [Object] = []
        var controllers: [Object] = []
        var namespaces: [Object] = []

        var path: String { object.path }
        /// As it is written in tables, and understood as a name.
        var address: String { "\(network):\(endpoint)" }
        var serialNumbers: [String] {
            controllers.compactMap { $0.properties["SerialNumber"]?.nonEmptyText }
        }

        /// A property of the endpoint, else of the first of its controllers that knows it: one drive's
        /// controllers share model, serial number and firmware.
        func property(_ name: String) -> Datum? {
            let objects = [object] + controllers
            return objects.lazy.compactMap { $0.properties[name] }.first {
                $0 != .text("") && $0 != .null
            }
        }
    }

    static let root = "/xyz/openbmc_project/nvme_mi"

    /// Sorted by network and endpoint ID.
    var endpoints: [Endpoint] = []
    /// In the order of their first endpoints.
    var drives: [Drive] = []
    /// Those that were there.
    var missing: [MissingDrive] = []

    /// Sorts what the daemon's ObjectManager lists into endpoints; objects elsewhere are left out.
    init(_ objects: [Object], missing: [MissingDrive] = []) {
        self.missing = missing
        var found: [Place: Endpoint] = [:]
        for object in objects {
            guard let (place, rest) = Place.parse(object.path), rest.isEmpty else { continue }
            found[place] = Endpoint(
                network: place.network,
                endpoint: place.endpoint,
                object: object
            )
        }
        for object in objects.sorted(by: { ($0.number ?? 0) < ($1.number ?? 0) }) {
            guard let (place, rest) = Place.parse(object.path), rest.count == 2 else { continue }
            switch rest[0] {
            case "ports": found[place]?.ports.append(object)
            case "controllers": found[place]?.controllers.append(object)
            case "namespaces": found[place]?.namespaces.append(object)
            default: break
            }
        }
        endpoints = found.values.sorted {
            ($0.network, $0.endpoint) < ($1.network, $1.endpoint)
        }
        drives = Inventory.drives(objects, endpoints)
    }

    /// Every endpoint belongs to one drive.
    private static func drives(_ objects: [Object], _ endpoints: [Endpoint]) -> [Drive] {
        var known: [String: Object] = [:]
        for object in objects where object.path.hasPrefix(root + "/drives/") {
            known[object.path] = object
        }
        var order: [String] = []
        var ways: [String: [Endpoint]] = [:]
        for endpoint in endpoints {
            let drive = endpoint.object.properties["Drive"]?.nonEmptyText
            let key = drive.flatMap { known[$0] == nil ? nil : $0 } ?? endpoint.path
            if ways[key] == nil { order.append(key) }
            ways[key, default: []].append(endpoint)
        }
        return order.map { key in
            let active = known[key]?.properties["ActiveEndpoint"]
            let ways = ways[key] ?? []
            return Drive(
                object: known[key],
                endpoints: ways.filter { .text($0.path) == active }
                    + ways.filter { .text($0.path) != active }
            )
        }
    }

    /// Where an endpoint is, as its object path says.
    private struct Place: Hashable {
        var network: UInt32
        var endpoint: UInt8

        /// The endpoint that a path belongs to, and the parts of the path below it.
        static func parse(_ path: String) -> (place: Place, rest: [Substring])? {
            guard path.hasPrefix(Inventory.root + "/") else { return nil }
            let parts = path.dropFirst(Inventory.root.count).split(separator: "/")
            guard parts.count >= 4, parts[0] == "networks", parts[2] == "endpoints",
                let network = UInt32(parts[1]), let endpoint = UInt8(parts[3])
            else { return nil }
            return (Place(network: network, endpoint: endpoint), Array(parts[4...]))
        }
    }
}
