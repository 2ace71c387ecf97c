/// The opcode of an NVMe Admin command.
public struct AdminOpcode: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The opcode with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Which way the data of a command goes; bits 1:0 of every opcode say so.
    public enum Direction: UInt8, Sendable {
        /// There is no data.
        case none = 0
        /// To the controller.
        case toController = 1
        /// From the controller.
        case fromController = 2
        /// Both ways, which NVMe-MI does not allow.
        case both = 3
    }

    /// Which way the data of the command goes.
    public var direction: Direction { Direction(rawValue: rawValue & 3) ?? .none }

    /// Reads a log page.
    public static let getLogPage = Self(rawValue: 0x02)
    /// Reads what a controller, a namespace or another thing is.
    public static let identify = Self(rawValue: 0x06)
    /// Changes a feature.
    public static let setFeatures = Self(rawValue: 0x09)
    /// Reads a feature.
    public static let getFeatures = Self(rawValue: 0x0A)
    /// Creates or deletes a namespace.
    public static let namespaceManagement = Self(rawValue: 0x0D)
    /// Puts a firmware image into a slot, activates one, or both.
    public static let firmwareCommit = Self(rawValue: 0x10)
    /// Transfers a part of a firmware image.
    public static let firmwareImageDownload = Self(rawValue: 0x11)
    /// Starts or aborts a self-test.
    public static let deviceSelfTest = Self(rawValue: 0x14)
    /// Attaches a namespace to controllers or detaches it.
    public static let namespaceAttachment = Self(rawValue: 0x15)
    /// Gives flexible resources to controllers.
    public static let virtualizationManagement = Self(rawValue: 0x1C)
    /// Creates and deletes endurance groups and NVM sets.
    public static let capacityManagement = Self(rawValue: 0x20)
    /// Prohibits commands and features.
    public static let lockdown = Self(rawValue: 0x24)
    /// Gives a namespace a new format.
    public static let formatNVM = Self(rawValue: 0x80)
    /// Sends data of a security protocol.
    public static let securitySend = Self(rawValue: 0x81)
    /// Receives data of a security protocol.
    public static let securityReceive = Self(rawValue: 0x82)
    /// Erases all user data of the subsystem.
    public static let sanitize = Self(rawValue: 0x84)
    /// Reads which logical blocks may be unreadable.
    public static let getLBAStatus = Self(rawValue: 0x86)
    /// Erases all user data of a namespace.
    public static let sanitizeNamespace = Self(rawValue: 0x8C)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0x00: "Delete I/O Submission Queue",
        0x01: "Create I/O Submission Queue",
        0x02: "Get Log Page",
        0x04: "Delete I/O Completion Queue",
        0x05: "Create I/O Completion Queue",
        0x06: "Identify",
        0x08: "Abort",
        0x09: "Set Features",
        0x0A: "Get Features",
        0x0C: "Asynchronous Event Request",
        0x0D: "Namespace Management",
        0x10: "Firmware Commit",
        0x11: "Firmware Image Download",
        0x14: "Device Self-test",
        0x15: "Namespace Attachment",
        0x18: "Keep Alive",
        0x19: "Directive Send",
        0x1A: "Directive Receive",
        0x1C: "Virtualization Management",
        0x1D: "NVMe-MI Send",
        0x1E: "NVMe-MI Receive",
        0x20: "Capacity Management",
        0x21: "Discovery Information Management",
        0x22: "Fabric Zoning Receive",
        0x24: "Lockdown",
        0x25: "Fabric Zoning Lookup",
        0x28: "Clear Exported NVM Resource Configuration",
        0x29: "Fabric Zoning Send",
        0x2A: "Create Exported NVM Subsystem",
        0x2D: "Manage Exported NVM Subsystem",
        0x31: "Manage Exported Namespace",
        0x35: "Manage Exported Port",
        0x38: "Cross-Controller Reset",
        0x39: "Send Discovery Log Page",
        0x3D: "Track Send",
        0x3E: "Track Receive",
        0x41: "Migration Send",
        0x42: "Migration Receive",
        0x45: "Controller Data Queue",
        0x7C: "Doorbell Buffer Config",
        0x7F: "Fabrics Command",
        0x80: "Format NVM",
        0x81: "Security Send",
        0x82: "Security Receive",
        0x84: "Sanitize",
        0x85: "Load Program",
        0x86: "Get LBA Status",
        0x88: "Program Activation Management",
        0x89: "Memory Range Set Management",
        0x8C: "Sanitize Namespace",
    ]
}
