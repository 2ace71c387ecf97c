/// Controller Health: the state of one controller in 16 bytes.
public struct ControllerHealth: WireStructure {
    /// The version of NVMe-MI by which the bits are understood; nothing of the structure itself.
    public var version = ManagementInterfaceVersion.oldest
    /// The controller.
    public var controller: UInt16 = 0
    /// State of the controller, as on the wire.
    public var wireStatus: ControllerStatus = []
    /// How far a shutdown is.
    public var shutdownStatus = ShutdownStatus.normal
    /// Composite temperature in kelvin, 0 when it is not reported.
    public var compositeTemperature: UInt16 = 0
    /// Percentage of the drive's life that is used; 255 stands for that and more.
    public var percentageUsed: UInt8 = 0
    /// Spare that is left, in percent.
    public var availableSpare: UInt8 = 0
    /// Warnings that a person should look at, as on the wire.
    public var wireWarnings: CriticalWarnings = []
    /// What changed since the flags were cleared, as on the wire; NVMe-MI before 2.0 has reserved bits there.
    public var wireChangedFlags: ControllerStatusFlags = []

    /// Controller 0 without state.
    public init() {}

    /// State of the controller, as far as the version defines it.
    public var status: ControllerStatus {
        get { wireStatus.defined(in: version) }
        set { wireStatus = newValue }
    }

    /// The warnings that the version defines.
    public var criticalWarnings: CriticalWarnings {
        get { wireWarnings.defined(in: version) }
        set { wireWarnings = newValue }
    }

    /// What changed since the flags were cleared; nothing when the version does not tell it.
    public var changedFlags: ControllerStatusFlags {
        get { version < Self.changedFlagsSince ? [] : wireChangedFlags.defined(in: version) }
        set { wireChangedFlags = newValue }
    }

    private static let changedFlagsSince = ManagementInterfaceVersion(2, 0)

    /// The fields and their places; `CompositeTemperature` is in degrees Celsius, absent when it is not reported.
    public static let layout = Layout<Self>("Controller Health", size: 16) {
        Field("ControllerID", at: 0, \.controller)
        Field("ShutdownStatus", at: 2, bits: 2...3, \.shutdownStatus)
        // The two bits in the middle are a number of their own.
        Field("Status", at: 2, bits: 0...1, computed: \.statusBelowShutdown)
        Field("Status", at: 2, bits: 4...15, computed: \.statusAboveShutdown)
        Field(derived: "Status") { .names($0.status.setNames) }
        Field("CompositeTemperature", at: 4, \.compositeTemperature, shown: .celsius)
        Field("PercentageUsed", at: 6, \.percentageUsed)
        Field("AvailableSpare", at: 7, \.availableSpare)
        Field("CriticalWarning", at: 8, \.wireWarnings, shown: .number)
        Field(derived: "CriticalWarnings") { .names($0.criticalWarnings.setNames) }
        Field("ChangedFlags", at: 9, \.wireChangedFlags, shown: .hidden)
        Field(derived: "ChangedFlags") { .names($0.changedFlags.setNames) }
    }

    private var statusBelowShutdown: UInt8 {
        get { UInt8(truncatingIfNeeded: wireStatus.rawValue & 0x3) }
        set {
            wireStatus = ControllerStatus(rawValue: wireStatus.rawValue & ~0x3 | UInt16(newValue))
        }
    }

    private var statusAboveShutdown: UInt16 {
        get { wireStatus.rawValue >> 4 }
        set { wireStatus = ControllerStatus(rawValue: wireStatus.rawValue & 0xF | newValue << 4) }
    }
}

/// State of a controller; bits 3:2 of the wire are `ShutdownStatus` and zero here.
public struct ControllerStatus: WireFlags {
    /// The bits.
    public let rawValue: UInt16

    /// The state with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue & ~0xC }

    /// The controller is ready for commands.
    public static let ready = Self(rawValue: 1 << 0)
    /// The controller had a fatal error.
    public static let fatalStatus = Self(rawValue: 1 << 1)
    /// The NVM subsystem was reset.
    public static let subsystemReset = Self(rawValue: 1 << 4)
    /// The host has enabled the controller.
    public static let enabled = Self(rawValue: 1 << 5)
    /// An attribute of a namespace changed.
    public static let namespaceAttributeChanged = Self(rawValue: 1 << 6)
    /// New firmware became active.
    public static let firmwareActivated = Self(rawValue: 1 << 7)
    /// The controller has collected telemetry.
    public static let telemetryAvailable = Self(rawValue: 1 << 8)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "Ready"),
        (1, "FatalStatus"),
        (4, "SubsystemReset"),
        (5, "Enabled"),
        (6, "NamespaceAttributeChanged"),
        (7, "FirmwareActivated"),
        (8, "TelemetryAvailable"),
    ]
}

extension ControllerStatus: VersionedFlags {
    /// What came later than the status.
    public static let additions: [(since: ManagementInterfaceVersion, flags: Self)] = [
        (ManagementInterfaceVersion(2, 0), .telemetryAvailable)
    ]
}

/// How far the shutdown of a controller is.
public struct ShutdownStatus: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The status with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No shutdown was asked for.
    public static let normal = Self(rawValue: 0)
    /// The controller is shutting down.
    public static let inProgress = Self(rawValue: 1)
    /// The controller is shut down.
    public static let complete = Self(rawValue: 2)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [
        0: "Normal", 1: "InProgress", 2: "Complete",
    ]
}
