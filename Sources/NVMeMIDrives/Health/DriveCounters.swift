import NVMeMI

/// What a drive has counted in its life, and what its further sensors measure, as its SMART / Health Information log page
/// has it.
///
/// Counters of 128 bits stop at the most that fits.
public struct DriveCounters: Equatable, Sendable {
    /// Bytes that the host has read, in steps of 512,000.
    public var bytesRead: Double
    /// Bytes that the host has written, in steps of 512,000.
    public var bytesWritten: Double
    /// Power cycles.
    public var powerCycles: UInt64
    /// Hours with power on.
    public var powerOnHours: UInt64
    /// Losses of power without a shutdown before.
    public var unsafeShutdowns: UInt64
    /// Unrecovered errors of media or data integrity.
    public var mediaErrors: UInt64
    /// What the temperature sensors measure that the drive has beside its composite temperature.
    public var temperatures: [SensorTemperature]

    init(_ log: SmartLog) {
        bytesRead = Double(log.dataUnitsRead) * Self.bytesPerDataUnit
        bytesWritten = Double(log.dataUnitsWritten) * Self.bytesPerDataUnit
        powerCycles = UInt64(clamping: log.powerCycles)
        powerOnHours = UInt64(clamping: log.powerOnHours)
        unsafeShutdowns = UInt64(clamping: log.unsafeShutdowns)
        mediaErrors = UInt64(clamping: log.mediaErrors)
        // 0 K is one that the drive does not have.
        temperatures = zip(UInt8(1)..., log.temperatureSensors).filter { $0.1 != 0 }
            .map { SensorTemperature(number: $0.0, celsius: Int16(clamping: Int32($0.1) - 273)) }
    }

    private static let bytesPerDataUnit = 512_000.0
}

/// What one of a drive's temperature sensors measures.
public struct SensorTemperature: Equatable, Sendable {
    /// The sensor's number, from 1 to 8.
    public var number: UInt8
    /// Degrees Celsius.
    public var celsius: Int16
}
