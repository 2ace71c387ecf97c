/// Temperature, wear and history of the drive as a whole.
struct Health {
    /// What the drive began with, changed by whoever plays with it.
    var values: HealthDescription
    /// Time at which the simulation began.
    let start: DeviceTime

    /// Thresholds of the composite temperature in kelvin as features set them.
    var overTemperature: UInt16
    var underTemperature: UInt16 = 0

    /// Units of 512 000 bytes that hosts read and write in a minute.
    private let activity: UInt64

    init(_ description: HealthDescription, activity: UInt32 = 0, start: DeviceTime) {
        values = description
        self.activity = UInt64(activity)
        self.start = start
        overTemperature = Health.kelvin(description.warningTemperature)
    }

    /// Critical warning bits: those asked for, and those that follow from the other values.
    var criticalWarning: UInt8 {
        var bits = values.criticalWarning
        if values.availableSpare < values.spareThreshold { bits |= 0x01 }
        let temperature = kelvin
        if temperature >= overTemperature || temperature <= underTemperature { bits |= 0x02 }
        return bits
    }

    /// Composite temperature in kelvin.
    var kelvin: UInt16 { Health.kelvin(values.temperature) }

    /// Hours powered on.
    func powerOnHours(at now: DeviceTime) -> UInt64 {
        values.powerOnHours &+ (now &- start) / 3_600_000
    }

    /// What hosts have done so far: what the drive began with, and what they did since.
    func counters(at now: DeviceTime) -> HealthDescription {
        var counters = values
        guard activity > 0 else { return counters }
        let units = (now &- start) / 1_000 &* activity / 60
        counters.dataUnitsRead &+= units
        counters.dataUnitsWritten &+= units
        // Commands of 128 KiB or so.
        counters.hostReads &+= units * 4
        counters.hostWrites &+= units * 4
        counters.busyTime &+= (now &- start) / 60_000
        return counters
    }

    static func kelvin(_ celsius: Int) -> UInt16 {
        UInt16(clamping: celsius + 273)
    }
}
