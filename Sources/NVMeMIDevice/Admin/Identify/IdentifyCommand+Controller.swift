internal import NVMeMI

/// The Identify Controller structure of the controller that executes the command.
extension AdminContext {
    var identity: IdentifyController {
        let description = drive.description
        var structure = IdentifyController()
        structure.vendorID = description.vendorID
        structure.subsystemVendorID = description.subsystemVendorID
        structure.serialNumber = description.serialNumber
        structure.modelNumber = description.modelNumber
        structure.firmwareRevision = drive.firmware.activeRevision
        structure.recommendedArbitrationBurst = 4
        structure.organizationallyUniqueIdentifier = description.organisation
        structure.multipathCapabilities = multipathCapabilities
        structure.maximumDataTransferSize = 8
        structure.controllerID = controllerIdentifier
        // The field came with NVMe 1.2.
        structure.version = description.nvmeVersion >= 0x0001_0200 ? description.nvmeVersion : 0
        structure.runtimeD3ResumeLatency = 1_000_000
        structure.runtimeD3EntryLatency = 5_000_000
        structure.optionalAsynchronousEvents = [.namespaceAttribute, .firmwareActivation]
        structure.controllerType = ControllerType(
            rawValue: drive.controllers[controller].description.kind.rawValue
        )
        structure.subsystemReport = .storageDevice
        structure.isVPDWritesRemainingValid = drive.has(.vpdWrite)
        structure.vpdWritesRemaining = drive.has(.vpdWrite) ? drive.vitalProductDataWrites : 0
        structure.managementEndpointCapabilities = endpointCapabilities
        structure.subsystemNQN = description.qualifiedName
        addCommands(to: &structure)
        addCapacity(to: &structure)
        addPower(to: &structure)
        return structure
    }

    private func addCommands(to structure: inout IdentifyController) {
        let description = drive.description
        structure.optionalAdminCommands = optionalCommands
        structure.abortCommandLimit = 7
        structure.asynchronousEventRequestLimit = 3
        structure.isFirstFirmwareSlotReadOnly = description.isFirstFirmwareSlotReadOnly
        structure.firmwareSlotCount = UInt8(clamping: description.firmwareRevisions.count)
        structure.canActivateFirmwareWithoutReset = drive.has(.firmware)
        structure.maximumTimeForFirmwareActivation = 20
        structure.firmwareUpdateGranularity = FirmwareState.granularity
        if description.hasLogPageOffset { structure.logPageAttributes.insert(.extendedData) }
        addAbilities(to: &structure)
        structure.errorLogPageEntries = UInt8(ErrorLog.capacity - 1)
        if drive.has(.selfTest) {
            structure.extendedSelfTestTime = UInt16(
                clamping: (description.extendedSelfTestTime + 59_999) / 60_000
            )
            structure.selfTestOptions = .oneAtATimePerSubsystem
            if drive.has(.selfTestRefresh) {
                structure.selfTestOptions.insert(.hostInitiatedRefresh)
            }
        }
        if drive.has(.sanitize) {
            for ability in description.sanitizeAbilities {
                structure.sanitizeCapabilities.insert(ability.flag)
            }
            structure.noDeallocateModifiesMedia = .notModified
        }
        structure.submissionQueueEntryRequiredSize = 6
        structure.submissionQueueEntryMaximumSize = 6
        structure.completionQueueEntryRequiredSize = 4
        structure.completionQueueEntryMaximumSize = 4
        structure.optionalNVMCommands.insert([.datasetManagement, .writeZeroes])
        structure.formatAttributes = drive.has(.format) ? .cryptoErase : .broadcastNotSupported
        if description.formatsAllNamespaces {
            structure.formatAttributes.insert(.formatAllNamespaces)
        }
    }

    private func addCapacity(to structure: inout IdentifyController) {
        structure.maximumNamespaceID = drive.description.maximumNamespaces
        structure.maximumAllowedNamespaces =
            drive.description.nvmeVersion >= 0x0001_0400 ? drive.description.maximumNamespaces : 0
        structure.totalNVMCapacity = UInt128(drive.description.capacity)
        structure.unallocatedNVMCapacity = UInt128(drive.unallocatedCapacity)
    }

    private func addPower(to structure: inout IdentifyController) {
        structure.warningTemperatureThreshold = Health.kelvin(
            drive.description.health.warningTemperature
        )
        structure.criticalTemperatureThreshold = Health.kelvin(
            drive.description.health.criticalTemperature
        )
        structure.minimumThermalManagementTemperature = 273
        structure.maximumThermalManagementTemperature = structure.criticalTemperatureThreshold
        structure.supportsHostControlledThermalManagement = true
        structure.supportsAutonomousPowerStateTransitions = true
        // Three states, in hundredths of a watt: full speed, slower, and idle.
        structure.greatestPowerState = 2
        let states: [(power: UInt16, isIdle: Bool)] = [
            (2_500, false), (1_400, false), (500, true),
        ]
        structure.powerStates = states.map { power, isIdle in
            var state = PowerState()
            state.maximumPower = power
            state.isNonOperational = isIdle
            state.entryLatency = isIdle ? 2_000 : 0
            state.exitLatency = isIdle ? 10_000 : 0
            state.idlePower = 400
            state.idlePowerScale = .hundredthOfWatt
            return state
        }
    }

    private var multipathCapabilities: MultipathCapabilities {
        var capabilities: MultipathCapabilities = []
        if drive.description.ports.count(where: { $0.kind == .pcie }) > 1 {
            capabilities.insert(.multiplePorts)
        }
        if drive.controllers.count > 1 { capabilities.insert(.multipleControllers) }
        if drive.controllers[controller].description.function == .virtual {
            capabilities.insert(.virtualFunction)
        }
        return capabilities
    }

    private var endpointCapabilities: ManagementEndpointCapabilities {
        var capabilities: ManagementEndpointCapabilities = []
        for port in drive.description.ports where port.isManaged {
            capabilities.insert(port.kind == .twoWire ? .twoWirePort : .pciePort)
        }
        return capabilities
    }

    private var optionalCommands: OptionalAdminCommands {
        let flags: [(OptionalCommand, OptionalAdminCommands)] = [
            (.security, .security), (.format, .formatNVM), (.firmware, .firmware),
            (.namespaceManagement, .namespaceManagement), (.selfTest, .deviceSelfTest),
            (.virtualization, .virtualizationManagement), (.lockdown, .lockdown),
            (.lbaStatus, .getLBAStatus),
        ]
        return flags.reduce(into: []) { commands, flag in
            if drive.has(flag.0) { commands.insert(flag.1) }
        }
    }
}
