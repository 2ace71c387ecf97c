internal import NVMeMI

/// The log pages of the drive's condition and history.
extension AdminContext {
    /// Error Information (01h), newest entry first; entries that are not used are zero.
    var errorInformation: [UInt8] {
        var bytes: [UInt8] = []
        for error in drive.errorLog.entries {
            var entry = ErrorLogEntry()
            entry.errorCount = error.count
            entry.statusField = error.status
            entry.parameterErrorLocation = error.location
            entry.namespace = error.namespace
            entry.opcode = error.opcode
            entry.version = 1
            bytes += entry.data
        }
        let size = ErrorLog.capacity * ErrorLogEntry.layout.size
        return bytes + Array(repeating: 0, count: size - bytes.count)
    }

    /// SMART / Health Information (02h), which the drive keeps for all of it, not by namespace.
    func smartLog() throws(AdminFailure) -> [UInt8] {
        guard command.namespace == 0 || command.namespace == 0xFFFF_FFFF else {
            throw .invalidField(dword: 1)
        }
        let health = drive.health
        let values = health.values
        var log = SmartLog()
        log.criticalWarnings = CriticalWarnings(rawValue: health.criticalWarning)
        log.compositeTemperature = health.kelvin
        log.availableSpare = values.availableSpare
        log.availableSpareThreshold = values.spareThreshold
        log.percentageUsed = values.percentageUsed
        let counters = health.counters(at: now)
        log.dataUnitsRead = UInt128(counters.dataUnitsRead)
        log.dataUnitsWritten = UInt128(counters.dataUnitsWritten)
        log.hostReadCommands = UInt128(counters.hostReads)
        log.hostWriteCommands = UInt128(counters.hostWrites)
        log.controllerBusyTime = UInt128(counters.busyTime)
        log.powerCycles = UInt128(values.powerCycles)
        log.powerOnHours = UInt128(health.powerOnHours(at: now))
        log.unsafeShutdowns = UInt128(values.unsafeShutdowns)
        log.mediaErrors = UInt128(values.mediaErrors)
        log.errorLogEntries = UInt128(drive.errorLog.count)
        log.warningTemperatureTime = values.warningTemperatureTime
        log.criticalTemperatureTime = values.criticalTemperatureTime
        log.temperatureSensors = values.sensors.map(Health.kelvin)
        return log.data
    }

    /// Firmware Slot Information (03h).
    var firmwareSlots: [UInt8] {
        var log = FirmwareSlotLog()
        log.activeSlot = drive.firmware.active
        log.nextActiveSlot = drive.firmware.next ?? 0
        log.revisions = drive.firmware.revisions
        return log.data
    }
}
