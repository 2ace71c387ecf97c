/// One port of the simulated NVM subsystem.
public struct PortDescription: Sendable, Hashable {
    /// What the port is wired for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The port exists and is switched off.
        case inactive
        /// A PCI Express port.
        case pcie
        /// An SMBus, I2C or I3C port.
        case twoWire = "two-wire"
    }

    /// A clock of a two-wire port, coded as NVMe-MI codes it.
    public enum Frequency: UInt8, Sendable, Hashable, CaseIterable, Comparable {
        /// The port is not clocked.
        case none = 0
        /// 100 kHz.
        case standard = 1
        /// 400 kHz.
        case fast = 2
        /// 1 MHz.
        case fastPlus = 3

        /// Orders by speed.
        public static func < (left: Frequency, right: Frequency) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// Port identifier; identifiers count from 0 without gaps.
    public var number: UInt8
    /// What the port is wired for.
    public var kind: Kind
    /// Whether requesters reach a Management Endpoint through this port; each such port gets an
    /// endpoint identifier of its own.
    public var isManaged: Bool
    /// Command Initiated Auto Pause is supported.
    public var supportsAutoPause = false
    /// Asynchronous Event Messages are sent through the port.
    public var supportsAsynchronousEvents = false
    /// Largest MCTP transmission unit, bytes of payload in a packet; at least 64.
    public var maximumTransmissionUnit: UInt16 = 64
    /// Size of the Management Endpoint Buffer in bytes; 0 when there is none.
    public var managementEndpointBufferSize: UInt32 = 0

    /// PCIe: maximum payload size as coded (0 = 128 bytes … 5 = 4096 bytes).
    public var maximumPayloadSize: UInt8 = 2
    /// PCIe: supported link speeds, one bit each from 2.5 GT/s upwards.
    public var supportedLinkSpeeds: UInt8 = 0x0F
    /// PCIe: link speed now as coded (0 = link down, 4 = 16 GT/s).
    public var currentLinkSpeed: UInt8 = 4
    /// PCIe: maximum link width in lanes.
    public var maximumLinkWidth: UInt8 = 4
    /// PCIe: negotiated link width in lanes, 0 when the link is down.
    public var negotiatedLinkWidth: UInt8 = 4
    /// PCIe: number of the port in the PCIe sense.
    public var pciePortNumber: UInt8 = 0

    /// Two-wire: address of the VPD device in 8-bit form; 0 when there is none.
    public var vpdAddress: UInt8 = 0xA6
    /// Two-wire: highest clock of the VPD device.
    public var vpdFrequency: Frequency = .fast
    /// Two-wire: highest clock of the Management Endpoint.
    public var maximumFrequency: Frequency = .fast
    /// Two-wire: highest clock at which what the Management Endpoint sends arrives.
    public var heardFrequency: Frequency = .fastPlus
    /// Two-wire: address of the Management Endpoint in 8-bit form; 0 when there is none.
    public var endpointAddress: UInt8 = 0x3A
    /// Two-wire: the port can be run as I3C.
    public var supportsI3C = false
    /// Two-wire: the NVMe Basic Management Command is supported.
    public var supportsBasicManagement = true

    /// A port with the values a current drive has.
    ///
    /// - Parameters:
    ///   - number: Port identifier.
    ///   - kind: What the port is wired for.
    ///   - isManaged: Whether a Management Endpoint answers on it.
    public init(number: UInt8, kind: Kind, isManaged: Bool = false) {
        self.number = number
        self.kind = kind
        self.isManaged = isManaged
        if kind == .twoWire { maximumTransmissionUnit = 250 }
    }

    /// A PCIe port whose link is up.
    var isLinkActive: Bool {
        kind == .pcie && currentLinkSpeed != 0 && negotiatedLinkWidth != 0
    }
}
