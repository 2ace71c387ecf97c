/// An event that an endpoint can report on its own.
public struct AsynchronousEventIdentifier: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The event with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A controller became ready or stopped being ready.
    public static let controllerReady = Self(rawValue: 0x00)
    /// A controller had a fatal error.
    public static let controllerFatalStatus = Self(rawValue: 0x01)
    /// The state of a shutdown changed.
    public static let shutdownStatus = Self(rawValue: 0x02)
    /// A controller was enabled or disabled.
    public static let controllerEnable = Self(rawValue: 0x03)
    /// An attribute of a namespace changed.
    public static let namespaceAttributeChanged = Self(rawValue: 0x04)
    /// New firmware became active.
    public static let firmwareActivated = Self(rawValue: 0x05)
    /// The composite temperature changed.
    public static let compositeTemperature = Self(rawValue: 0x06)
    /// The percentage of life used changed.
    public static let percentageDriveLifeUsed = Self(rawValue: 0x07)
    /// The available spare changed.
    public static let availableSpare = Self(rawValue: 0x08)
    /// A critical warning came or went.
    public static let smartWarnings = Self(rawValue: 0x09)
    /// A controller has collected telemetry.
    public static let telemetryAvailable = Self(rawValue: 0x0A)
    /// A PCIe link went up or down.
    public static let pcieLinkActive = Self(rawValue: 0x0B)
    /// A sanitize operation failed and restricts what works, or that ended.
    public static let sanitizeFailureMode = Self(rawValue: 0x0C)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0x00: "ControllerReady",
        0x01: "ControllerFatalStatus",
        0x02: "ShutdownStatus",
        0x03: "ControllerEnable",
        0x04: "NamespaceAttributeChanged",
        0x05: "FirmwareActivated",
        0x06: "CompositeTemperature",
        0x07: "PercentageDriveLifeUsed",
        0x08: "AvailableSpare",
        0x09: "SMARTWarnings",
        0x0A: "TelemetryAvailable",
        0x0B: "PCIeLinkActive",
        0x0C: "SanitizeFailureMode",
        0x0D: "SanitizeNamespaceFailureMode",
        0x0E: "PowerThresholdExceeded",
    ]
}

/// What an event is about.
public struct AsynchronousEventScope: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The scope with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A namespace; the identifier is its number.
    public static let namespace = Self(rawValue: 0)
    /// A controller; the identifier is its number.
    public static let controller = Self(rawValue: 1)
    /// The NVM subsystem; the identifier is 0.
    public static let subsystem = Self(rawValue: 2)
    /// A management endpoint; the identifier is its number.
    public static let managementEndpoint = Self(rawValue: 3)
    /// A port; the identifier is its number in 15:0 and its kind in bit 16.
    public static let port = Self(rawValue: 4)
    /// An endurance group; the identifier is its number.
    public static let enduranceGroup = Self(rawValue: 5)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Namespace", 1: "Controller", 2: "Subsystem", 3: "ManagementEndpoint", 4: "Port",
        5: "EnduranceGroup",
    ]
}
