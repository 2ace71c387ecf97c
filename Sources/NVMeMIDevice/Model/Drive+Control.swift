internal import NVMeMI

/// What a person or the world does to the drive while it runs.
extension Drive {
    /// Composite temperature in degrees Celsius.
    public var temperature: Int { health.values.temperature }

    /// Sets the composite temperature; critical warnings follow from it.
    ///
    /// - Parameters:
    ///   - celsius: Degrees Celsius.
    ///   - now: The time.
    public func setTemperature(_ celsius: Int, at now: DeviceTime) {
        update(to: now)
        changeHealth { $0.values.temperature = celsius }
    }

    /// Percentage of the drive's life used.
    public var percentageUsed: UInt8 { health.values.percentageUsed }

    /// Sets the percentage of the drive's life used.
    ///
    /// - Parameters:
    ///   - percentage: Percent; 255 means 255 or more.
    ///   - now: The time.
    public func setPercentageUsed(_ percentage: UInt8, at now: DeviceTime) {
        update(to: now)
        changeHealth { $0.values.percentageUsed = percentage }
    }

    /// Available spare in percent.
    public var availableSpare: UInt8 { health.values.availableSpare }

    /// Sets the available spare; a critical warning follows below the threshold.
    ///
    /// - Parameters:
    ///   - percentage: Percent, at most 100.
    ///   - now: The time.
    public func setAvailableSpare(_ percentage: UInt8, at now: DeviceTime) {
        update(to: now)
        changeHealth { $0.values.availableSpare = min(100, percentage) }
    }

    /// Critical warning bits as the SMART log has them.
    public var criticalWarning: UInt8 { health.criticalWarning }

    /// Sets the critical warning bits that do not follow from other values.
    ///
    /// - Parameters:
    ///   - bits: The bits.
    ///   - now: The time.
    public func setCriticalWarning(_ bits: UInt8, at now: DeviceTime) {
        update(to: now)
        changeHealth { $0.values.criticalWarning = bits }
    }

    /// Makes a controller's host enable or disable it; ready follows.
    ///
    /// - Parameters:
    ///   - isEnabled: CC.EN.
    ///   - identifier: The controller.
    ///   - now: The time.
    /// - Returns: Whether there is such a controller.
    @discardableResult
    public func setEnabled(
        _ isEnabled: Bool,
        controller identifier: UInt16,
        at now: DeviceTime
    ) -> Bool {
        update(to: now)
        guard let index = controllerIndex(identifier) else { return false }
        guard controllers[index].isEnabled != isEnabled else { return true }
        controllers[index].isEnabled = isEnabled
        controllers[index].isReady = isEnabled
        note(.controllerEnable, controller: index)
        note(.ready, controller: index)
        onChange?()
        return true
    }

    /// Sets or clears a controller's fatal status.
    ///
    /// - Parameters:
    ///   - isFatal: CSTS.CFS.
    ///   - identifier: The controller.
    ///   - now: The time.
    /// - Returns: Whether there is such a controller.
    @discardableResult
    public func setFatalStatus(
        _ isFatal: Bool,
        controller identifier: UInt16,
        at now: DeviceTime
    ) -> Bool {
        update(to: now)
        guard let index = controllerIndex(identifier) else { return false }
        if isFatal, !controllers[index].hasFatalStatus { note(.fatalStatus, controller: index) }
        controllers[index].hasFatalStatus = isFatal
        onChange?()
        return true
    }

    /// Makes the next sanitize operation fail.
    public func failNextSanitize() {
        sanitize.failsNext = true
    }

    /// Makes the next self-test that comes to its end fail.
    ///
    /// - Parameters:
    ///   - segment: The segment that fails.
    ///   - namespace: Namespace of the block that cannot be read; 0 for a failure that is of none.
    ///   - block: The block.
    public func failNextSelfTest(segment: UInt8, namespace: UInt32 = 0, block: UInt64 = 0) {
        selfTest.nextFailure = .init(segment: segment, namespace: namespace, block: block)
    }

    /// Has another snapshot of telemetry made behind each of the next commands that read data of one.
    ///
    /// - Parameter count: How many commands.
    public func changeTelemetryWhileRead(_ count: UInt32) {
        telemetry.pendingChanges = count
    }

    /// Resets the subsystem, as if its power had gone for a moment.
    ///
    /// - Parameter now: The time.
    public func reset(at now: DeviceTime) {
        update(to: now)
        health.values.powerCycles += 1
        reset()
    }

    /// Whether a reset is going on, during which nothing is answered.
    ///
    /// - Parameter now: The time.
    /// - Returns: True until the reset time is over.
    public func isResetting(at now: DeviceTime) -> Bool {
        update(to: now)
        return isResetting
    }

    /// The faults in force.
    public var activeFaults: [Fault] { faults.faults }

    /// Puts a fault in force; one of the same kind for the same commands is replaced.
    ///
    /// - Parameter fault: The fault.
    public func setFault(_ fault: Fault) {
        faults.set(fault)
    }

    /// Ends every fault; commands that were hit already stay hit.
    public func clearFaults() {
        faults.clear()
    }
}
