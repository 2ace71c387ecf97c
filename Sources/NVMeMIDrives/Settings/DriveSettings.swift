public import NVMeMIClient

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

    /// The share of its life, in percent, from which a drive's wear is a warning; 0 for none.
    public var wearWarning: UInt8 = 90

    /// What ``healthInterval`` can be, in milliseconds.
    public static let healthIntervals: ClosedRange<Int32> = 0...86_400_000

    /// How fast the way to the drive may get.
    var tuningLimits: TuningLimits {
        TuningLimits(transmissionUnit: transmissionUnit, smbusFrequency: smbusFrequency)
    }

    /// The defaults.
    public init() {}
}
