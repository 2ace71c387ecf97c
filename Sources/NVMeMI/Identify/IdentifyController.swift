/// Identify Controller (CNS 01h): what a controller and its NVM subsystem are.
public struct IdentifyController: WireStructure {
    /// PCI vendor identifier.
    public var vendorID: UInt16 = 0
    /// PCI subsystem vendor identifier.
    public var subsystemVendorID: UInt16 = 0
    /// Serial number of the NVM subsystem.
    public var serialNumber = ""
    /// Model number of the NVM subsystem.
    public var modelNumber = ""
    /// Revision of the firmware that runs.
    public var firmwareRevision = ""
    /// Recommended arbitration burst, a power of two commands.
    public var recommendedArbitrationBurst: UInt8 = 0
    /// IEEE identifier of the vendor, 24 bits.
    public var organizationallyUniqueIdentifier: UInt32 = 0
    /// How the subsystem can be reached in several ways.
    public var multipathCapabilities: MultipathCapabilities = []
    /// Greatest transfer of the host as a power of two of the smallest memory page, 0 without
    /// limit; does not concern NVMe-MI.
    public var maximumDataTransferSize: UInt8 = 0
    /// Identifier of the controller within the subsystem.
    public var controllerID: UInt16 = 0
    /// NVMe version: major 31:16, minor 15:8, tertiary 7:0.
    public var version: UInt32 = 0
    /// Typical latency of waking from runtime D3, in microseconds.
    public var runtimeD3ResumeLatency: UInt32 = 0
    /// Typical latency of entering runtime D3, in microseconds.
    public var runtimeD3EntryLatency: UInt32 = 0
    /// Optional events that the controller reports to the host.
    public var optionalAsynchronousEvents: OptionalAsynchronousEvents = []
    /// What the controller can do besides.
    public var controllerAttributes: ControllerAttributes = []
    /// Supported read recovery levels, one bit each.
    public var readRecoveryLevels: UInt16 = 0
    /// Capabilities of the boot partitions.
    public var bootPartitionCapabilities: UInt8 = 0
    /// Typical latency of an NVM subsystem shutdown, in microseconds.
    public var subsystemShutdownLatency: UInt32 = 0
    /// Capabilities of power loss signaling.
    public var powerLossSignaling: UInt8 = 0
    /// What kind of controller it is.
    public var controllerType = ControllerType(rawValue: 0)
    /// Identifier of the field replaceable unit, most significant byte first; zero for none.
    public var fruGloballyUniqueIdentifier: [UInt8] = []
    /// First delay before a retry, in units of 100 ms; shown in milliseconds.
    public var commandRetryDelay1: UInt16 = 0
    /// Second delay before a retry, in units of 100 ms; shown in milliseconds.
    public var commandRetryDelay2: UInt16 = 0
    /// Third delay before a retry, in units of 100 ms; shown in milliseconds.
    public var commandRetryDelay3: UInt16 = 0
    /// Capabilities of controller reachability.
    public var reachabilityCapabilities: UInt8 = 0
    /// Tells instances of a controller apart.
    public var controllerInstanceUniquifier: UInt8 = 0
    /// Tells instances of a controller apart at random.
    public var controllerInstanceRandomNumber: UInt64 = 0
    /// What the subsystem is part of.
    public var subsystemReport: SubsystemReport = []
    /// How often the Vital Product Data can still be written; means something only when it is
    /// valid.
    public var vpdWritesRemaining: UInt8 = 0
    /// True when the number of writes that remain is known.
    public var isVPDWritesRemainingValid = false
    /// Where the subsystem has management endpoints.
    public var managementEndpointCapabilities: ManagementEndpointCapabilities = []
    /// Optional Admin commands that the controller supports (OACS).
    public var optionalAdminCommands: OptionalAdminCommands = []
    /// Greatest number of Abort commands at once, less one.
    public var abortCommandLimit: UInt8 = 0
    /// Greatest number of Asynchronous Event Requests at once, less one.
    public var asynchronousEventRequestLimit: UInt8 = 0
    /// True when firmware slot 1 can only be read.
    public var isFirstFirmwareSlotReadOnly = false
    /// Number of firmware slots.
    public var firmwareSlotCount: UInt8 = 0
    /// True when firmware can become active without a reset.
    public var canActivateFirmwareWithoutReset = false
    /// True when overlapping firmware updates are detected.
    public var detectsMultipleFirmwareUpdates = false
    /// What the log pages can do.
    public var logPageAttributes: LogPageAttributes = []
    /// Number of entries of the error log, less one.
    public var errorLogPageEntries: UInt8 = 0
    /// Number of power states, less one.
    public var greatestPowerState: UInt8 = 0
    /// How vendor specific Admin commands are formed.
    public var adminVendorSpecificConfiguration: UInt8 = 0
    /// True when the controller can change its power state by itself.
    public var supportsAutonomousPowerStateTransitions = false
    /// Composite temperature from which there is a warning, in kelvin; 0 when not reported.
    public var warningTemperatureThreshold: UInt16 = 0
    /// Composite temperature from which it is critical, in kelvin; 0 when not reported.
    public var criticalTemperatureThreshold: UInt16 = 0
    /// Longest pause of commands for activating firmware, in units of 100 ms; shown in
    /// milliseconds.
    public var maximumTimeForFirmwareActivation: UInt16 = 0
    /// Preferred size of the host memory buffer in units of 4 KiB; shown in bytes.
    public var hostMemoryBufferPreferredSize: UInt32 = 0
    /// Minimum size of the host memory buffer in units of 4 KiB; shown in bytes.
    public var hostMemoryBufferMinimumSize: UInt32 = 0
    /// Total capacity in bytes; 0 when not reported.
    public var totalNVMCapacity: UInt128 = 0
    /// Capacity in bytes that no namespace has.
    public var unallocatedNVMCapacity: UInt128 = 0
    /// Replay protected memory block: units 2:0, authentication 5:3, total size 23:16, access size
    /// 31:24.
    public var replayProtectedMemoryBlockSupport: UInt32 = 0
    /// Nominal duration of the extended self-test in minutes.
    public var extendedSelfTestTime: UInt16 = 0
    /// What self-tests can do.
    public var selfTestOptions: SelfTestOptions = []
    /// Granularity of the pieces of a firmware image in units of 4 KiB: 0 is not reported, FFh
    /// without restriction; shown in bytes, 4 standing for no restriction.
    public var firmwareUpdateGranularity: UInt8 = 0
    /// Granularity of the keep alive timer in units of 100 ms; shown in milliseconds.
    public var keepAliveGranularity: UInt16 = 0
    /// True when the host can control thermal management.
    public var supportsHostControlledThermalManagement = false
    /// Lowest temperature that the host may ask for, in kelvin.
    public var minimumThermalManagementTemperature: UInt16 = 0
    /// Greatest temperature that the host may ask for, in kelvin.
    public var maximumThermalManagementTemperature: UInt16 = 0
    /// Which sanitize operations there are.
    public var sanitizeCapabilities: SanitizeCapabilities = []
    /// Whether media is changed after a sanitize operation without deallocation.
    public var noDeallocateModifiesMedia = NoDeallocateModifiesMedia(rawValue: 0)
    /// Smallest usable piece of host memory buffer in units of 4 KiB; shown in bytes.
    public var hostMemoryBufferMinimumDescriptorEntrySize: UInt32 = 0
    /// Greatest number of pieces of host memory buffer.
    public var hostMemoryBufferMaximumDescriptorEntries: UInt16 = 0
    /// Greatest identifier of an NVM set.
    public var maximumNVMSetID: UInt16 = 0
    /// Greatest identifier of an endurance group.
    public var maximumEnduranceGroupID: UInt16 = 0
    /// Longest transition between states of asymmetric namespace access, in seconds.
    public var asymmetricAccessTransitionTime: UInt8 = 0
    /// What asymmetric namespace access can do.
    public var asymmetricAccessCapabilities: AsymmetricAccessCapabilities = []
    /// Greatest identifier of a group of asymmetric namespace access.
    public var maximumAsymmetricAccessGroupID: UInt32 = 0
    /// Number of groups of asymmetric namespace access.
    public var asymmetricAccessGroupCount: UInt32 = 0
    /// Greatest size of the persistent event log in units of 64 KiB; shown in bytes.
    public var persistentEventLogSize: UInt32 = 0
    /// Domain of the controller.
    public var domainID: UInt16 = 0
    /// Capabilities of a key per I/O.
    public var keyPerIOCapabilities: UInt8 = 0
    /// Longest processing of a firmware activation without reset, in units of 100 ms; shown in
    /// milliseconds.
    public var maximumTimeForFirmwareActivationWithoutReset: UInt16 = 0
    /// Greatest capacity of an endurance group in bytes.
    public var maximumEnduranceGroupCapacity: UInt128 = 0
    /// Attributes of the hysteresis of temperature thresholds.
    public var temperatureHysteresisAttributes: UInt8 = 0
    /// Time in milliseconds until commands have ended after the loss of communication.
    public var commandQuiesceTime: UInt16 = 0
    /// Attributes of configurable device personality.
    public var devicePersonalityAttributes: UInt16 = 0
    /// Greatest power when it is not limited, as the interval power measurement has it.
    public var maximumUnlimitedPower: UInt16 = 0
    /// Sample rate of the interval power measurement.
    public var powerMeasurementSampleRate: UInt16 = 0
    /// Longest time until a measurement stops.
    public var maximumStopMeasurementTime: UInt16 = 0
    /// Required size of submission queue entries as a power of two; shown in bytes.
    public var submissionQueueEntryRequiredSize: UInt8 = 0
    /// Greatest size of submission queue entries as a power of two; shown in bytes.
    public var submissionQueueEntryMaximumSize: UInt8 = 0
    /// Required size of completion queue entries as a power of two; shown in bytes.
    public var completionQueueEntryRequiredSize: UInt8 = 0
    /// Greatest size of completion queue entries as a power of two; shown in bytes.
    public var completionQueueEntryMaximumSize: UInt8 = 0
    /// Greatest number of commands at once.
    public var maximumOutstandingCommands: UInt16 = 0
    /// Greatest valid namespace identifier (NN).
    public var maximumNamespaceID: UInt32 = 0
    /// Optional NVM commands that the controller supports (ONCS).
    public var optionalNVMCommands: OptionalNVMCommands = []
    /// Fused operations that the controller supports.
    public var fusedOperations: FusedOperations = []
    /// What Format NVM concerns.
    public var formatAttributes: FormatAttributes = []
    /// True when there is a volatile write cache.
    public var hasVolatileWriteCache = false
    /// What Flush with all namespaces does: 0 not said, 2 not supported, 3 supported.
    public var volatileWriteCacheFlushBehavior: UInt8 = 0
    /// Logical blocks that are written atomically, less one.
    public var atomicWriteUnitNormal: UInt16 = 0
    /// Logical blocks that are written atomically when power fails, less one.
    public var atomicWriteUnitPowerFail: UInt16 = 0
    /// How vendor specific I/O commands are formed.
    public var ioVendorSpecificConfiguration: UInt8 = 0
    /// Ways in which a namespace can be protected from writing.
    public var writeProtectionCapabilities: WriteProtectionCapabilities = []
    /// Logical blocks that are compared and written atomically, less one.
    public var atomicCompareAndWriteUnit: UInt16 = 0
    /// Supported formats of copy descriptors, one bit each.
    public var copyDescriptorFormats: UInt16 = 0
    /// How scatter gather lists are supported.
    public var scatterGatherListSupport: UInt32 = 0
    /// Greatest number of namespaces; 0 when not reported.
    public var maximumAllowedNamespaces: UInt32 = 0
    /// Greatest number of attached namespaces of all controllers in the domain; 0 without limit.
    public var maximumDomainNamespaceAttachments: UInt128 = 0
    /// Greatest number of attached namespaces of the controller; 0 without limit.
    public var maximumControllerNamespaceAttachments: UInt32 = 0
    /// Recommended number of commands in all queues together.
    public var optimalAggregatedQueueDepth: UInt32 = 0
    /// Recommended interval of refreshes that the host starts.
    public var refreshInterval: UInt8 = 0
    /// Nominal duration of a refresh that the host starts.
    public var refreshTime: UInt8 = 0
    /// Greatest number of memory range tracking descriptors of the controller.
    public var maximumControllerTrackingDescriptors: UInt16 = 0
    /// Greatest number of memory range tracking descriptors of the subsystem.
    public var maximumSubsystemTrackingDescriptors: UInt16 = 0
    /// Finest granularity of memory range tracking.
    public var minimumTrackingGranularity: UInt8 = 0
    /// Coarsest granularity of memory range tracking.
    public var maximumTrackingGranularity: UInt8 = 0
    /// Attributes of tracking.
    public var trackingAttributes: UInt8 = 0
    /// Greatest number of user data migration queues of the controller.
    public var maximumControllerMigrationQueues: UInt16 = 0
    /// Greatest number of user data migration queues of the subsystem.
    public var maximumSubsystemMigrationQueues: UInt16 = 0
    /// Greatest number of memory ranges of controller data queues of the controller.
    public var maximumControllerMemoryRanges: UInt16 = 0
    /// Greatest number of memory ranges of controller data queues of the subsystem.
    public var maximumSubsystemMemoryRanges: UInt16 = 0
    /// Greatest number of pages of a controller data queue.
    public var maximumDataQueuePages: UInt16 = 0
    /// NVMe Qualified Name of the subsystem.
    public var subsystemNQN = ""
    /// Greatest size of I/O command capsules in units of 16 bytes; fabrics only.
    public var commandCapsuleSize: UInt32 = 0
    /// Greatest size of I/O response capsules in units of 16 bytes; fabrics only.
    public var responseCapsuleSize: UInt32 = 0
    /// Offset of data in capsules in units of 16 bytes; fabrics only.
    public var inCapsuleDataOffset: UInt16 = 0
    /// Attributes of the controller; fabrics only.
    public var fabricsControllerAttributes: UInt8 = 0
    /// Greatest number of data block descriptors; fabrics only.
    public var maximumDataBlockDescriptors: UInt8 = 0
    /// Optional fabrics commands.
    public var optionalFabricsCommands: UInt16 = 0
    /// Kind of discovery controller.
    public var discoveryControllerType: UInt8 = 0
    /// The power states from 0 to the greatest.
    public var powerStates: [PowerState] = []
    /// What the vendor put behind it.
    public var vendorSpecific: [UInt8] = []

    /// A controller without name and abilities.
    public init() {}
}
