/// What Identify can identify (CNS).
public struct IdentifyStructure: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The structure with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A namespace that is attached to the controller.
    public static let namespace = Self(rawValue: 0x00)
    /// The controller.
    public static let controller = Self(rawValue: 0x01)
    /// The namespaces that are attached to the controller.
    public static let activeNamespaces = Self(rawValue: 0x02)
    /// Identifiers of a namespace.
    public static let namespaceDescriptors = Self(rawValue: 0x03)
    /// All namespaces of the subsystem.
    public static let allocatedNamespaces = Self(rawValue: 0x10)
    /// A namespace whether or not it is attached.
    public static let allocatedNamespace = Self(rawValue: 0x11)
    /// The controllers to which a namespace is attached.
    public static let attachedControllers = Self(rawValue: 0x12)
    /// All controllers of the subsystem.
    public static let controllers = Self(rawValue: 0x13)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0x00: "Namespace",
        0x01: "Controller",
        0x02: "Active Namespace List",
        0x03: "Namespace Identification Descriptors",
        0x04: "NVM Set List",
        0x05: "I/O Command Set Namespace",
        0x06: "I/O Command Set Controller",
        0x07: "Active Namespace List of an I/O Command Set",
        0x08: "I/O Command Set Independent Namespace",
        0x09: "Namespace of a User Data Format",
        0x0A: "I/O Command Set Namespace of a User Data Format",
        0x10: "Allocated Namespace List",
        0x11: "Allocated Namespace",
        0x12: "Controllers Attached to a Namespace",
        0x13: "Controller List",
        0x14: "Primary Controller Capabilities",
        0x15: "Secondary Controller List",
        0x16: "Namespace Granularity List",
        0x17: "UUID List",
        0x18: "Domain List",
        0x19: "Endurance Group List",
        0x1A: "Allocated Namespace List of an I/O Command Set",
        0x1B: "Allocated Namespace of an I/O Command Set",
        0x1C: "I/O Command Set Combinations",
        0x1D: "Underlying Namespace List",
        0x1E: "Ports List",
        0x1F: "I/O Command Set Independent Allocated Namespace",
        0x20: "Supported Controller State Formats",
    ]
}
