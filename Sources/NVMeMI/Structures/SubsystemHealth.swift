/// NVM Subsystem Health: the state of the whole subsystem in eight bytes.
public struct SubsystemHealth: WireStructure {
    /// The version of NVMe-MI by which the bits are understood; nothing of the structure itself.
    public var version = ManagementInterfaceVersion.oldest
    /// State of the subsystem and its PCIe links (NSS), as on the wire.
    public var wireStatus: SubsystemStatus = []
    /// Copy of the critical warnings in which a **zero** bit is a warning, as on the wire.
    public var invertedWarnings: UInt8 = 0xFF
    /// Composite temperature.
    public var temperature = CompositeTemperature.noData
    /// Percentage of the drive's life that is used; 255 stands for that and more.
    public var percentageUsed: UInt8 = 0
    /// What changed in the controllers since the flags were cleared, as on the wire.
    public var wireControllerStatus: ControllerStatusFlags = []

    /// Without state, without warnings, without temperature.
    public init() {}

    /// State of the subsystem and its PCIe links, as far as the version defines it.
    public var status: SubsystemStatus {
        get { wireStatus.defined(in: version) }
        set { wireStatus = newValue }
    }

    /// The warnings that the version defines, one bits being warnings.
    public var warnings: CriticalWarnings {
        get { CriticalWarnings(rawValue: ~invertedWarnings).defined(in: version) }
        set { invertedWarnings = ~newValue.rawValue }
    }

    /// What changed in the controllers since the flags were cleared, as far as the version defines it.
    public var compositeControllerStatus: ControllerStatusFlags {
        get { wireControllerStatus.defined(in: version) }
        set { wireControllerStatus = newValue }
    }

    /// The fields and their places.
    ///
    /// `CompositeTemperature` is in degrees Celsius and absent when there is none; `CompositeTemperatureState` says
    /// why. `ResetRequired` is the opposite of the wire's bit.
    public static let layout = Layout<Self>("NVM Subsystem Health", size: 8) {
        Field("Status", at: 0, \.wireStatus, shown: .hidden)
        Field(derived: "DriveFunctional") { .boolean($0.status.contains(.driveFunctional)) }
        Field(derived: "ResetRequired") { .boolean(!$0.status.contains(.resetNotRequired)) }
        Field(derived: "PCIePort0LinkActive") { .boolean($0.status.contains(.port0LinkActive)) }
        Field(derived: "PCIePort1LinkActive") { .boolean($0.status.contains(.port1LinkActive)) }
        Field(derived: "AsynchronousEventTransmissionFailure") {
            .boolean($0.status.contains(.asynchronousEventTransmissionFailure))
        }
        Field(derived: "SanitizeFailureMode") {
            .boolean($0.status.contains(.sanitizeFailureMode))
        }
        Field(derived: "SanitizeNamespaceFailureMode") {
            .boolean($0.status.contains(.sanitizeNamespaceFailureMode))
        }
        Field("SMARTWarnings", at: 1, \.invertedWarnings, shown: .hidden)
        Field(derived: "SMARTWarnings") { .names($0.warnings.setNames) }
        Field("CompositeTemperature", at: 2, \.temperature, shown: .hidden)
        Field(derived: "CompositeTemperature") { $0.temperature.celsius.map { .signed16($0) } }
        Field(derived: "CompositeTemperatureState") { .text($0.temperature.state) }
        Field("PercentageDriveLifeUsed", at: 3, \.percentageUsed)
        Field("CompositeControllerStatus", at: 4, \.wireControllerStatus, shown: .hidden)
        Field(derived: "CompositeControllerStatus") {
            .names($0.compositeControllerStatus.setNames)
        }
    }
}

/// State of the subsystem and its PCIe links (NSS).
public struct SubsystemStatus: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The state with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sanitizing of a namespace failed and restricts what works.
    public static let sanitizeNamespaceFailureMode = Self(rawValue: 1 << 1)
    /// The link of PCIe port 1 is up.
    public static let port1LinkActive = Self(rawValue: 1 << 2)
    /// The link of PCIe port 0 is up.
    public static let port0LinkActive = Self(rawValue: 1 << 3)
    /// The subsystem works without a reset.
    public static let resetNotRequired = Self(rawValue: 1 << 4)
    /// The subsystem works.
    public static let driveFunctional = Self(rawValue: 1 << 5)
    /// A sanitize operation failed and restricts what works.
    public static let sanitizeFailureMode = Self(rawValue: 1 << 6)
    /// An asynchronous event message could not be delivered.
    public static let asynchronousEventTransmissionFailure = Self(rawValue: 1 << 7)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (1, "SanitizeNamespaceFailureMode"),
        (2, "PCIePort1LinkActive"),
        (3, "PCIePort0LinkActive"),
        (4, "ResetNotRequired"),
        (5, "DriveFunctional"),
        (6, "SanitizeFailureMode"),
        (7, "AsynchronousEventTransmissionFailure"),
    ]
}

extension SubsystemStatus: VersionedFlags {
    /// What came later than the status.
    public static let additions: [(since: ManagementInterfaceVersion, flags: Self)] = [
        (
            ManagementInterfaceVersion(2, 0),
            [.sanitizeFailureMode, .asynchronousEventTransmissionFailure]
        ),
        (ManagementInterfaceVersion(2, 1), .sanitizeNamespaceFailureMode),
    ]
}
