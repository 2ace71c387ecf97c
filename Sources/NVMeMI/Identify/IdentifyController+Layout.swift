extension IdentifyController {
    /// The fields and their places.
    ///
    /// Temperatures are shown in degrees Celsius, times in milliseconds unless their documentation says otherwise, sizes
    /// in bytes, counts from one. Fields whose zero means that nothing is reported are left out then.
    public static let layout = Layout<Self>("Identify Controller", size: 4096) {
        Field("VendorID", at: 0, \.vendorID)
        Field("SubsystemVendorID", at: 2, \.subsystemVendorID)
        Field("SerialNumber", at: 4, ascii: 20, \.serialNumber)
        Field("ModelNumber", at: 24, ascii: 40, \.modelNumber)
        Field("FirmwareRevision", at: 64, ascii: 8, \.firmwareRevision)
        Field("RecommendedArbitrationBurst", at: 72, \.recommendedArbitrationBurst)
        Field(
            "OrganizationallyUniqueIdentifier",
            at: 73,
            width: 3,
            \.organizationallyUniqueIdentifier
        )
        Field("MultipathCapabilities", at: 76, \.multipathCapabilities)
        Field("MaximumDataTransferSize", at: 77, \.maximumDataTransferSize)
        Field("ControllerID", at: 78, \.controllerID)
        Field("NVMeVersion", at: 80, \.version, shown: .version)
        Field("RuntimeD3ResumeLatency", at: 84, \.runtimeD3ResumeLatency, shown: .nonZero)
        Field("RuntimeD3EntryLatency", at: 88, \.runtimeD3EntryLatency, shown: .nonZero)
        Field("OptionalAsynchronousEvents", at: 92, \.optionalAsynchronousEvents)
        Field("ControllerAttributes", at: 96, \.controllerAttributes)
        Field("ReadRecoveryLevels", at: 100, \.readRecoveryLevels)
        Field("BootPartitionCapabilities", at: 102, \.bootPartitionCapabilities)
        Field("SubsystemShutdownLatency", at: 104, \.subsystemShutdownLatency, shown: .nonZero)
        Field("PowerLossSignaling", at: 110, \.powerLossSignaling)
        Field("ControllerType", at: 111, \.controllerType)
        Field(
            "FRUGloballyUniqueIdentifier",
            at: 112,
            bytes: 16,
            \.fruGloballyUniqueIdentifier,
            shown: .nonZeroBytes
        )
        Field("CommandRetryDelay1", at: 128, \.commandRetryDelay1, shown: .times(100))
        Field("CommandRetryDelay2", at: 130, \.commandRetryDelay2, shown: .times(100))
        Field("CommandRetryDelay3", at: 132, \.commandRetryDelay3, shown: .times(100))
        Field("ReachabilityCapabilities", at: 134, \.reachabilityCapabilities)
        Field(
            "ControllerInstanceUniquifier",
            at: 135,
            \.controllerInstanceUniquifier,
            shown: .nonZero
        )
        Field(
            "ControllerInstanceRandomNumber",
            at: 136,
            \.controllerInstanceRandomNumber,
            shown: .nonZero
        )
        Field("SubsystemReport", at: 253, \.subsystemReport)
        Field("VPDWritesRemaining", at: 254, bits: 0...6, \.vpdWritesRemaining, shown: .hidden)
        Field(
            "VPDWritesRemainingValid",
            at: 254,
            bit: 7,
            \.isVPDWritesRemainingValid,
            shown: .hidden
        )
        Field(derived: "VPDWritesRemaining") {
            $0.isVPDWritesRemainingValid ? $0.vpdWritesRemaining.fieldValue : nil
        }
        Field("ManagementEndpointCapabilities", at: 255, \.managementEndpointCapabilities)
        Field("OptionalAdminCommands", at: 256, \.optionalAdminCommands)
        Field("AbortCommandLimit", at: 258, \.abortCommandLimit, shown: .onePlus)
        Field(
            "AsynchronousEventRequestLimit",
            at: 259,
            \.asynchronousEventRequestLimit,
            shown: .onePlus
        )
        Field("FirstFirmwareSlotReadOnly", at: 260, bit: 0, \.isFirstFirmwareSlotReadOnly)
        Field("FirmwareSlotCount", at: 260, bits: 1...3, \.firmwareSlotCount)
        Field("FirmwareActivationWithoutReset", at: 260, bit: 4, \.canActivateFirmwareWithoutReset)
        Field("FirmwareMultipleUpdateDetection", at: 260, bit: 5, \.detectsMultipleFirmwareUpdates)
        Field("LogPageAttributes", at: 261, \.logPageAttributes)
        Field("ErrorLogPageEntries", at: 262, \.errorLogPageEntries, shown: .onePlus)
        Field("PowerStateCount", at: 263, \.greatestPowerState, shown: .onePlus)
        Field("AdminVendorSpecificConfiguration", at: 264, \.adminVendorSpecificConfiguration)
        Field(
            "AutonomousPowerStateTransitions",
            at: 265,
            bit: 0,
            \.supportsAutonomousPowerStateTransitions
        )
        Field(
            "WarningTemperatureThreshold",
            at: 266,
            \.warningTemperatureThreshold,
            shown: .celsius
        )
        Field(
            "CriticalTemperatureThreshold",
            at: 268,
            \.criticalTemperatureThreshold,
            shown: .celsius
        )
        Field(
            "MaximumTimeForFirmwareActivation",
            at: 270,
            \.maximumTimeForFirmwareActivation,
            shown: .times(100)
        )
        Field(
            "HostMemoryBufferPreferredSize",
            at: 272,
            \.hostMemoryBufferPreferredSize,
            shown: .times(4096)
        )
        Field(
            "HostMemoryBufferMinimumSize",
            at: 276,
            \.hostMemoryBufferMinimumSize,
            shown: .times(4096)
        )
        Field("TotalNVMCapacity", at: 280, \.totalNVMCapacity, shown: .nonZero)
        Field("UnallocatedNVMCapacity", at: 296, \.unallocatedNVMCapacity)
        Field("ReplayProtectedMemoryBlockSupport", at: 312, \.replayProtectedMemoryBlockSupport)
        Field("ExtendedSelfTestTime", at: 316, \.extendedSelfTestTime, shown: .nonZero)
        Field("SelfTestOptions", at: 318, \.selfTestOptions)
        Field(
            "FirmwareUpdateGranularity",
            at: 319,
            \.firmwareUpdateGranularity,
            shown: .firmwareGranularity
        )
        Field("KeepAliveGranularity", at: 320, \.keepAliveGranularity, shown: .times(100))
        Field(
            "HostControlledThermalManagement",
            at: 322,
            bit: 0,
            \.supportsHostControlledThermalManagement
        )
        Field(
            "MinimumThermalManagementTemperature",
            at: 324,
            \.minimumThermalManagementTemperature,
            shown: .celsius
        )
        Field(
            "MaximumThermalManagementTemperature",
            at: 326,
            \.maximumThermalManagementTemperature,
            shown: .celsius
        )
        Field("SanitizeCapabilities", at: 328, bits: 0...29, \.sanitizeCapabilities)
        Field("NoDeallocateModifiesMedia", at: 328, bits: 30...31, \.noDeallocateModifiesMedia)
        Field(
            "HostMemoryBufferMinimumDescriptorEntrySize",
            at: 332,
            \.hostMemoryBufferMinimumDescriptorEntrySize,
            shown: .times(4096)
        )
        Field(
            "HostMemoryBufferMaximumDescriptorEntries",
            at: 336,
            \.hostMemoryBufferMaximumDescriptorEntries,
            shown: .nonZero
        )
        Field("MaximumNVMSetID", at: 338, \.maximumNVMSetID, shown: .nonZero)
        Field("MaximumEnduranceGroupID", at: 340, \.maximumEnduranceGroupID, shown: .nonZero)
        Field(
            "AsymmetricAccessTransitionTime",
            at: 342,
            \.asymmetricAccessTransitionTime,
            shown: .nonZero
        )
        Field("AsymmetricAccessCapabilities", at: 343, \.asymmetricAccessCapabilities)
        Field(
            "MaximumAsymmetricAccessGroupID",
            at: 344,
            \.maximumAsymmetricAccessGroupID,
            shown: .nonZero
        )
        Field("AsymmetricAccessGroupCount", at: 348, \.asymmetricAccessGroupCount, shown: .nonZero)
        Field("PersistentEventLogSize", at: 352, \.persistentEventLogSize, shown: .times(65536))
        Field("DomainID", at: 356, \.domainID)
        Field("KeyPerIOCapabilities", at: 358, \.keyPerIOCapabilities)
        Field(
            "MaximumTimeForFirmwareActivationWithoutReset",
            at: 360,
            \.maximumTimeForFirmwareActivationWithoutReset,
            shown: .times(100)
        )
        Field(
            "MaximumEnduranceGroupCapacity",
            at: 368,
            \.maximumEnduranceGroupCapacity,
            shown: .nonZero
        )
        Field("TemperatureHysteresisAttributes", at: 384, \.temperatureHysteresisAttributes)
        Field("CommandQuiesceTime", at: 386, \.commandQuiesceTime, shown: .nonZero)
        Field(
            "DevicePersonalityAttributes",
            at: 388,
            \.devicePersonalityAttributes,
            shown: .nonZero
        )
        Field("MaximumUnlimitedPower", at: 390, \.maximumUnlimitedPower, shown: .nonZero)
        Field("PowerMeasurementSampleRate", at: 392, \.powerMeasurementSampleRate, shown: .nonZero)
        Field("MaximumStopMeasurementTime", at: 394, \.maximumStopMeasurementTime, shown: .nonZero)
        Field(
            "SubmissionQueueEntryRequiredSize",
            at: 512,
            bits: 0...3,
            \.submissionQueueEntryRequiredSize,
            shown: .powerOfTwo
        )
        Field(
            "SubmissionQueueEntryMaximumSize",
            at: 512,
            bits: 4...7,
            \.submissionQueueEntryMaximumSize,
            shown: .powerOfTwo
        )
        Field(
            "CompletionQueueEntryRequiredSize",
            at: 513,
            bits: 0...3,
            \.completionQueueEntryRequiredSize,
            shown: .powerOfTwo
        )
        Field(
            "CompletionQueueEntryMaximumSize",
            at: 513,
            bits: 4...7,
            \.completionQueueEntryMaximumSize,
            shown: .powerOfTwo
        )
        Field("MaximumOutstandingCommands", at: 514, \.maximumOutstandingCommands, shown: .nonZero)
        Field("MaximumNamespaceID", at: 516, \.maximumNamespaceID)
        Field("OptionalNVMCommands", at: 520, \.optionalNVMCommands)
        Field("FusedOperations", at: 522, \.fusedOperations)
        Field("FormatAttributes", at: 524, \.formatAttributes)
        Field("VolatileWriteCachePresent", at: 525, bit: 0, \.hasVolatileWriteCache)
        Field(
            "VolatileWriteCacheFlushBehavior",
            at: 525,
            bits: 1...2,
            \.volatileWriteCacheFlushBehavior
        )
        Field("AtomicWriteUnitNormal", at: 526, \.atomicWriteUnitNormal, shown: .onePlus)
        Field("AtomicWriteUnitPowerFail", at: 528, \.atomicWriteUnitPowerFail, shown: .onePlus)
        Field("IOVendorSpecificConfiguration", at: 530, \.ioVendorSpecificConfiguration)
        Field("WriteProtectionCapabilities", at: 531, \.writeProtectionCapabilities)
        Field("AtomicCompareAndWriteUnit", at: 532, \.atomicCompareAndWriteUnit, shown: .onePlus)
        Field("CopyDescriptorFormats", at: 534, \.copyDescriptorFormats)
        Field("ScatterGatherListSupport", at: 536, \.scatterGatherListSupport)
        Field("MaximumAllowedNamespaces", at: 540, \.maximumAllowedNamespaces, shown: .nonZero)
        Field(
            "MaximumDomainNamespaceAttachments",
            at: 544,
            \.maximumDomainNamespaceAttachments,
            shown: .nonZero
        )
        Field(
            "MaximumControllerNamespaceAttachments",
            at: 560,
            \.maximumControllerNamespaceAttachments,
            shown: .nonZero
        )
        Field(
            "OptimalAggregatedQueueDepth",
            at: 564,
            \.optimalAggregatedQueueDepth,
            shown: .nonZero
        )
        Field("RefreshInterval", at: 568, \.refreshInterval, shown: .nonZero)
        Field("RefreshTime", at: 569, \.refreshTime, shown: .nonZero)
        Field(
            "MaximumControllerTrackingDescriptors",
            at: 570,
            \.maximumControllerTrackingDescriptors,
            shown: .nonZero
        )
        Field(
            "MaximumSubsystemTrackingDescriptors",
            at: 572,
            \.maximumSubsystemTrackingDescriptors,
            shown: .nonZero
        )
        Field("MinimumTrackingGranularity", at: 574, \.minimumTrackingGranularity, shown: .nonZero)
        Field("MaximumTrackingGranularity", at: 575, \.maximumTrackingGranularity, shown: .nonZero)
        Field("TrackingAttributes", at: 576, \.trackingAttributes, shown: .nonZero)
        Field(
            "MaximumControllerMigrationQueues",
            at: 578,
            \.maximumControllerMigrationQueues,
            shown: .nonZero
        )
        Field(
            "MaximumSubsystemMigrationQueues",
            at: 580,
            \.maximumSubsystemMigrationQueues,
            shown: .nonZero
        )
        Field(
            "MaximumControllerMemoryRanges",
            at: 582,
            \.maximumControllerMemoryRanges,
            shown: .nonZero
        )
        Field(
            "MaximumSubsystemMemoryRanges",
            at: 584,
            \.maximumSubsystemMemoryRanges,
            shown: .nonZero
        )
        Field("MaximumDataQueuePages", at: 586, \.maximumDataQueuePages, shown: .nonZero)
        Field("SubsystemNQN", at: 768, utf8: 256, \.subsystemNQN)
        Field("CommandCapsuleSize", at: 1792, \.commandCapsuleSize, shown: .times(16))
        Field("ResponseCapsuleSize", at: 1796, \.responseCapsuleSize, shown: .times(16))
        Field("InCapsuleDataOffset", at: 1800, \.inCapsuleDataOffset, shown: .times(16))
        Field(
            "FabricsControllerAttributes",
            at: 1802,
            \.fabricsControllerAttributes,
            shown: .nonZero
        )
        Field(
            "MaximumDataBlockDescriptors",
            at: 1803,
            \.maximumDataBlockDescriptors,
            shown: .nonZero
        )
        Field("OptionalFabricsCommands", at: 1804, \.optionalFabricsCommands, shown: .nonZero)
        Field("DiscoveryControllerType", at: 1806, \.discoveryControllerType, shown: .nonZero)
        Field(
            "PowerStates",
            at: 2048,
            structures: 32,
            inUse: { Int($0.greatestPowerState) + 1 },
            \.powerStates
        )
        Field("VendorSpecific", at: 3072, bytes: 1024, \.vendorSpecific, shown: .hidden)
    }
}
