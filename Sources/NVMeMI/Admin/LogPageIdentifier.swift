/// A log page (LID).
public struct LogPageIdentifier: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The log page with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Which log pages there are.
    public static let supportedLogPages = Self(rawValue: 0x00)
    /// The newest errors, `ErrorLogEntry` each.
    public static let errorInformation = Self(rawValue: 0x01)
    /// `SmartLog`.
    public static let smart = Self(rawValue: 0x02)
    /// `FirmwareSlotLog`.
    public static let firmwareSlot = Self(rawValue: 0x03)
    /// Namespaces that changed.
    public static let changedNamespaces = Self(rawValue: 0x04)
    /// What commands there are and what they change.
    public static let commandEffects = Self(rawValue: 0x05)
    /// `SelfTestLog`.
    public static let deviceSelfTest = Self(rawValue: 0x06)
    /// Telemetry that the host asks for.
    public static let telemetryHostInitiated = Self(rawValue: 0x07)
    /// Telemetry that the controller collected by itself.
    public static let telemetryControllerInitiated = Self(rawValue: 0x08)
    /// Health of an endurance group.
    public static let enduranceGroup = Self(rawValue: 0x09)
    /// Events that survive resets.
    public static let persistentEvent = Self(rawValue: 0x0D)
    /// `SanitizeStatusLog`.
    public static let sanitizeStatus = Self(rawValue: 0x81)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0x00: "Supported Log Pages",
        0x01: "Error Information",
        0x02: "SMART / Health Information",
        0x03: "Firmware Slot Information",
        0x04: "Changed Attached Namespace List",
        0x05: "Commands Supported and Effects",
        0x06: "Device Self-test",
        0x07: "Telemetry Host-Initiated",
        0x08: "Telemetry Controller-Initiated",
        0x09: "Endurance Group Information",
        0x0A: "Predictable Latency Per NVM Set",
        0x0B: "Predictable Latency Event Aggregate",
        0x0C: "Asymmetric Namespace Access",
        0x0D: "Persistent Event Log",
        0x0E: "LBA Status Information",
        0x0F: "Endurance Group Event Aggregate",
        0x10: "Media Unit Status",
        0x11: "Supported Capacity Configuration List",
        0x12: "Feature Identifiers Supported and Effects",
        0x13: "NVMe-MI Commands Supported and Effects",
        0x14: "Command and Feature Lockdown",
        0x15: "Boot Partition",
        0x16: "Rotational Media Information",
        0x17: "Dispersed Namespace Participating NVM Subsystems",
        0x18: "Management Address List",
        0x19: "Physical Interface Receiver Eye Opening Measurement",
        0x1A: "Reachability Groups",
        0x1B: "Reachability Associations",
        0x1C: "Changed Allocated Namespace List",
        0x1D: "Device Personality",
        0x1E: "Cross-Controller Reset",
        0x1F: "Lost Host Communication",
        0x20: "FDP Configurations",
        0x21: "Reclaim Unit Handle Usage",
        0x22: "FDP Statistics",
        0x23: "FDP Events",
        0x24: "Manufacturing Default",
        0x25: "Power Measurement",
        0x27: "Voltage Measurement",
        0x28: "Rate Limiting",
        0x70: "Discovery",
        0x71: "Host Discovery",
        0x72: "AVE Discovery",
        0x73: "Pull Model DDC Request",
        0x7F: "Sanitize Namespace Status List",
        0x80: "Reservation Notification",
        0x81: "Sanitize Status",
        0xBF: "Changed Zone List",
    ]
}
