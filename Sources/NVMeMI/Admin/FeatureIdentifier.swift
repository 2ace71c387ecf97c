/// Which value of a feature (SEL).
public struct FeatureSelection: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The selection with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The value in use.
    public static let current = Self(rawValue: 0)
    /// The value when nothing was saved.
    public static let defaultValue = Self(rawValue: 1)
    /// The value that survives resets.
    public static let saved = Self(rawValue: 2)
    /// No value but what can be done with it: bit 0 saved, bit 1 set per namespace, bit 2 changed.
    public static let capabilities = Self(rawValue: 3)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Current", 1: "Default", 2: "Saved", 3: "SupportedCapabilities",
    ]
}

/// A feature (FID).
public struct FeatureIdentifier: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The feature with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Power state and workload.
    public static let powerManagement = Self(rawValue: 0x02)
    /// Temperature from or up to which there is a warning.
    public static let temperatureThreshold = Self(rawValue: 0x04)
    /// Whether the controller changes its power state by itself.
    public static let autonomousPowerStateTransition = Self(rawValue: 0x0C)
    /// Time as the controller knows it.
    public static let timestamp = Self(rawValue: 0x0E)
    /// Temperatures from which the controller throttles.
    public static let hostControlledThermalManagement = Self(rawValue: 0x10)
    /// Whether a namespace can be written, and whether that can be changed again.
    public static let namespaceWriteProtection = Self(rawValue: 0x84)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0x01: "Arbitration",
        0x02: "Power Management",
        0x03: "LBA Range Type",
        0x04: "Temperature Threshold",
        0x05: "Error Recovery",
        0x06: "Volatile Write Cache",
        0x07: "Number of Queues",
        0x08: "Interrupt Coalescing",
        0x09: "Interrupt Vector Configuration",
        0x0A: "Write Atomicity Normal",
        0x0B: "Asynchronous Event Configuration",
        0x0C: "Autonomous Power State Transition",
        0x0D: "Host Memory Buffer",
        0x0E: "Timestamp",
        0x0F: "Keep Alive Timer",
        0x10: "Host Controlled Thermal Management",
        0x11: "Non-Operational Power State Config",
        0x12: "Read Recovery Level Config",
        0x13: "Predictable Latency Mode Config",
        0x14: "Predictable Latency Mode Window",
        0x15: "LBA Status Information Attributes",
        0x16: "Host Behavior Support",
        0x17: "Sanitize Config",
        0x18: "Endurance Group Event Configuration",
        0x19: "I/O Command Set Profile",
        0x1A: "Spinup Control",
        0x1B: "Power Loss Signaling Config",
        0x1C: "Performance Characteristics",
        0x1D: "Flexible Data Placement",
        0x1E: "Flexible Data Placement Events",
        0x1F: "Namespace Admin Label",
        0x20: "Key Value Configuration",
        0x21: "Controller Data Queue",
        0x78: "Embedded Management Controller Address",
        0x79: "Host Management Agent Address",
        0x7D: "Enhanced Controller Metadata",
        0x7E: "Controller Metadata",
        0x7F: "Namespace Metadata",
        0x80: "Software Progress Marker",
        0x81: "Host Identifier",
        0x82: "Reservation Notification Mask",
        0x83: "Reservation Persistence",
        0x84: "Namespace Write Protection Config",
        0x85: "Boot Partition Write Protection Config",
    ]
}
