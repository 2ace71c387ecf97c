/// SMART / Health Information (log page 02h): the health of a controller over its life.
public struct SmartLog: WireStructure {
    /// Warnings that a person should look at.
    public var criticalWarnings: CriticalWarnings = []
    /// Composite temperature in kelvin, 0 when it is not reported.
    public var compositeTemperature: UInt16 = 0
    /// Spare that is left, in percent.
    public var availableSpare: UInt8 = 0
    /// Spare in percent below which there is a warning.
    public var availableSpareThreshold: UInt8 = 0
    /// Percentage of the drive's life that is used; 255 stands for that and more.
    public var percentageUsed: UInt8 = 0
    /// Warnings of any of the endurance groups.
    public var enduranceGroupWarnings: EnduranceGroupWarnings = []
    /// Data that the host read, in thousands of 512 bytes, rounded up.
    public var dataUnitsRead: UInt128 = 0
    /// Data that the host wrote, in thousands of 512 bytes, rounded up.
    public var dataUnitsWritten: UInt128 = 0
    /// Read commands.
    public var hostReadCommands: UInt128 = 0
    /// Write commands.
    public var hostWriteCommands: UInt128 = 0
    /// Minutes in which the controller was busy with I/O commands.
    public var controllerBusyTime: UInt128 = 0
    /// Power cycles.
    public var powerCycles: UInt128 = 0
    /// Hours with power on.
    public var powerOnHours: UInt128 = 0
    /// Losses of power without a shutdown before.
    public var unsafeShutdowns: UInt128 = 0
    /// Unrecovered errors of media or data integrity.
    public var mediaErrors: UInt128 = 0
    /// Entries that were ever made in the error log.
    public var errorLogEntries: UInt128 = 0
    /// Minutes at or above the warning temperature.
    public var warningTemperatureTime: UInt32 = 0
    /// Minutes at or above the critical temperature.
    public var criticalTemperatureTime: UInt32 = 0
    /// Temperatures of the sensors 1 to 8 in kelvin, 0 where there is no sensor.
    public var temperatureSensors: [UInt16] = []
    /// How often light throttling began.
    public var thermalManagement1Transitions: UInt32 = 0
    /// How often heavy throttling began.
    public var thermalManagement2Transitions: UInt32 = 0
    /// Seconds of light throttling.
    public var thermalManagement1Time: UInt32 = 0
    /// Seconds of heavy throttling.
    public var thermalManagement2Time: UInt32 = 0
    /// Energy taken over the life; controllers before NVMe 2.3 leave it 0.
    public var lifetimeEnergyConsumed: UInt64 = 0
    /// Power over the last interval; controllers before NVMe 2.3 leave it 0.
    public var intervalPowerMeasurement: UInt32 = 0

    /// A log of nothing.
    public init() {}

    /// The fields and their places.
    ///
    /// Temperatures are shown in degrees Celsius; those of absent sensors are left out, so a sensor keeps its number.
    /// Data units are thousands of 512 bytes. Times are in minutes, those of thermal management in seconds.
    public static let layout = Layout<Self>("SMART / Health Information", size: 512) {
        Field("CriticalWarning", at: 0, \.criticalWarnings, shown: .number)
        Field(derived: "CriticalWarnings") { .names($0.criticalWarnings.setNames) }
        Field("CompositeTemperature", at: 1, \.compositeTemperature, shown: .celsius)
        Field("AvailableSpare", at: 3, \.availableSpare)
        Field("AvailableSpareThreshold", at: 4, \.availableSpareThreshold)
        Field("PercentageUsed", at: 5, \.percentageUsed)
        Field("EnduranceGroupWarnings", at: 6, \.enduranceGroupWarnings)
        Field("DataUnitsRead", at: 32, \.dataUnitsRead)
        Field("DataUnitsWritten", at: 48, \.dataUnitsWritten)
        Field("HostReadCommands", at: 64, \.hostReadCommands)
        Field("HostWriteCommands", at: 80, \.hostWriteCommands)
        Field("ControllerBusyTime", at: 96, \.controllerBusyTime)
        Field("PowerCycles", at: 112, \.powerCycles)
        Field("PowerOnHours", at: 128, \.powerOnHours)
        Field("UnsafeShutdowns", at: 144, \.unsafeShutdowns)
        Field("MediaErrors", at: 160, \.mediaErrors)
        Field("ErrorLogEntries", at: 176, \.errorLogEntries)
        Field("WarningTemperatureTime", at: 192, \.warningTemperatureTime)
        Field("CriticalTemperatureTime", at: 196, \.criticalTemperatureTime)
        Field("TemperatureSensors", at: 200, count: 8, \.temperatureSensors, shown: .sensors)
        Field("ThermalManagement1Transitions", at: 216, \.thermalManagement1Transitions)
        Field("ThermalManagement2Transitions", at: 220, \.thermalManagement2Transitions)
        Field("ThermalManagement1Time", at: 224, \.thermalManagement1Time)
        Field("ThermalManagement2Time", at: 228, \.thermalManagement2Time)
        Field("LifetimeEnergyConsumed", at: 232, \.lifetimeEnergyConsumed, shown: .nonZero)
        Field("IntervalPowerMeasurement", at: 240, \.intervalPowerMeasurement, shown: .nonZero)
    }
}

/// Warnings of any endurance group of a subsystem.
public struct EnduranceGroupWarnings: WireFlags {
    /// The bits.
    public let rawValue: UInt8

    /// The warnings with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The available spare is below its threshold.
    public static let availableSpare = Self(rawValue: 1 << 0)
    /// Reliability is degraded.
    public static let reliability = Self(rawValue: 1 << 2)
    /// The media can only be read.
    public static let readOnly = Self(rawValue: 1 << 3)

    /// Names of the bits.
    public static let names: [(bit: Int, name: String)] = [
        (0, "AvailableSpareBelowThreshold"),
        (2, "ReliabilityDegraded"),
        (3, "ReadOnly"),
    ]
}
