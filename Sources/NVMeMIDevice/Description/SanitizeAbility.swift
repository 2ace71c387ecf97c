internal import NVMeMI

/// A way of sanitizing that a drive can have (SANICAP).
public enum SanitizeAbility: String, Sendable, Hashable, CaseIterable {
    /// Erasing the keys.
    case cryptoErase = "crypto-erase"
    /// Erasing the blocks.
    case blockErase = "block-erase"
    /// Overwriting.
    case overwrite
    /// Deallocation afterwards cannot be prevented.
    case noDeallocateInhibited = "no-deallocate-inhibited"

    var flag: SanitizeCapabilities {
        switch self {
        case .cryptoErase: .cryptoErase
        case .blockErase: .blockErase
        case .overwrite: .overwrite
        case .noDeallocateInhibited: .noDeallocateInhibited
        }
    }
}
