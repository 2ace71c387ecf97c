/// What changed since the flags were cleared: Composite Controller Status and Controller Health Status Changed Flags.
public struct ControllerStatusFlags: WireFlags {
    /// The bits.
    public let rawValue: UInt16

    /// The flags with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A controller became ready or stopped being ready.
    public static let ready = Self(rawValue: 1 << 0)
    /// A controller had a fatal error.
    public static let fatalStatus = Self(rawValue: 1 << 1)
    /// The state of shutdown changed.
    public static let shutdownStatus = Self(rawValue: 1 << 2)
    /// The NVM subsystem was reset.
    public static let subsystemReset = Self(rawValue: 1 << 4)
    /// A controller was enabled or disabled.
    public static let controllerEnable = Self(rawValue: 1 << 5)
    /// An attribute of a namespace changed.
    public static let namespaceAttribute = Self(rawValue: 1 << 6)
    /// New firmware became active.
    public static let firmwareActivated = Self(rawValue: 1 << 7)
    /// Anything in a controller's status changed.
    public static let controllerStatus = Self(rawValue: 1 << 8)
    /// The composite temperature changed.
    public static let compositeTemperature = Self(rawValue: 1 << 9)
    /// The percentage of life used changed.
    public static let percentageUsed = Self(rawValue: 1 << 10)
    /// The available spare changed.
    public static let availableSpare = Self(rawValue: 1 << 11)
    /// A critical warning came or went.
    public static let criticalWarning = Self(rawValue: 1 << 12)
    /// A controller has collected telemetry.
    public static let telemetry = Self(rawValue: 1 << 13)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "Ready"),
        (1, "FatalStatus"),
        (2, "ShutdownStatus"),
        (4, "SubsystemReset"),
        (5, "ControllerEnable"),
        (6, "NamespaceAttribute"),
        (7, "FirmwareActivated"),
        (8, "ControllerStatus"),
        (9, "CompositeTemperature"),
        (10, "PercentageUsed"),
        (11, "AvailableSpare"),
        (12, "CriticalWarning"),
        (13, "TelemetryAvailable"),
    ]
}

extension ControllerStatusFlags: VersionedFlags {
    /// What came later than the flags.
    public static let additions: [(since: ManagementInterfaceVersion, flags: Self)] = [
        (ManagementInterfaceVersion(2, 0), .telemetry)
    ]
}
