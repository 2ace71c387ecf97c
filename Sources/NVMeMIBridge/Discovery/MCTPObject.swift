import DBus
import MCTP
import NVMeMIDrives

/// An object of mctpd that is an NVMe-MI endpoint.
struct MCTPObject {
    let path: ObjectPath
    let endpoint: FoundEndpoint

    /// Reads an object's interfaces and properties; nil for objects that are no NVMe-MI endpoint.
    ///
    /// `NetworkId` is `u` since mctpd 2.0 and was `i` before; both are read. What no endpoint of mctpd can be,
    /// by its path or its endpoint ID, is passed over.
    init?(path: ObjectPath, interfaces: [String: VariantDictionary]) {
        guard path.isDescendant(of: MCTPService.root),
            let described = interfaces[MCTPService.endpointInterface.string],
            let types = described["SupportedMessageTypes"]?.decode([UInt8].self),
            types.contains(MessageType.nvmeManagementInterface.rawValue),
            let eid = described["EID"]?.integer.flatMap(UInt8.init(exactly:)),
            Self.endpointIDs.contains(eid),
            let network = described["NetworkId"]?.integer.flatMap(UInt32.init(exactly:))
        else { return nil }
        let control = interfaces[MCTPService.controlInterface.string]
        self.path = path
        endpoint = FoundEndpoint(
            address: EndpointAddress(
                network: NetworkID(rawValue: network),
                endpoint: EndpointID(rawValue: eid)
            ),
            uuid: interfaces[MCTPService.uuidInterface.string]?["UUID"]?.decode(String.self) ?? "",
            isConnected: control?["Connectivity"]?.decode(String.self).map(Self.isConnected)
                ?? true,
            isControllable: control != nil
        )
    }

    /// The endpoint IDs that endpoints can have: 0 to 7 are reserved, 255 is for all (DSP0236).
    private static let endpointIDs: ClosedRange<UInt8> = 8...254

    /// Whether this value of `Connectivity` means that the endpoint can be talked to.
    static func isConnected(_ connectivity: String) -> Bool {
        connectivity != "Degraded"
    }
}
