/// Temperature, wear and history of the drive as a whole.
struct Health {
    /// What the drive began with, changed by whoever plays with it.
    var values: HealthDescription
    /// Time at which the simulation began.
    let start: DeviceTime

    /// Thresholds of the composite temperature in kelvin as features set them.
    var overTemperature: UInt16
    var underTemperature: UInt16 = 0

    init(_ description: HealthDescription, start: DeviceTime) {
        values = description
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

    /// Composite temperature as the subsystem health poll codes it.
    var code: UInt8 {
        switch values.temperature {
        case 127...: 0x7F
        case ...(-60): 0xC4
        default: UInt8(bitPattern: Int8(values.temperature))
        }
    }

    /// Hours powered on.
    func powerOnHours(at now: DeviceTime) -> UInt64 {
        values.powerOnHours &+ (now &- start) / 3_600_000
    }

    static func kelvin(_ celsius: Int) -> UInt16 {
        UInt16(clamping: celsius + 273)
    }
}
