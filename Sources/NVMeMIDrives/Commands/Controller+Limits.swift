public import NVMeMI

/// Only what a drive can do is asked of it: what it does not have becomes an entry in its error log, and an alarm
/// in somebody's monitoring.
extension Controller {
    /// Refuses an Admin command that the drive has said it does not have.
    ///
    /// - Parameters:
    ///   - opcode: The command.
    ///   - isForced: Whether the caller wants it sent all the same; nil when it has no option to say so.
    /// - Throws: `DriveError.unsupported` that says who rules it out.
    public func check(_ opcode: AdminOpcode, isForced: Bool? = nil) throws(DriveError) {
        guard isForced != true, let reason = limit(of: opcode) else { return }
        throw refusal(
            of: CommandDeclaration.name(category: .admin, opcode: opcode.rawValue),
            reason,
            isForced
        )
    }

    /// Refuses a log page that the drive has said it does not have.
    ///
    /// - Throws: `DriveError.unsupported` that says who rules it out.
    public func check(_ page: LogPageIdentifier, isForced: Bool? = nil) throws(DriveError) {
        try check(AdminOpcode.getLogPage, isForced: isForced)
        guard isForced != true, let reason = limit(of: page) else { return }
        throw refusal(of: "log page \(page)", reason, isForced)
    }

    /// Refuses a structure of Identify that the drive has said it does not have.
    ///
    /// - Throws: `DriveError.unsupported` that says who rules it out.
    public func check(_ structure: IdentifyStructure, isForced: Bool? = nil) throws(DriveError) {
        guard isForced != true,
            identity?.abilities.missingStructures.contains(structure.rawValue) ?? false
        else { return }
        throw refusal(of: "Identify \(structure)", Self.identityReason, isForced)
    }

    private func limit(of opcode: AdminOpcode) -> String? {
        let code = opcode.rawValue
        // What every controller must have is not believed to be missing.
        guard CommandDeclaration.find(category: .admin, opcode: code)?.requirement != .mandatory
        else { return nil }
        if identity?.abilities.missingCommands.contains(code) ?? false {
            return Self.identityReason
        }
        if let listedCommands, !listedCommands.contains(code) {
            return "its log of commands and their effects does not list it"
        }
        return endpoint.limit(of: .admin, code)
    }

    private func limit(of page: LogPageIdentifier) -> String? {
        guard !Self.mandatoryPages.contains(page.rawValue) else { return nil }
        if let listedPages {
            return listedPages.contains(page.rawValue)
                ? nil : "its list of log pages does not have it"
        }
        return identity?.abilities.missingPages.contains(page.rawValue) ?? false
            ? Self.identityReason : nil
    }

    private static let identityReason = "its version or capabilities (Identify Controller) say so"

    private func refusal(of what: String, _ reason: String, _ isForced: Bool?) -> DriveError {
        .missing(
            "controller \(identifier) of \(endpoint.address) does not have \(what): \(reason)",
            isForced
        )
    }

    // MARK: What is known

    /// The log pages that it is known to have.
    public var knownPages: [LogPageIdentifier] {
        if let listedPages { return listedPages.codes.map(LogPageIdentifier.init(rawValue:)) }
        guard let abilities = identity?.abilities else { return [] }
        return (UInt8.min...UInt8.max).filter { code in
            Self.mandatoryPages.contains(code)
                || ControllerAbilities.pagesWithACapability.contains(code)
                    && !abilities.missingPages.contains(code)
        }
        .map(LogPageIdentifier.init(rawValue:))
    }

    /// Errors, health and firmware slots, which every controller has.
    private static let mandatoryPages: ClosedRange<UInt8> = 0x01...0x03

    /// The Admin commands that it is known to carry out by this endpoint.
    public var knownCommands: [AdminOpcode] {
        // Not all 256 codes are asked for: this is looked at with each change of the controller.
        var candidates = listedCommands ?? Self.promisedCommands
        for command in endpoint.inventory.optionalCommands.commands
        where command.category == .admin {
            candidates.insert(command.opcode)
        }
        return candidates.codes.map(AdminOpcode.init(rawValue:)).filter(isKnown)
    }

    /// Those that every controller has, and those that its capabilities may promise.
    private static let promisedCommands = CodeSet { code in
        switch CommandDeclaration.find(category: .admin, opcode: code)?.requirement {
        case .mandatory: true
        case .optional: ControllerAbilities.commandsWithACapability.contains(code)
        default: false
        }
    }

    /// Whether it is known to carry out an Admin command by this endpoint, rather than only not known not to.
    public func isKnown(_ opcode: AdminOpcode) -> Bool {
        let code = opcode.rawValue
        guard limit(of: opcode) == nil else { return false }
        if let listedCommands { return listedCommands.contains(code) }
        let requirement = CommandDeclaration.find(category: .admin, opcode: code)?.requirement
        if requirement == .mandatory { return true }
        return endpoint.lists(.admin, code)
            || requirement == .optional && identity != nil
                && ControllerAbilities.commandsWithACapability.contains(code)
    }
}

extension Endpoint {
    /// Refuses a command of the Management Interface or the PCIe command set that the drive has said it does not
    /// have.
    ///
    /// - Throws: `DriveError.unsupported` that says who rules it out.
    public func check(
        _ category: MessageCategory,
        _ opcode: UInt8,
        isForced: Bool? = nil
    ) throws(DriveError) {
        guard isForced != true, let reason = limit(of: category, opcode) else { return }
        let name = CommandDeclaration.name(category: category, opcode: opcode)
        throw .missing("\(address) does not have \(name): \(reason)", isForced)
    }

    /// Whether the endpoint lists an optional command.
    func lists(_ category: MessageCategory, _ opcode: UInt8) -> Bool {
        inventory.optionalCommands.commands.contains(
            CommandList.Entry(category: category, opcode: opcode)
        )
    }

    /// Why a command cannot be had by the endpoint; nil when nothing is known against it.
    func limit(of category: MessageCategory, _ opcode: UInt8) -> String? {
        guard
            let declaration = CommandDeclaration.find(category: category, opcode: opcode),
            declaration.requirement != .mandatory, !lists(category, opcode)
        else { return nil }
        if declaration.requirement == .prohibited {
            return
                "NVMe storage devices do not have it out of band, and its list of optional commands has it not"
        }
        // An empty one is as good as none.
        return inventory.optionalCommands.commands.isEmpty
            ? nil : "its list of optional commands does not have it"
    }
}

extension DriveError {
    /// What is not asked for, with how to insist where there is a way.
    fileprivate static func missing(_ reason: String, _ isForced: Bool?) -> Self {
        .unsupported(
            isForced == nil ? reason : reason + "; option 'force' has it asked all the same"
        )
    }
}
