/// Optional events that a controller reports to the host (OAES).
public struct OptionalAsynchronousEvents: WireFlags {
    /// The bits.
    public let rawValue: UInt32

    /// The flags with these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An attribute of a namespace changed.
    public static let namespaceAttribute = Self(rawValue: 1 << 8)
    /// Firmware is about to become active.
    public static let firmwareActivation = Self(rawValue: 1 << 9)
    /// Asymmetric namespace access changed.
    public static let asymmetricNamespaceAccess = Self(rawValue: 1 << 11)
    /// Predictable latency was left.
    public static let predictableLatency = Self(rawValue: 1 << 12)
    /// Logical blocks may be unreadable.
    public static let lbaStatus = Self(rawValue: 1 << 13)
    /// An endurance group has an event.
    public static let enduranceGroup = Self(rawValue: 1 << 14)
    /// The subsystem is shutting down.
    public static let subsystemShutdown = Self(rawValue: 1 << 15)
    /// A temperature fell below its hysteresis.
    public static let temperatureHysteresis = Self(rawValue: 1 << 16)
    /// The reachability of namespaces changed.
    public static let reachability = Self(rawValue: 1 << 17)
    /// An attribute of an allocated namespace changed.
    public static let allocatedNamespace = Self(rawValue: 1 << 19)
    /// A zone changed.
    public static let zoneDescriptor = Self(rawValue: 1 << 27)
    /// The discovery log changed.
    public static let discoveryLog = Self(rawValue: 1 << 31)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (8, "NamespaceAttribute"),
        (9, "FirmwareActivation"),
        (11, "AsymmetricNamespaceAccess"),
        (12, "PredictableLatency"),
        (13, "LBAStatus"),
        (14, "EnduranceGroup"),
        (15, "SubsystemShutdown"),
        (16, "TemperatureHysteresis"),
        (17, "Reachability"),
        (19, "AllocatedNamespace"),
        (27, "ZoneDescriptor"),
        (31, "DiscoveryLog"),
    ]
}

/// What a controller can do besides (CTRATT).
public struct ControllerAttributes: WireFlags {
    /// The bits.
    public let rawValue: UInt32

    /// The flags with these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Host identifiers of 128 bits.
    public static let hostIdentifier128 = Self(rawValue: 1 << 0)
    /// More power than a non-operational state has, while the host allows it.
    public static let nonOperationalPowerPermissive = Self(rawValue: 1 << 1)
    /// NVM sets.
    public static let nvmSets = Self(rawValue: 1 << 2)
    /// Read recovery levels.
    public static let readRecoveryLevels = Self(rawValue: 1 << 3)
    /// Endurance groups.
    public static let enduranceGroups = Self(rawValue: 1 << 4)
    /// Predictable latency mode.
    public static let predictableLatency = Self(rawValue: 1 << 5)
    /// Keep alive by traffic.
    public static let trafficBasedKeepAlive = Self(rawValue: 1 << 6)
    /// Granularity of namespace sizes.
    public static let namespaceGranularity = Self(rawValue: 1 << 7)
    /// Association of submission queues with NVM sets.
    public static let submissionQueueAssociations = Self(rawValue: 1 << 8)
    /// A list of UUIDs.
    public static let uuidList = Self(rawValue: 1 << 9)
    /// Several domains.
    public static let multipleDomains = Self(rawValue: 1 << 10)
    /// Fixed capacity management.
    public static let fixedCapacity = Self(rawValue: 1 << 11)
    /// Variable capacity management.
    public static let variableCapacity = Self(rawValue: 1 << 12)
    /// Deleting endurance groups.
    public static let deleteEnduranceGroup = Self(rawValue: 1 << 13)
    /// Deleting NVM sets.
    public static let deleteNVMSet = Self(rawValue: 1 << 14)
    /// More than 16 LBA formats.
    public static let extendedLBAFormats = Self(rawValue: 1 << 15)
    /// The greatest transfer does not count metadata.
    public static let maximumTransferExcludesMetadata = Self(rawValue: 1 << 16)
    /// The host memory buffer is restricted in non-operational states.
    public static let hostMemoryBufferRestricted = Self(rawValue: 1 << 17)
    /// Reservations with host identifiers set once.
    public static let reservationsHostIdentifier = Self(rawValue: 1 << 18)
    /// Flexible data placement.
    public static let flexibleDataPlacement = Self(rawValue: 1 << 19)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "HostIdentifier128"),
        (1, "NonOperationalPowerPermissive"),
        (2, "NVMSets"),
        (3, "ReadRecoveryLevels"),
        (4, "EnduranceGroups"),
        (5, "PredictableLatency"),
        (6, "TrafficBasedKeepAlive"),
        (7, "NamespaceGranularity"),
        (8, "SubmissionQueueAssociations"),
        (9, "UUIDList"),
        (10, "MultipleDomains"),
        (11, "FixedCapacity"),
        (12, "VariableCapacity"),
        (13, "DeleteEnduranceGroup"),
        (14, "DeleteNVMSet"),
        (15, "ExtendedLBAFormats"),
        (16, "MaximumTransferExcludesMetadata"),
        (17, "HostMemoryBufferRestricted"),
        (18, "ReservationsHostIdentifier"),
        (19, "FlexibleDataPlacement"),
    ]
}

/// Optional Admin commands that a controller supports (OACS).
public struct OptionalAdminCommands: WireFlags {
    /// The bits.
    public let rawValue: UInt16

    /// The flags with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Security Send and Security Receive.
    public static let security = Self(rawValue: 1 << 0)
    /// Format NVM.
    public static let formatNVM = Self(rawValue: 1 << 1)
    /// Firmware Commit and Firmware Image Download.
    public static let firmware = Self(rawValue: 1 << 2)
    /// Namespace Management and Namespace Attachment.
    public static let namespaceManagement = Self(rawValue: 1 << 3)
    /// Device Self-test.
    public static let deviceSelfTest = Self(rawValue: 1 << 4)
    /// Directive Send and Directive Receive.
    public static let directives = Self(rawValue: 1 << 5)
    /// NVMe-MI Send and NVMe-MI Receive.
    public static let managementInterface = Self(rawValue: 1 << 6)
    /// Virtualization Management.
    public static let virtualizationManagement = Self(rawValue: 1 << 7)
    /// Doorbell Buffer Config.
    public static let doorbellBuffer = Self(rawValue: 1 << 8)
    /// Get LBA Status.
    public static let getLBAStatus = Self(rawValue: 1 << 9)
    /// Lockdown.
    public static let lockdown = Self(rawValue: 1 << 10)
    /// Migration Send and Migration Receive.
    public static let liveMigration = Self(rawValue: 1 << 11)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "Security"),
        (1, "FormatNVM"),
        (2, "Firmware"),
        (3, "NamespaceManagement"),
        (4, "DeviceSelfTest"),
        (5, "Directives"),
        (6, "ManagementInterface"),
        (7, "VirtualizationManagement"),
        (8, "DoorbellBuffer"),
        (9, "GetLBAStatus"),
        (10, "Lockdown"),
        (11, "LiveMigration"),
    ]
}

/// What log pages can do (LPA).
public struct LogPageAttributes: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The flags with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Health is kept for each namespace.
    public static let smartPerNamespace = Self(rawValue: 1 << 0)
    /// There is a log of commands and their effects.
    public static let commandEffects = Self(rawValue: 1 << 1)
    /// Log page offsets and more than 4095 dwords in one command.
    public static let extendedData = Self(rawValue: 1 << 2)
    /// There is telemetry.
    public static let telemetry = Self(rawValue: 1 << 3)
    /// There is a persistent event log.
    public static let persistentEvents = Self(rawValue: 1 << 4)
    /// There are logs of supported log pages, features and NVMe-MI commands.
    public static let supportedLogPages = Self(rawValue: 1 << 5)
    /// Telemetry has a fourth area.
    public static let telemetryArea4 = Self(rawValue: 1 << 6)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "SMARTPerNamespace"),
        (1, "CommandEffects"),
        (2, "ExtendedData"),
        (3, "Telemetry"),
        (4, "PersistentEvents"),
        (5, "SupportedLogPages"),
        (6, "TelemetryArea4"),
    ]
}

/// Optional NVM commands and features that a controller supports (ONCS).
public struct OptionalNVMCommands: WireFlags {
    /// The bits.
    public let rawValue: UInt16

    /// The flags with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Compare.
    public static let compare = Self(rawValue: 1 << 0)
    /// Write Uncorrectable.
    public static let writeUncorrectable = Self(rawValue: 1 << 1)
    /// Dataset Management.
    public static let datasetManagement = Self(rawValue: 1 << 2)
    /// Write Zeroes.
    public static let writeZeroes = Self(rawValue: 1 << 3)
    /// Saving features and selecting which of their values to get.
    public static let saveAndSelectFeatures = Self(rawValue: 1 << 4)
    /// Reservations.
    public static let reservations = Self(rawValue: 1 << 5)
    /// The timestamp feature.
    public static let timestamp = Self(rawValue: 1 << 6)
    /// Verify.
    public static let verify = Self(rawValue: 1 << 7)
    /// Copy.
    public static let copy = Self(rawValue: 1 << 8)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "Compare"),
        (1, "WriteUncorrectable"),
        (2, "DatasetManagement"),
        (3, "WriteZeroes"),
        (4, "SaveAndSelectFeatures"),
        (5, "Reservations"),
        (6, "Timestamp"),
        (7, "Verify"),
        (8, "Copy"),
    ]
}
