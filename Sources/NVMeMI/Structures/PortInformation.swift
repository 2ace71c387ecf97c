/// Port Information (DTYP 01h): what a port is and can do.
public struct PortInformation: WireStructure {
    /// What kind of port it is; tells which of the parts below is there.
    public var type = PortType.inactive
    /// What the management endpoint on the port can do.
    public var capabilities: PortCapabilities = []
    /// Greatest MCTP transmission unit in bytes of payload; at least 64.
    public var maximumTransmissionUnitSize: UInt16 = 0
    /// Size of the Management Endpoint Buffer in bytes, 0 when there is none.
    public var managementEndpointBufferSize: UInt32 = 0
    /// What a PCIe port is.
    public var pcie: PCIePort?
    /// What a 2-wire port is.
    public var twoWire: TwoWirePort?

    /// An inactive port.
    public init() {}

    /// The fields and their places.
    public static let layout = Layout<Self>("Port Information", size: 32) {
        Field("PortType", at: 0, \.type)
        Field("Capabilities", at: 1, \.capabilities)
        Field("MaximumTransmissionUnitSize", at: 2, \.maximumTransmissionUnitSize)
        Field("ManagementEndpointBufferSize", at: 4, \.managementEndpointBufferSize)
        Field(part: "PCIePort", at: 8, \.pcie) { $0.type == .pcie }
        Field(part: "TwoWirePort", at: 8, \.twoWire) { $0.type == .twoWire }
    }
}

/// What kind of port it is.
public struct PortType: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The type with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not in use.
    public static let inactive = Self(rawValue: 0)
    /// PCI Express.
    public static let pcie = Self(rawValue: 1)
    /// SMBus, I2C or I3C.
    public static let twoWire = Self(rawValue: 2)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Inactive", 1: "PCIe", 2: "TwoWire",
    ]
}

/// What the management endpoint on a port can do.
public struct PortCapabilities: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The capabilities with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A command may make the endpoint pause.
    public static let commandInitiatedAutoPause = Self(rawValue: 1 << 0)
    /// The endpoint can send asynchronous event messages on the port.
    public static let asynchronousEventMessages = Self(rawValue: 1 << 1)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "CommandInitiatedAutoPause"),
        (1, "AsynchronousEventMessages"),
    ]
}

/// What a PCIe port is: the part of Port Information from byte 8 on.
public struct PCIePort: WireStructure {
    /// Greatest payload as a power of two times 128 bytes.
    public var maximumPayloadSize: UInt8 = 0
    /// Link speeds that the port can have.
    public var supportedLinkSpeeds: PCIeLinkSpeeds = []
    /// Speed of the link now.
    public var currentLinkSpeed = PCIeLinkSpeed.down
    /// Greatest number of lanes.
    public var maximumLinkWidth: UInt8 = 0
    /// Number of lanes now, 0 when the link is down.
    public var negotiatedLinkWidth: UInt8 = 0
    /// PCIe number of the port.
    public var portNumber: UInt8 = 0

    /// A port whose link is down.
    public init() {}

    /// The fields and their places, from byte 8 of Port Information.
    public static let layout = Layout<Self>("PCIe port information", size: 24) {
        // 128 bytes times a power of two; codes above 5 have no meaning.
        Field(
            "MaximumPayloadSize",
            at: 0,
            \.maximumPayloadSize,
            shown: .with { $0 <= 5 ? .unsigned16(128 << UInt16($0)) : nil }
        )
        Field("SupportedLinkSpeeds", at: 1, \.supportedLinkSpeeds)
        Field("CurrentLinkSpeed", at: 2, \.currentLinkSpeed)
        Field("MaximumLinkWidth", at: 3, \.maximumLinkWidth)
        Field("NegotiatedLinkWidth", at: 4, \.negotiatedLinkWidth)
        Field("PCIePortNumber", at: 5, \.portNumber)
    }
}

/// The speed of a PCIe link.
public struct PCIeLinkSpeed: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The speed with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No link.
    public static let down = Self(rawValue: 0)

    /// Names in words; speeds in gigatransfers per second.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Down", 1: "2.5GT/s", 2: "5GT/s", 3: "8GT/s", 4: "16GT/s", 5: "32GT/s", 6: "64GT/s",
    ]
}

/// Speeds that a PCIe link can have.
public struct PCIeLinkSpeeds: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The speeds with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Names of the bits; speeds in gigatransfers per second.
    public static let names: [(bit: Int, name: String)] = [
        (0, "2.5GT/s"), (1, "5GT/s"), (2, "8GT/s"), (3, "16GT/s"), (4, "32GT/s"), (5, "64GT/s"),
    ]
}

/// What a 2-wire port is: the part of Port Information from byte 8 on.
///
/// Addresses are in 8-bit form, as the management endpoint's 3Ah.
public struct TwoWirePort: WireStructure {
    /// Address of the Vital Product Data now, 0 for none.
    public var vpdAddress: UInt8 = 0
    /// Greatest frequency at which the Vital Product Data can be read.
    public var maximumVPDFrequency = SMBusFrequency.notSupported
    /// Address of the management endpoint now, 0 for none.
    public var managementEndpointAddress: UInt8 = 0
    /// Greatest frequency of the management endpoint.
    public var maximumManagementEndpointFrequency = SMBusFrequency.notSupported
    /// True when the port can work as I3C.
    public var supportsI3C = false
    /// True when the NVMe Basic Management Command is supported.
    public var supportsBasicManagement = false

    /// A port without addresses.
    public init() {}

    /// The fields and their places, from byte 8 of Port Information.
    public static let layout = Layout<Self>("2-wire port information", size: 24) {
        Field("VPDAddress", at: 0, \.vpdAddress, shown: .nonZero)
        Field("MaximumVPDFrequency", at: 1, \.maximumVPDFrequency)
        Field("ManagementEndpointAddress", at: 2, \.managementEndpointAddress, shown: .nonZero)
        Field(
            "MaximumManagementEndpointFrequency",
            at: 3,
            bits: 0...1,
            \.maximumManagementEndpointFrequency
        )
        Field("I3CSupported", at: 3, bit: 7, \.supportsI3C)
        Field("BasicManagementSupported", at: 4, bit: 0, \.supportsBasicManagement)
    }
}
