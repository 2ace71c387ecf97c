/// What Identify Controller must say before a controller is asked for something that not every one has.
public enum AbilityRule: Sendable {
    /// A version of NVMe, or a later one.
    case version(NVMeVersion)
    /// An optional Admin command (OACS).
    case command(OptionalAdminCommands)
    /// An attribute of the controller (CTRATT).
    case attribute(ControllerAttributes)
    /// An attribute of its log pages (LPA).
    case logPages(LogPageAttributes)
    /// An asynchronous event that it can send (OAES).
    case event(OptionalAsynchronousEvents)
    /// An optional command or ability of the NVM command set (ONCS).
    case nvmCommand(OptionalNVMCommands)
    /// A way to be reached (CMIC).
    case multipath(MultipathCapabilities)
    /// A way of sanitizing (SANICAP).
    case sanitize
    /// Throttling that the host controls (HCTMA).
    case hostThermalManagement
    /// Changing power states by itself (APSTA).
    case autonomousPowerStates
    /// A cache that loses its contents with the power (VWC).
    case volatileWriteCache

    /// Whether a controller says so.
    public func isMet(by identity: IdentifyController) -> Bool {
        switch self {
        case .version(let version): identity.nvmeVersion >= version
        case .command(let command): identity.optionalAdminCommands.contains(command)
        case .attribute(let attribute): identity.controllerAttributes.contains(attribute)
        case .logPages(let attribute): identity.logPageAttributes.contains(attribute)
        case .event(let event): identity.optionalAsynchronousEvents.contains(event)
        case .nvmCommand(let command): identity.optionalNVMCommands.contains(command)
        case .multipath(let way): identity.multipathCapabilities.contains(way)
        case .sanitize: identity.canSanitize
        case .hostThermalManagement: identity.supportsHostControlledThermalManagement
        case .autonomousPowerStates: identity.supportsAutonomousPowerStateTransitions
        case .volatileWriteCache: identity.hasVolatileWriteCache
        }
    }

    /// Why a controller that does not say so is not asked, such as `OptionalAdminCommands of Identify Controller does not
    /// have FormatNVM`.
    public var objection: String {
        switch self {
        case .version(let version):
            "NVMeVersion of Identify Controller is older than \(version)"
        case .command(let command): Self.lack("OptionalAdminCommands", command.description)
        case .attribute(let attribute): Self.lack("ControllerAttributes", attribute.description)
        case .logPages(let attribute): Self.lack("LogPageAttributes", attribute.description)
        case .event(let event): Self.lack("OptionalAsynchronousEvents", event.description)
        case .nvmCommand(let command): Self.lack("OptionalNVMCommands", command.description)
        case .multipath(let way): Self.lack("MultipathCapabilities", way.description)
        case .sanitize: Self.lack("SanitizeCapabilities", "any way of sanitizing")
        case .hostThermalManagement: Self.lack("HostControlledThermalManagement", "it")
        case .autonomousPowerStates: Self.lack("AutonomousPowerStateTransitions", "them")
        case .volatileWriteCache: Self.lack("VolatileWriteCache", "one")
        }
    }

    private static func lack(_ field: String, _ what: String) -> String {
        "\(field) of Identify Controller does not have \(what)"
    }
}
