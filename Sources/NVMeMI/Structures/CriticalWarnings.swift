/// Warnings that a person should look at: Critical Warning of the SMART log and of the controller health.
public struct CriticalWarnings: WireFlags {
    /// The bits; one means that there is a warning.
    public let rawValue: UInt8

    /// The warnings with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The available spare is below its threshold.
    public static let availableSpare = Self(rawValue: 1 << 0)
    /// A temperature is over or under a threshold.
    public static let temperature = Self(rawValue: 1 << 1)
    /// Reliability is degraded by media errors or an internal error.
    public static let reliability = Self(rawValue: 1 << 2)
    /// The media can only be read.
    public static let readOnly = Self(rawValue: 1 << 3)
    /// The backup of volatile memory failed.
    public static let volatileMemoryBackup = Self(rawValue: 1 << 4)
    /// The persistent memory region is unreliable or can only be read.
    public static let persistentMemoryRegion = Self(rawValue: 1 << 5)
    /// The personality of the subsystem is not determined.
    public static let indeterminatePersonality = Self(rawValue: 1 << 6)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "AvailableSpareBelowThreshold"),
        (1, "TemperatureThreshold"),
        (2, "ReliabilityDegraded"),
        (3, "ReadOnly"),
        (4, "VolatileMemoryBackupFailed"),
        (5, "PersistentMemoryRegionUnreliable"),
        (6, "IndeterminatePersonality"),
    ]
}

extension CriticalWarnings: VersionedFlags {
    /// The health polls of NVMe-MI 2.0 and before have reserved bits there, which may be 0 also where 0 is a warning.
    public static let additions: [(since: ManagementInterfaceVersion, flags: Self)] = [
        (ManagementInterfaceVersion(2, 1), .indeterminatePersonality)
    ]
}
