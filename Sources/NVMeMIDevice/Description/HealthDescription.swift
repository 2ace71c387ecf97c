/// The wear, temperature and history a simulated drive starts with.
public struct HealthDescription: Sendable, Hashable {
    /// Composite temperature in degrees Celsius.
    public var temperature = 35
    /// Temperature sensors 1…8 in degrees Celsius.
    public var sensors: [Int] = [36, 41]
    /// Warning composite temperature threshold in degrees Celsius.
    public var warningTemperature = 70
    /// Critical composite temperature threshold in degrees Celsius.
    public var criticalTemperature = 80
    /// Critical warning bits that are set beside those that follow from temperature and spare.
    public var criticalWarning: UInt8 = 0
    /// Available spare in percent.
    public var availableSpare: UInt8 = 100
    /// Available spare below which the drive warns, in percent.
    public var spareThreshold: UInt8 = 10
    /// Percentage of the drive's life used; 255 means 255 or more.
    public var percentageUsed: UInt8 = 1
    /// Data read, in thousands of 512-byte units.
    public var dataUnitsRead: UInt64 = 2_456_013
    /// Data written, in thousands of 512-byte units.
    public var dataUnitsWritten: UInt64 = 1_893_772
    /// Read commands of hosts.
    public var hostReads: UInt64 = 41_027_355
    /// Write commands of hosts.
    public var hostWrites: UInt64 = 30_118_904
    /// Controller busy time in minutes.
    public var busyTime: UInt64 = 1_205
    /// Power cycles.
    public var powerCycles: UInt64 = 27
    /// Hours powered on when the simulation starts.
    public var powerOnHours: UInt64 = 1_742
    /// Shutdowns without notice.
    public var unsafeShutdowns: UInt64 = 4
    /// Unrecovered media and data integrity errors.
    public var mediaErrors: UInt64 = 0
    /// Entries ever written to the error log; the newest of them are in the log page.
    public var errorLogEntries: UInt64 = 3
    /// Minutes above the warning temperature.
    public var warningTemperatureTime: UInt32 = 0
    /// Minutes above the critical temperature.
    public var criticalTemperatureTime: UInt32 = 0

    /// A drive in its first year.
    public init() {}
}
