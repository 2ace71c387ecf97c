internal import NVMeMI

extension AdminContext {
    /// Tells in Identify Controller what the drive has besides commands.
    func addAbilities(to structure: inout IdentifyController) {
        let attributes: [(DriveAbility, LogPageAttributes)] = [
            (.commandEffects, .commandEffects), (.telemetry, .telemetry),
            (.persistentEvents, .persistentEvents), (.supportedLists, .supportedLogPages),
            (.telemetryArea4, .telemetryArea4),
        ]
        for (ability, attribute) in attributes where drive.has(ability) {
            structure.logPageAttributes.insert(attribute)
        }
        let controller: [(DriveAbility, ControllerAttributes)] = [
            (.sets, .nvmSets), (.enduranceGroups, .enduranceGroups),
            (.predictableLatency, .predictableLatency), (.granularity, .namespaceGranularity),
            (.uuidList, .uuidList), (.domains, .multipleDomains),
            (.dataPlacement, .flexibleDataPlacement),
        ]
        for (ability, attribute) in controller where drive.has(ability) {
            structure.controllerAttributes.insert(attribute)
        }
        let commands: [(DriveAbility, OptionalNVMCommands)] = [
            (.selectFeatures, .saveAndSelectFeatures), (.timestamp, .timestamp),
            (.reservations, .reservations),
        ]
        for (ability, command) in commands where drive.has(ability) {
            structure.optionalNVMCommands.insert(command)
        }
        let events: [(DriveAbility, OptionalAsynchronousEvents)] = [
            (.asymmetricAccess, .asymmetricNamespaceAccess), (.lbaStatus, .lbaStatus),
            (.predictableLatency, .predictableLatency), (.enduranceGroups, .enduranceGroup),
            (.reachability, .reachability), (.reachability, .allocatedNamespace),
            (.zones, .zoneDescriptor), (.discovery, .discoveryLog),
        ]
        for (ability, event) in events where drive.has(ability) {
            structure.optionalAsynchronousEvents.insert(event)
        }
        addLimits(to: &structure)
    }

    private func addLimits(to structure: inout IdentifyController) {
        if drive.has(.enduranceGroups) {
            structure.maximumEnduranceGroupID = MediaLayout.limit
            structure.maximumEnduranceGroupCapacity = UInt128(drive.description.capacity)
        }
        if drive.has(.sets) { structure.maximumNVMSetID = MediaLayout.limit }
        if drive.has(.domains) { structure.domainID = 1 }
        if drive.has(.capacity) {
            structure.controllerAttributes.insert([
                .fixedCapacity, .variableCapacity, .deleteEnduranceGroup, .deleteNVMSet,
            ])
        }
        if drive.has(.persistentEvents) { structure.persistentEventLogSize = 2 }
        if drive.has(.bootPartitions) { structure.bootPartitionCapabilities = 1 }
        if drive.has(.writeProtection) {
            structure.writeProtectionCapabilities = [.writeProtect, .untilPowerCycle, .permanent]
        }
        if drive.has(.asymmetricAccess) {
            structure.multipathCapabilities.insert(.asymmetricNamespaceAccess)
            structure.asymmetricAccessTransitionTime = 10
            structure.asymmetricAccessCapabilities = [.optimized, .nonOptimized, .groupIDFixed]
            structure.maximumAsymmetricAccessGroupID = UInt32(Drive.accessGroups.count)
            structure.asymmetricAccessGroupCount = UInt32(Drive.accessGroups.count)
        }
        structure.maximumControllerNamespaceAttachments = drive.description.maximumAttachments
        if drive.has(.shutdown) { structure.subsystemShutdownLatency = 1_000_000 }
    }
}
