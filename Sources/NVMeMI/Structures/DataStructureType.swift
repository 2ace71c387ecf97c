/// What Read NVMe-MI Data Structure can read (DTYP).
public struct DataStructureType: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The type with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `SubsystemInformation`.
    public static let subsystemInformation = Self(rawValue: 0)
    /// `PortInformation` of one port.
    public static let portInformation = Self(rawValue: 1)
    /// `ControllerList`.
    public static let controllerList = Self(rawValue: 2)
    /// `ControllerInformation` of one controller.
    public static let controllerInformation = Self(rawValue: 3)
    /// `CommandList` of the optional commands that are supported.
    public static let optionalCommands = Self(rawValue: 4)
    /// `CommandList` of the commands that may use the Management Endpoint Buffer.
    public static let managementEndpointBufferCommands = Self(rawValue: 5)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "NVM Subsystem Information",
        1: "Port Information",
        2: "Controller List",
        3: "Controller Information",
        4: "Optionally Supported Command List",
        5: "Management Endpoint Buffer Supported Command List",
    ]
}
