public import NVMeMI

/// What a controller says beforehand of erasing.
public struct ErasingAbilities: Hashable, Sendable {
    /// The ways of sanitizing (SANICAP).
    public let sanitize: SanitizeCapabilities
    /// What Format NVM concerns (FNA).
    public let format: FormatAttributes
    /// Minutes that an extended self-test takes; 0 when it does not tell.
    public let extendedSelfTestTime: UInt16
    /// What self-tests can do (DSTO).
    public let selfTest: SelfTestOptions

    init(_ identity: IdentifyController) {
        sanitize = identity.sanitizeCapabilities
        format = identity.formatAttributes
        extendedSelfTestTime = identity.extendedSelfTestTime
        selfTest = identity.selfTestOptions
    }

    /// Whether there is a way of sanitizing.
    public var canSanitize: Bool {
        !sanitize.isDisjoint(with: [.cryptoErase, .blockErase, .overwrite])
    }
}
