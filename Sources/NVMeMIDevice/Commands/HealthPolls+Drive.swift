internal import NVMeMI

/// What the two health polls tell, and what they clear.
extension CommandContext {
    func subsystemHealth(_ command: SubsystemHealthStatusPoll) -> SubsystemHealth {
        var reply = SubsystemHealth()
        reply.version = drive.description.managementInterfaceVersion
        var status: SubsystemStatus = [.driveFunctional, .resetNotRequired]
        // The two PCIe ports that the status has bits for are the first two there are.
        let links = drive.description.ports.lazy.filter { $0.kind == .pcie }.prefix(2)
        for (link, flag) in zip(links, [SubsystemStatus.port0LinkActive, .port1LinkActive])
        where link.isLinkActive {
            status.insert(flag)
        }
        if drive.controllers.contains(where: \.hasFatalStatus) { status.remove(.resetNotRequired) }
        if drive.sanitize.isInFailureMode { status.insert(.sanitizeFailureMode) }
        if drive.namespaces.namespaces.contains(where: \.sanitize.isInFailureMode) {
            status.insert(.sanitizeNamespaceFailureMode)
        }
        if endpoint.events.hasFailed { status.insert(.asynchronousEventTransmissionFailure) }
        reply.status = status.defined(in: reply.version)
        reply.warnings = CriticalWarnings(rawValue: drive.health.criticalWarning)
            .defined(in: reply.version)
        if drive.description.clearsReservedWarnings {
            reply.invertedWarnings &= CriticalWarnings.named.defined(in: reply.version).rawValue
        }
        reply.temperature = CompositeTemperature(celsius: drive.health.values.temperature)
        reply.percentageUsed = drive.health.values.percentageUsed
        reply.compositeControllerStatus = endpoint.compositeFlags.defined(in: reply.version)
        if command.clearsStatus { endpoint.compositeFlags = [] }
        return reply
    }
}

extension CommandContext {
    func controllerHealth(
        _ command: ControllerHealthStatusPoll
    ) throws(RequestError) -> [ControllerHealth] {
        guard command.maximumEntriesLessOne != .max else {
            throw .parameter(10, "256 entries are more than an answer can hold")
        }
        let flags = ControllerStatusFlags(selectedBy: command.changes)
        var reply: [ControllerHealth] = []
        for (index, controller) in drive.controllers.enumerated()
        where controller.identifier >= command.firstController {
            guard command.functions.contains(controller.functionKind),
                command.reportsAll || !endpoint.changedFlags[index].isDisjoint(with: flags)
            else { continue }
            reply.append(health(of: controller, changed: endpoint.changedFlags[index]))
            if command.clearsChangedFlags { endpoint.changedFlags[index] = [] }
            if reply.count > Int(command.maximumEntriesLessOne) { break }
        }
        return reply
    }

    private func health(
        of controller: ControllerState,
        changed: ControllerStatusFlags
    ) -> ControllerHealth {
        var health = ControllerHealth()
        health.version = drive.description.managementInterfaceVersion
        health.controller = controller.identifier
        if controller.isReady { health.status.insert(.ready) }
        if controller.hasFatalStatus { health.status.insert(.fatalStatus) }
        if controller.subsystemResetOccurred { health.status.insert(.subsystemReset) }
        if controller.isEnabled { health.status.insert(.enabled) }
        if changed.contains(.namespaceAttribute) {
            health.status.insert(.namespaceAttributeChanged)
        }
        if changed.contains(.firmwareActivated) { health.status.insert(.firmwareActivated) }
        health.shutdownStatus = ShutdownStatus(rawValue: controller.shutdownStatus)
        health.compositeTemperature = drive.health.kelvin
        health.percentageUsed = drive.health.values.percentageUsed
        health.availableSpare = drive.health.values.availableSpare
        health.criticalWarnings = CriticalWarnings(rawValue: drive.health.criticalWarning)
            .defined(in: health.version)
        // The flags came with version 2; before, the bytes were reserved.
        if drive.description.managementVersion.major >= 2 {
            health.changedFlags = changed.defined(in: health.version)
        }
        return health
    }
}

extension DriveDescription {
    /// The version that says which bits mean something.
    var managementInterfaceVersion: ManagementInterfaceVersion {
        ManagementInterfaceVersion(managementVersion.major, managementVersion.minor)
    }
}

extension ControllerStatusFlags {
    /// The flags that a poll selects controllers by.
    fileprivate init(selectedBy changes: ControllerChanges) {
        self = []
        if changes.contains(.status) { insert(.controllerStatus) }
        if changes.contains(.compositeTemperature) { insert(.compositeTemperature) }
        if changes.contains(.percentageUsed) { insert(.percentageUsed) }
        if changes.contains(.availableSpare) { insert(.availableSpare) }
        if changes.contains(.criticalWarning) { insert(.criticalWarning) }
    }
}

extension ControllerState {
    /// The controller's PCI function as polls and events select by it.
    var functionKind: PCIFunctions {
        switch description.function {
        case .physical: .physical
        case .primary: .virtualizationPhysical
        case .virtual: .virtual
        }
    }
}
