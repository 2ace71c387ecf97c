public import NVMeMIClient

/// Everything about the bridge that can be set.
public struct BridgeSettings: Equatable, Sendable {
    /// How drives are treated for which nothing else is said.
    public var drive = DriveSettings()
    /// What is different for some drives; of several that fit a drive the later ones win.
    public var driveRules: [DriveRule] = []
    /// Method calls that one D-Bus client may have open.
    public var callsPerClient = 128
    /// Method calls that may be open altogether.
    public var calls = 1024
    /// The first pause before an endpoint that does not answer is tried again; doubled each time.
    public var firstRetry: Duration = .seconds(1)
    /// The longest pause before an endpoint that does not answer is tried again.
    public var lastRetry: Duration = .seconds(60)
    /// The first pause before mctpd is asked again to recover a silent endpoint; doubled each time, zero
    /// has it never asked.
    public var firstRecoverPause: Duration = .seconds(10)
    /// The longest pause before mctpd is asked again to recover a silent endpoint.
    public var lastRecoverPause: Duration = .seconds(600)
    /// How long endpoints stay published while mctpd is away, and after its return while it does not
    /// list them.
    public var mctpdGrace: Duration = .seconds(30)
    /// How long the calls that are open when the bridge is told to end may still take.
    public var shutdownGrace: Duration = .seconds(5)
    /// The least urgent log entries that are written: error, warning, notice, info, debug or trace.
    public var logLevel = "info"

    /// The log levels that there are, most urgent first.
    public static let logLevels = ["error", "warning", "notice", "info", "debug", "trace"]

    /// The defaults.
    public init() {}

    /// How a drive is treated.
    ///
    /// - Parameter identity: Who it is; nil while that is not known.
    /// - Returns: The common settings with what the rules that fit it change.
    func drive(_ identity: DriveIdentity?) -> DriveSettings {
        guard let identity else { return drive }
        var settings = drive
        for rule in DriveRule.known where rule.fits(identity) { rule.apply(to: &settings) }
        // A longer one for every drive is long enough for these.
        settings.session.minimumGap = max(
            settings.session.minimumGap,
            drive.session.minimumGap
        )
        for rule in driveRules where rule.fits(identity) { rule.apply(to: &settings) }
        return settings
    }

    /// Whether there are drives whose way may be made faster than others' or not as fast.
    var tuningDependsOnDrive: Bool {
        (DriveRule.known + driveRules).contains { rule in
            var settings = drive
            rule.apply(to: &settings)
            return settings.tuningLimits != drive.tuningLimits
        }
    }
}

/// How a drive is treated.
public struct DriveSettings: Equatable, Sendable {
    /// Limits and times of its session.
    public var session = SessionSettings()
    /// Time from one health poll to the next; zero polls never.
    public var healthInterval: Duration = .seconds(10)
    /// The greatest MCTP transmission unit, in bytes of payload, that the way to the drive may get; 64,
    /// which every endpoint begins with, leaves it alone.
    public var transmissionUnit: UInt16 = 250
    /// The greatest SMBus frequency in hertz that the way to the drive may get; 100000, which every
    /// endpoint begins with, leaves it alone.
    public var smbusFrequency: UInt32 = 400_000

    /// What ``healthInterval`` can be, in milliseconds.
    static let healthIntervals: ClosedRange<Int32> = 0...86_400_000

    /// How fast the way to the drive may get.
    var tuningLimits: TuningLimits {
        TuningLimits(transmissionUnit: transmissionUnit, smbusFrequency: smbusFrequency)
    }

    /// The defaults.
    public init() {}
}
