// What a controller says beforehand that it does not have. Whoever asks for it all the same gets an error, and the
// controller an entry in its error log.

extension IdentifyController {
    /// The version of NVMe that the controller follows.
    public var nvmeVersion: NVMeVersion {
        get { NVMeVersion(rawValue: version) }
        set { version = newValue.rawValue }
    }

    /// What Get Log Page can do.
    public var logPageAbilities: LogPageAbilities {
        LogPageAbilities(
            hasOffset: logPageAttributes.contains(.extendedData),
            hasRetainedEvents: nvmeVersion >= NVMeVersion(1, 3)
        )
    }

    /// True when version or capabilities say that Identify does not know a structure.
    public func rulesOut(_ structure: IdentifyStructure) -> Bool { violates(structure.abilityRule) }

    /// True when capabilities say that there is no such log page.
    public func rulesOut(_ page: LogPageIdentifier) -> Bool { violates(page.abilityRule) }

    /// True when capabilities say that the controller does not have an Admin command.
    public func rulesOut(_ opcode: AdminOpcode) -> Bool { violates(opcode.abilityRule) }

    /// True when version or capabilities say that there is no such feature.
    public func rulesOut(_ feature: FeatureIdentifier) -> Bool { violates(feature.abilityRule) }

    /// True when capabilities say that only current values of features can be had.
    public func rulesOut(_ selection: FeatureSelection) -> Bool { violates(selection.abilityRule) }

    /// True when there is a way of sanitizing.
    public var canSanitize: Bool {
        !sanitizeCapabilities.isDisjoint(with: [.cryptoErase, .blockErase, .overwrite])
    }

    private func violates(_ rule: AbilityRule?) -> Bool {
        rule.map { !$0.isMet(by: self) } ?? false
    }
}

extension IdentifyController {
    /// True when what was answered to a request for something else is this controller again.
    ///
    /// Old firmware takes the structure (CNS) for a yes or no and answers every request for a list with the controller,
    /// whose bytes read as a list name things that do not exist. Compared is what does not change while the controller
    /// is in use.
    ///
    /// - Parameter answer: The bytes that were answered to Identify.
    /// - Returns: Whether they are the controller's.
    public func isRepeated(in answer: [UInt8]) -> Bool {
        guard vendorID != 0 || !serialNumber.isEmpty || !modelNumber.isEmpty,
            let other = try? IdentifyController(prefix: Array(answer.prefix(84))),
            answer.count >= 84
        else { return false }
        return other.vendorID == vendorID && other.subsystemVendorID == subsystemVendorID
            && other.serialNumber == serialNumber && other.modelNumber == modelNumber
            && other.controllerID == controllerID && other.version == version
    }
}
