public import MCTP

/// An NVMe-MI endpoint as the directory of endpoints describes it.
public struct FoundEndpoint: Equatable, Sendable {
    /// Where it is.
    public let address: EndpointAddress
    /// As the directory writes it; empty when the endpoint has none.
    public internal(set) var uuid: String
    /// False while the directory reports that the endpoint cannot be reached.
    public internal(set) var isConnected: Bool
    /// Where it is on its medium; nil when the carrier does not know.
    public internal(set) var physicalAddress: PhysicalAddress?
    /// Whether the directory can recover the endpoint and set its route.
    public let isControllable: Bool

    /// A description of its parts.
    public init(
        address: EndpointAddress,
        uuid: String = "",
        isConnected: Bool = true,
        isControllable: Bool = true
    ) {
        self.address = address
        self.uuid = uuid
        self.isConnected = isConnected
        self.isControllable = isControllable
    }

    /// Whether it can be the same thing in the same place, whatever its connectivity.
    ///
    /// A UUID, or a physical address, that one of them does not tell is no difference.
    func canBeSameEndpoint(as other: FoundEndpoint) -> Bool {
        address == other.address
            && (identity == nil || other.identity == nil || identity == other.identity)
            && (physicalAddress == nil || other.physicalAddress == nil
                || physicalAddress == other.physicalAddress)
    }

    /// The UUID, where it tells anything: there are drives with a UUID of zeroes.
    var identity: String? {
        uuid.contains { $0 != "0" && $0 != "-" } ? uuid : nil
    }

    /// With the UUID and the physical address that are known from before where this description tells none.
    func completed(from known: FoundEndpoint) -> FoundEndpoint {
        var changed = self
        if changed.uuid.isEmpty { changed.uuid = known.uuid }
        changed.physicalAddress = changed.physicalAddress ?? known.physicalAddress
        return changed
    }

    /// The same endpoint with another connectivity.
    func with(isConnected: Bool) -> FoundEndpoint {
        var changed = self
        changed.isConnected = isConnected
        return changed
    }
}
