/// Sanitize Status (log page 81h): how far the present sanitize operation is or how the last one went.
public struct SanitizeStatusLog: WireStructure {
    /// How far it is, in 65536ths; FFFFh when none is in progress.
    public var progress: UInt16 = 0xFFFF
    /// How the last one went.
    public var outcome = SanitizeOutcome.neverSanitized
    /// Passes of overwriting that are done.
    public var overwritePasses: UInt8 = 0
    /// True when nothing was written since the drive was made or successfully sanitized; in the log of a namespace, since
    /// that was made or sanitized.
    public var isGlobalDataErased = false
    /// True when the verification of media was cancelled.
    public var isMediaVerificationCancelled = false
    /// Dword 10 of the last Sanitize command.
    public var commandDword10: UInt32 = 0
    /// Estimated seconds for overwriting, FFFFFFFFh when not reported; so are all estimates.
    public var overwriteTime: UInt32 = .max
    /// Estimated seconds for erasing blocks.
    public var blockEraseTime: UInt32 = .max
    /// Estimated seconds for erasing the keys.
    public var cryptoEraseTime: UInt32 = .max
    /// Estimated seconds for overwriting without deallocation.
    public var overwriteTimeWithoutDeallocate: UInt32 = .max
    /// Estimated seconds for erasing blocks without deallocation.
    public var blockEraseTimeWithoutDeallocate: UInt32 = .max
    /// Estimated seconds for erasing the keys without deallocation.
    public var cryptoEraseTimeWithoutDeallocate: UInt32 = .max
    /// Estimated seconds for deallocating after the verification of media.
    public var postVerificationDeallocationTime: UInt32 = .max
    /// State of sanitizing; controllers before NVMe 2.1 leave it 0.
    public var state = SanitizeState.idle
    /// The state in which it failed.
    public var failedState = SanitizeState.idle

    /// Never sanitized, without estimates.
    public init() {}

    /// The fields and their places; `Progress` is in percent and present while an operation is in progress, times are in
    /// seconds and left out when not reported.
    public static let layout = Layout<Self>("Sanitize Status", size: 512) {
        Field("Progress", at: 0, \.progress, shown: .hidden)
        Field(derived: "Progress") { log in
            log.outcome == .inProgress
                ? .fraction(Double(log.progress) * 100 / 65536) : nil
        }
        Field("Status", at: 2, bits: 0...2, \.outcome)
        Field("OverwritePasses", at: 2, bits: 3...7, \.overwritePasses)
        Field("GlobalDataErased", at: 2, bit: 8, \.isGlobalDataErased)
        Field("MediaVerificationCancelled", at: 2, bit: 9, \.isMediaVerificationCancelled)
        Field("CommandDword10", at: 4, \.commandDword10)
        Field("OverwriteTime", at: 8, \.overwriteTime, shown: .except(0xFFFF_FFFF))
        Field("BlockEraseTime", at: 12, \.blockEraseTime, shown: .except(0xFFFF_FFFF))
        Field("CryptoEraseTime", at: 16, \.cryptoEraseTime, shown: .except(0xFFFF_FFFF))
        Field(
            "OverwriteTimeWithoutDeallocate",
            at: 20,
            \.overwriteTimeWithoutDeallocate,
            shown: .except(0xFFFF_FFFF)
        )
        Field(
            "BlockEraseTimeWithoutDeallocate",
            at: 24,
            \.blockEraseTimeWithoutDeallocate,
            shown: .except(0xFFFF_FFFF)
        )
        Field(
            "CryptoEraseTimeWithoutDeallocate",
            at: 28,
            \.cryptoEraseTimeWithoutDeallocate,
            shown: .except(0xFFFF_FFFF)
        )
        Field(
            "PostVerificationDeallocationTime",
            at: 32,
            \.postVerificationDeallocationTime,
            shown: .except(0xFFFF_FFFF)
        )
        Field("State", at: 36, bits: 0...3, \.state)
        Field("FailedState", at: 36, bits: 4...7, \.failedState)
    }
}
