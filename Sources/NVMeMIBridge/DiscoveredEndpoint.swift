import DBus
import MCTP

/// An NVMe-MI endpoint as mctpd describes it.
struct DiscoveredEndpoint: Equatable, Sendable {
    /// mctpd's object.
    let path: ObjectPath
    let address: EndpointAddress
    /// As mctpd writes it; empty when the endpoint has none.
    private(set) var uuid: String
    /// False while mctpd reports the endpoint's connectivity as Degraded.
    private(set) var isConnected: Bool
    /// Whether mctpd can recover the endpoint and set its route.
    let isControllable: Bool

    /// Whether it can be the same thing in the same place, whatever its connectivity.
    ///
    /// A UUID that one of them does not tell is no difference.
    func canBeSameEndpoint(as other: DiscoveredEndpoint) -> Bool {
        address == other.address
            && (identity == nil || other.identity == nil || identity == other.identity)
    }

    /// The UUID, where it tells anything: there are drives with a UUID of zeroes.
    var identity: String? {
        uuid.contains { $0 != "0" && $0 != "-" } ? uuid : nil
    }

    /// Reads an object's interfaces and properties; nil for objects that are no NVMe-MI endpoint.
    ///
    /// `NetworkId` is `u` since mctpd 2.0 and was `i` before; both are read.
    init?(path: ObjectPath, interfaces: [String: VariantDictionary]) {
        guard let endpoint = interfaces[MCTPService.endpointInterface.string],
            let types = endpoint["SupportedMessageTypes"]?.decode([UInt8].self),
            types.contains(MessageType.nvmeManagementInterface.rawValue),
            let eid = endpoint["EID"]?.integer.flatMap(UInt8.init(exactly:)),
            let network = endpoint["NetworkId"]?.integer.flatMap(UInt32.init(exactly:))
        else { return nil }
        self.path = path
        address = EndpointAddress(
            network: NetworkID(rawValue: network),
            endpoint: EndpointID(rawValue: eid)
        )
        uuid = interfaces[MCTPService.uuidInterface.string]?["UUID"]?.decode(String.self) ?? ""
        isControllable = interfaces[MCTPService.controlInterface.string] != nil
        isConnected =
            interfaces[MCTPService.controlInterface.string]?["Connectivity"]?.decode(String.self)
            .map(Self.isConnected) ?? true
    }

    /// With the UUID that is known from before where this listing tells none.
    func completed(from known: DiscoveredEndpoint) -> DiscoveredEndpoint {
        var changed = self
        if changed.uuid.isEmpty { changed.uuid = known.uuid }
        return changed
    }

    /// The same endpoint with another connectivity.
    func with(isConnected: Bool) -> DiscoveredEndpoint {
        var changed = self
        changed.isConnected = isConnected
        return changed
    }

    /// Whether this value of `Connectivity` means that the endpoint can be talked to.
    static func isConnected(_ connectivity: String) -> Bool {
        connectivity != "Degraded"
    }
}
