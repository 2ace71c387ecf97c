/// What a number counts; follows from the name of its field, for the fields of which that is known.
public enum FieldUnit: Hashable, Sendable {
    /// A temperature, a share, a power, a frequency.
    case celsius, percent, watts, hertz
    /// A time.
    case hours, minutes, seconds, milliseconds, microseconds
    /// A size.
    case bytes
    /// A point in time, in milliseconds of Unix time.
    case moment
    /// Logical blocks of a namespace.
    case blocks
    /// The binary logarithm of a number of pages of memory; 0 for no limit.
    case pages
    /// A namespace identifier, the greatest of which stands for all.
    case namespace
    /// Thousands of 512-byte blocks, the unit in which drives count what was read and written.
    case dataUnits
    /// A number that people know in hexadecimal, with so many digits.
    case hexadecimal(digits: Int)

    /// The unit of a field; nil for fields that are not known here, which are written as they came.
    public static func of(_ field: String) -> FieldUnit? {
        if let unit = fields[field] { return unit }
        let isTemperature =
            field.hasPrefix("TemperatureSensor") || field.hasSuffix("Temperature")
            || field.hasSuffix("TemperatureThreshold")
        return isTemperature ? .celsius : nil
    }

    private static let fields: [String: FieldUnit] = {
        let names: [FieldUnit: String] = [
            .percent: """
            AvailableSpare AvailableSpareThreshold PercentageUsed PercentageDriveLifeUsed \
            FormatPercentageRemaining \
            EnduranceUsed
            """,
            .watts: "MaximumPower IdlePower ActivePower",
            .hertz: "SMBusFrequency",
            .hours: "PowerOnHours",
            .minutes: """
            ControllerBusyTime WarningCompositeTemperatureTime CriticalCompositeTemperatureTime \
            WarningTemperatureTime CriticalTemperatureTime ExtendedSelfTestTime
            """,
            .seconds: """
            AsymmetricAccessTransitionTime ThermalManagement1Time ThermalManagement2Time
            """,
            .milliseconds: """
            CommandRetryDelay1 CommandRetryDelay2 CommandRetryDelay3 KeepAliveGranularity \
            MaximumTimeForFirmwareActivation MaximumTimeForFirmwareActivationWithoutReset \
            CommandQuiesceTime PollInterval
            """,
            .microseconds: """
            RuntimeD3ResumeLatency RuntimeD3EntryLatency SubsystemShutdownLatency EntryLatency \
            ExitLatency Minimum Median Percentile99 Maximum
            """,
            .bytes: """
            TotalCapacity UnallocatedCapacity TotalNVMCapacity UnallocatedNVMCapacity NVMCapacity \
            MaximumEnduranceGroupCapacity HostMemoryBufferPreferredSize \
            HostMemoryBufferMinimumSize HostMemoryBufferMinimumDescriptorEntrySize \
            PersistentEventLogSize FirmwareUpdateGranularity SubmissionQueueEntryRequiredSize \
            SubmissionQueueEntryMaximumSize CompletionQueueEntryRequiredSize \
            CompletionQueueEntryMaximumSize LogicalBlockSize BlockSize MetadataSize DataSize \
            MaximumTransmissionUnit MaximumTransmissionUnitSize MCTPTransmissionUnit \
            ManagementEndpointBufferSize BytesSent BytesReceived TransmissionUnit
            """,
            .moment:
                "StateSince HealthSince Since Updated Changed StartTime CarrierSince MctpdSince",
            .pages: "MaximumDataTransferSize",
            .namespace: "NSID NamespaceID",
            .dataUnits: "DataUnitsRead DataUnitsWritten",
            .hexadecimal(digits: 2): "VPDAddress ManagementEndpointAddress Opcode",
            .hexadecimal(digits: 4): """
            VendorID DeviceID SubsystemVendorID SubsystemID SubsystemDeviceID PCIeRoutingID \
            PCIeRoutingIdentifier StatusField
            """,
            .hexadecimal(digits: 6): "OrganizationallyUniqueIdentifier",
        ]
        var fields: [String: FieldUnit] = [:]
        for (unit, list) in names {
            for name in list.split(separator: " ") { fields[String(name)] = unit }
        }
        return fields
    }()

    /// The unit in words; nil for what is no unit but a way of writing.
    public var words: String? {
        switch self {
        case .celsius: "degrees Celsius"
        case .percent: "percent"
        case .watts: "watts"
        case .hertz: "hertz"
        case .hours: "hours"
        case .minutes: "minutes"
        case .seconds: "seconds"
        case .milliseconds: "milliseconds"
        case .microseconds: "microseconds"
        case .bytes: "bytes"
        case .moment: "milliseconds of Unix time"
        case .blocks: "logical blocks"
        case .pages: "binary logarithm of pages; 0 for no limit"
        case .namespace: "4294967295 for all namespaces"
        case .dataUnits: "1000 blocks of 512 bytes"
        case .hexadecimal: nil
        }
    }
}
