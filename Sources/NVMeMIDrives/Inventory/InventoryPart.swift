import NVMeMI

/// One thing that an endpoint is asked for to know what it is; each is known, or missing, for itself.
enum InventoryPart: Hashable {
    case subsystem
    case port(UInt8)
    case optionalCommands
    case controllerList
    case controllerInformation(UInt16)
    case controllerIdentity(UInt16)
    case activeNamespaces(UInt16)
    case namespaceIdentity(UInt32)
    case namespaceDescriptors(UInt32)
    case firmwareSlots(UInt16)
    case listOfPages(UInt16)
    case listOfCommands(UInt16)
    case health

    /// Whether it is an Admin command's answer.
    var isOfAdmin: Bool {
        switch self {
        case .controllerIdentity, .activeNamespaces, .namespaceIdentity, .namespaceDescriptors,
            .firmwareSlots, .listOfPages, .listOfCommands:
            true
        case .subsystem, .port, .optionalCommands, .controllerList, .controllerInformation, .health:
            false
        }
    }

    /// Whether a drive may do without it, so that a refusal for good is nothing to speak of.
    var isOptional: Bool {
        switch self {
        case .port, .optionalCommands, .namespaceDescriptors, .firmwareSlots, .listOfPages,
            .listOfCommands:
            true
        case .subsystem, .controllerList, .controllerInformation, .controllerIdentity,
            .activeNamespaces,
            .namespaceIdentity, .health:
            false
        }
    }
}

extension InventoryPart: CustomStringConvertible {
    /// The part in words.
    var description: String {
        switch self {
        case .subsystem: "subsystem information"
        case .port(let number): "port \(number)"
        case .optionalCommands: "list of optional commands"
        case .controllerList: "list of controllers"
        case .controllerInformation(let number): "information on controller \(number)"
        case .controllerIdentity(let number): "identity of controller \(number)"
        case .activeNamespaces(let number): "namespaces of controller \(number)"
        case .namespaceIdentity(let number): "identity of namespace \(number)"
        case .namespaceDescriptors(let number): "identifiers of namespace \(number)"
        case .firmwareSlots(let number): "firmware slots of controller \(number)"
        case .listOfPages(let number): "list of log pages of controller \(number)"
        case .listOfCommands(let number): "list of commands of controller \(number)"
        case .health: "health"
        }
    }
}
