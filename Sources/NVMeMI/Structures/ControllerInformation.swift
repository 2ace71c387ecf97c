/// Controller Information (DTYP 03h): where a controller is and which PCI device it appears as.
public struct ControllerInformation: WireStructure {
    /// The port that the controller is on.
    public var port: UInt8 = 0
    /// True when the PCIe routing identifier is valid.
    public var isRoutingIdentifierValid = false
    /// PCIe routing identifier: bus 15:8, device 7:3, function 2:0.
    public var routingIdentifier: UInt16 = 0
    /// PCI vendor identifier.
    public var vendorID: UInt16 = 0
    /// PCI device identifier.
    public var deviceID: UInt16 = 0
    /// PCI subsystem vendor identifier.
    public var subsystemVendorID: UInt16 = 0
    /// PCI subsystem identifier.
    public var subsystemID: UInt16 = 0
    /// PCIe segment; devices before NVMe-MI 2.0 leave it 0.
    public var segment: UInt8 = 0

    /// A controller on port 0 without PCI identity.
    public init() {}

    /// The fields and their places.
    public static let layout = Layout<Self>("Controller Information", size: 32) {
        Field("PortIdentifier", at: 0, \.port)
        Field(
            "PCIeRoutingIdentifierValid",
            at: 5,
            bit: 0,
            \.isRoutingIdentifierValid,
            shown: .hidden
        )
        Field("PCIeRoutingIdentifier", at: 6, \.routingIdentifier, shown: .hidden)
        Field(derived: "PCIeRoutingIdentifier") { structure in
            structure.isRoutingIdentifierValid ? .unsigned16(structure.routingIdentifier) : nil
        }
        Field("VendorID", at: 8, \.vendorID)
        Field("DeviceID", at: 10, \.deviceID)
        Field("SubsystemVendorID", at: 12, \.subsystemVendorID)
        Field("SubsystemID", at: 14, \.subsystemID)
        Field("PCIeSegment", at: 16, \.segment)
    }
}
