extension Sanitize {
    /// What of the command contradicts itself, in words; nil when nothing does.
    public var contradiction: String? {
        let isExit = action == .exitFailureMode || action == .exitMediaVerification
        if action.name == nil { return "there is no action \(action.rawValue)" }
        if overwritePasses > 15 { return "there are 1 to 16 passes of overwriting" }
        if action != .overwrite, overwritePasses != 0 || invertsPattern || overwritePattern != 0 {
            return "passes and pattern are for Overwrite, not for \(action)"
        }
        if isExit, allowsUnrestrictedExit || noDeallocate || entersMediaVerification {
            return "\(action) begins nothing that could end in one way or another"
        }
        if noDeallocate, entersMediaVerification {
            return "media that is to be verified is deallocated afterwards in any case"
        }
        return nil
    }

    /// Why a controller does not carry out the command, as it says beforehand.
    ///
    /// - Parameter capabilities: What Identify Controller says (SANICAP).
    /// - Returns: The reason in words; nil when nothing speaks against it.
    public func objection(by capabilities: SanitizeCapabilities) -> String? {
        if let needed = action.capability, !capabilities.contains(needed) {
            return
                "SanitizeCapabilities of Identify Controller does not have \(needed); it has \(capabilities)"
        }
        if noDeallocate, capabilities.contains(.noDeallocateInhibited) {
            return "SanitizeCapabilities of Identify Controller has NoDeallocateInhibited"
        }
        if entersMediaVerification, !capabilities.contains(.mediaVerification) {
            return "SanitizeCapabilities of Identify Controller does not have MediaVerification"
        }
        return nil
    }
}

extension SanitizeAction {
    /// What a controller must have for the action (SANICAP); nil for one that needs nothing.
    public var capability: SanitizeCapabilities? {
        switch self {
        case .blockErase: .blockErase
        case .overwrite: .overwrite
        case .cryptoErase: .cryptoErase
        case .exitMediaVerification: .mediaVerification
        default: nil
        }
    }

    /// Whether the action begins an operation that goes on behind the answer.
    public var beginsOperation: Bool {
        self == .blockErase || self == .overwrite || self == .cryptoErase
    }
}

extension SanitizeStatusLog {
    /// The action of the last command that began an operation.
    public var action: SanitizeAction { SanitizeAction(rawValue: UInt8(commandDword10 & 0x07)) }

    /// How much of the operation in progress is done, from 0 to 1.
    public var fractionDone: Double { Double(progress) / 65536 }

    /// Whether the media can be verified, and nothing goes on.
    public var isInMediaVerification: Bool { state == .mediaVerification }

    /// Seconds that the drive estimates for an action; nil when it does not tell.
    public func estimate(of action: SanitizeAction, noDeallocate: Bool) -> UInt32? {
        let seconds: UInt32
        switch (action, noDeallocate) {
        case (.overwrite, false): seconds = overwriteTime
        case (.overwrite, true): seconds = overwriteTimeWithoutDeallocate
        case (.blockErase, false): seconds = blockEraseTime
        case (.blockErase, true): seconds = blockEraseTimeWithoutDeallocate
        case (.cryptoErase, false): seconds = cryptoEraseTime
        case (.cryptoErase, true): seconds = cryptoEraseTimeWithoutDeallocate
        default: return nil
        }
        return seconds == .max ? nil : seconds
    }

    /// Seconds that the drive estimates for the operation in progress; nil when it does not tell.
    public var estimate: UInt32? {
        estimate(of: action, noDeallocate: commandDword10 & 0x200 != 0)
    }
}
