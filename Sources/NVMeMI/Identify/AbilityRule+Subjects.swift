extension IdentifyStructure {
    /// What a controller must say to be asked for the structure; nil when every one may be asked.
    public var abilityRule: AbilityRule? {
        switch rawValue {
        case 0x03: .version(NVMeVersion(1, 3))
        case 0x04: .attribute(.nvmSets)
        case 0x05...0x0A, 0x1A...0x1C, 0x1F: .version(NVMeVersion(2, 0))
        case 0x10...0x13: .command(.namespaceManagement)
        case 0x14, 0x15: .command(.virtualizationManagement)
        case 0x16: .attribute(.namespaceGranularity)
        case 0x17: .attribute(.uuidList)
        case 0x18: .attribute(.multipleDomains)
        case 0x19: .attribute(.enduranceGroups)
        case 0x1D, 0x1E, 0x20: .version(NVMeVersion(2, 1))
        default: nil
        }
    }
}

extension LogPageIdentifier {
    /// What a controller must say to be asked for the page; nil when every one may be asked.
    public var abilityRule: AbilityRule? {
        switch rawValue {
        case 0x00, 0x12, 0x13: .logPages(.supportedLogPages)
        case 0x04: .event(.namespaceAttribute)
        case 0x05: .logPages(.commandEffects)
        case 0x06: .command(.deviceSelfTest)
        case 0x07, 0x08: .logPages(.telemetry)
        case 0x09: .attribute(.enduranceGroups)
        case 0x0A, 0x0B: .attribute(.predictableLatency)
        case 0x0C: .multipath(.asymmetricNamespaceAccess)
        case 0x0D: .logPages(.persistentEvents)
        case 0x0F: .event(.enduranceGroup)
        case 0x14: .command(.lockdown)
        case 0x20...0x23: .attribute(.flexibleDataPlacement)
        case 0x80: .nvmCommand(.reservations)
        case 0x81: .sanitize
        default: nil
        }
    }
}

extension AdminOpcode {
    /// What a controller must say to be sent the command; nil when every one may be sent it.
    public var abilityRule: AbilityRule? {
        switch rawValue {
        case 0x0D, 0x15: .command(.namespaceManagement)
        case 0x10, 0x11: .command(.firmware)
        case 0x14: .command(.deviceSelfTest)
        case 0x19, 0x1A: .command(.directives)
        case 0x1C: .command(.virtualizationManagement)
        case 0x24: .command(.lockdown)
        case 0x80: .command(.formatNVM)
        case 0x81, 0x82: .command(.security)
        case 0x84: .sanitize
        case 0x86: .command(.getLBAStatus)
        default: nil
        }
    }
}

extension FeatureIdentifier {
    /// What a controller must say to be asked for the feature; nil when every one may be asked.
    public var abilityRule: AbilityRule? {
        switch rawValue {
        case 0x06: .volatileWriteCache
        case 0x0C: .autonomousPowerStates
        case 0x0E: .nvmCommand(.timestamp)
        case 0x10: .hostThermalManagement
        case 0x12: .attribute(.readRecoveryLevels)
        case 0x13, 0x14: .attribute(.predictableLatency)
        case 0x17: .sanitize
        case 0x18: .attribute(.enduranceGroups)
        case 0x19...0x1F: .version(NVMeVersion(2, 0))
        case 0x82, 0x83: .nvmCommand(.reservations)
        default: nil
        }
    }
}

extension FeatureSelection {
    /// What a controller must say to be asked for another value than the current one.
    public var abilityRule: AbilityRule? {
        self == .current ? nil : .nvmCommand(.saveAndSelectFeatures)
    }
}
