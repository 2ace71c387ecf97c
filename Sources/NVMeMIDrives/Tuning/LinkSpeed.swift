/// How fast the way to an endpoint is, and what came of making it faster.
public struct LinkSpeed: Equatable, Sendable {
    /// The drive's MCTP transmission unit in bytes of payload, 0 when it is not known.
    public internal(set) var transmissionUnit: UInt16 = 0
    /// The drive's SMBus frequency in hertz; 0 when it is not known or there is none.
    public internal(set) var smbusFrequency: UInt32 = 0
    /// What came of it, in words.
    public internal(set) var tuning = "not yet"
}

/// How fast the way to an endpoint may be made.
struct TuningLimits: Equatable, Sendable {
    /// In bytes of payload.
    var transmissionUnit: UInt16
    /// In hertz.
    var smbusFrequency: UInt32

    /// What every way begins with.
    static let initial = TuningLimits(transmissionUnit: 64, smbusFrequency: 100_000)
}
