internal import NVMeMI

extension Drive {
    /// Records a change of one controller, or of all, in the flags of every endpoint.
    func note(_ change: ControllerStatusFlags, controller: Int? = nil) {
        var flags = change
        if !change.isDisjoint(with: .anyControllerStatus) { flags.insert(.controllerStatus) }
        for endpoint in endpoints {
            endpoint.compositeFlags.insert(flags)
            for index in controllers.indices where index == controller ?? index {
                endpoint.changedFlags[index].insert(flags)
            }
        }
        report(flags, controller: controller)
    }

    /// Changes something of the health and records what follows from it.
    func changeHealth(_ change: (inout Health) -> Void) {
        let before = (
            health.values.temperature, health.values.percentageUsed, health.values.availableSpare,
            health.criticalWarning
        )
        change(&health)
        if health.values.temperature != before.0 { note(.compositeTemperature) }
        if health.values.percentageUsed != before.1 { note(.percentageUsed) }
        if health.values.availableSpare != before.2 { note(.availableSpare) }
        if health.criticalWarning != before.3 {
            note(.criticalWarning)
            if health.criticalWarning & ~before.3 & 0x02 != 0 {
                let excess = Int(health.kelvin) - Int(health.overTemperature)
                remember(.thermalExcursion, [UInt8(clamping: abs(excess)), excess < 0 ? 1 : 0])
            }
        }
        onChange?()
    }

    /// Records that attributes of a namespace changed, for the controllers that see it.
    func noteChange(ofNamespace identifier: UInt32, controllers attached: [UInt16]) {
        for index in controllers.indices where attached.contains(controllers[index].identifier) {
            if !controllers[index].changedNamespaces.contains(identifier) {
                controllers[index].changedNamespaces.append(identifier)
                controllers[index].changedNamespaces.sort()
            }
            note(.namespaceAttribute, controller: index)
        }
        accessChanges += 1
        reportChange(ofNamespace: identifier)
        onChange?()
    }

    /// Records that a namespace was made or deleted, for all controllers.
    func noteAllocation(ofNamespace identifier: UInt32) {
        for index in controllers.indices
        where !controllers[index].changedAllocated.contains(identifier) {
            controllers[index].changedAllocated.append(identifier)
            controllers[index].changedAllocated.sort()
        }
    }

    /// Resets the subsystem: what was in progress and configured is lost, and so are the endpoint
    /// identifiers.
    func reset() {
        statistics.resets += 1
        resetEnd = description.resetTime == 0 ? nil : now + DeviceTime(description.resetTime)
        if !selfTest.survivesReset {
            selfTest.finish(outcome: 2, powerOnHours: health.powerOnHours(at: now))
        }
        // What was not formatted to the end is to be formatted again.
        format.stop()
        settings = Array(repeating: PortSettings(), count: settings.count)
        for endpoint in endpoints { endpoint.reset() }
        let activatesFirmware = firmware.reset()
        for index in controllers.indices {
            controllers[index].features.reset()
            controllers[index].shutdownStatus = 0
            controllers[index].hasFatalStatus = false
            controllers[index].subsystemResetOccurred = true
            controllers[index].isEnabled = controllers[index].description.isEnabled
            controllers[index].isReady = controllers[index].isEnabled
        }
        history.releaseAll()
        rememberStart()
        note(.subsystemReset)
        for endpoint in endpoints { endpoint.note(.subsystemReset) }
        if activatesFirmware { note(.firmwareActivated) }
        onReset?()
        onChange?()
    }
}

extension ControllerStatusFlags {
    /// The flags of a controller's status register, which a flag of its own stands for together.
    static let anyControllerStatus: ControllerStatusFlags = [
        .ready, .fatalStatus, .shutdownStatus, .subsystemReset, .controllerEnable,
        .namespaceAttribute, .firmwareActivated, .telemetry,
    ]
}
