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
    public func rulesOut(_ structure: IdentifyStructure) -> Bool {
        switch structure.rawValue {
        case 0x03: nvmeVersion < NVMeVersion(1, 3)
        case 0x04: lacks(.nvmSets)
        case 0x05...0x0A, 0x1A...0x1C, 0x1F: nvmeVersion < NVMeVersion(2, 0)
        case 0x10...0x13: lacks(.namespaceManagement)
        case 0x14, 0x15: lacks(.virtualizationManagement)
        case 0x16: lacks(.namespaceGranularity)
        case 0x17: lacks(.uuidList)
        case 0x18: lacks(.multipleDomains)
        case 0x19: lacks(.enduranceGroups)
        case 0x1D, 0x1E, 0x20: nvmeVersion < NVMeVersion(2, 1)
        default: false
        }
    }

    /// True when capabilities say that there is no such log page.
    public func rulesOut(_ page: LogPageIdentifier) -> Bool {
        switch page.rawValue {
        case 0x00, 0x12, 0x13: lacks(LogPageAttributes.supportedLogPages)
        case 0x04: !optionalAsynchronousEvents.contains(.namespaceAttribute)
        case 0x05: lacks(LogPageAttributes.commandEffects)
        case 0x06: lacks(.deviceSelfTest)
        case 0x07, 0x08: lacks(LogPageAttributes.telemetry)
        case 0x09: lacks(.enduranceGroups)
        case 0x0A, 0x0B: lacks(.predictableLatency)
        case 0x0C: !multipathCapabilities.contains(.asymmetricNamespaceAccess)
        case 0x0D: lacks(LogPageAttributes.persistentEvents)
        case 0x0F: !optionalAsynchronousEvents.contains(.enduranceGroup)
        case 0x14: lacks(.lockdown)
        case 0x20...0x23: lacks(.flexibleDataPlacement)
        case 0x80: !optionalNVMCommands.contains(.reservations)
        case 0x81: !canSanitize
        default: false
        }
    }

    /// True when capabilities say that the controller does not have an Admin command.
    public func rulesOut(_ opcode: AdminOpcode) -> Bool {
        switch opcode.rawValue {
        case 0x0D, 0x15: lacks(.namespaceManagement)
        case 0x10, 0x11: lacks(.firmware)
        case 0x14: lacks(.deviceSelfTest)
        case 0x19, 0x1A: lacks(.directives)
        case 0x1C: lacks(.virtualizationManagement)
        case 0x24: lacks(.lockdown)
        case 0x80: lacks(.formatNVM)
        case 0x81, 0x82: lacks(.security)
        case 0x84: !canSanitize
        case 0x86: lacks(.getLBAStatus)
        default: false
        }
    }

    /// True when there is a way of sanitizing.
    public var canSanitize: Bool {
        !sanitizeCapabilities.isDisjoint(with: [.cryptoErase, .blockErase, .overwrite])
    }

    private func lacks(_ command: OptionalAdminCommands) -> Bool {
        !optionalAdminCommands.contains(command)
    }

    private func lacks(_ attribute: ControllerAttributes) -> Bool {
        !controllerAttributes.contains(attribute)
    }

    private func lacks(_ attribute: LogPageAttributes) -> Bool {
        !logPageAttributes.contains(attribute)
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
