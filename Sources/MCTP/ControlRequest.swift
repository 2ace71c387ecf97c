/// What a control request asks for.
public enum ControlRequest: Hashable, Sendable {
    /// What ``setEndpointID(operation:endpoint:)`` does with the endpoint ID.
    public enum SetOperation: UInt8, Hashable, Sendable {
        /// Sets it, unless the endpoint has a reason to refuse.
        case set = 0
        /// Sets it in any case.
        case force = 1
        /// Goes back to the endpoint's own static one.
        case reset = 2
        /// Sets the mark that the endpoint has been discovered.
        case setDiscovered = 3
    }

    /// Gives an endpoint its endpoint ID.
    case setEndpointID(operation: SetOperation, endpoint: EndpointID)
    /// Asks for the endpoint ID.
    case getEndpointID
    /// Asks for the UUID.
    case getEndpointUUID
    /// Asks which versions are understood: the first byte is a message type, or FFh for the base protocol.
    case getVersionSupport(of: UInt8)
    /// Asks which message types are understood.
    case getMessageTypeSupport
    /// Asks for one of the sets of vendor defined messages that are understood.
    case getVendorDefinedMessageSupport(selector: UInt8)
    /// Gives a bridge a pool of endpoint IDs.
    case allocateEndpointIDs(operation: UInt8, count: UInt8, first: EndpointID)
    /// Makes endpoints answer the next discovery.
    case prepareForEndpointDiscovery
    /// Looks for endpoints that have not been discovered.
    case endpointDiscovery
    /// A command that is not in this list.
    case other(ControlCommand, data: [UInt8])

    /// The command.
    public var command: ControlCommand {
        switch self {
        case .setEndpointID: .setEndpointID
        case .getEndpointID: .getEndpointID
        case .getEndpointUUID: .getEndpointUUID
        case .getVersionSupport: .getVersionSupport
        case .getMessageTypeSupport: .getMessageTypeSupport
        case .getVendorDefinedMessageSupport: .getVendorDefinedMessageSupport
        case .allocateEndpointIDs: .allocateEndpointIDs
        case .prepareForEndpointDiscovery: .prepareForEndpointDiscovery
        case .endpointDiscovery: .endpointDiscovery
        case .other(let command, _): command
        }
    }

    /// What follows the command.
    public var data: [UInt8] {
        switch self {
        case .setEndpointID(let operation, let endpoint): [operation.rawValue, endpoint.rawValue]
        case .getVersionSupport(let type): [type]
        case .getVendorDefinedMessageSupport(let selector): [selector]
        case .allocateEndpointIDs(let operation, let count, let first):
            [operation, count, first.rawValue]
        case .other(_, let data): data
        case .getEndpointID, .getEndpointUUID, .getMessageTypeSupport,
            .prepareForEndpointDiscovery, .endpointDiscovery:
            []
        }
    }

    /// The message that asks.
    ///
    /// - Parameter instance: Number that the response has to repeat, 0 to 31.
    /// - Returns: The message.
    public func message(instance: UInt8) -> ControlMessage {
        ControlMessage(.request, instance: instance, command: command, data: data)
    }

    /// Reads the data of a request.
    ///
    /// - Parameter message: A request or datagram; the direction is not looked at.
    /// - Throws: ``ControlMessageError`` when length or fields do not suit the command; a command that is
    ///   not in the list is no error.
    public init(_ message: ControlMessage) throws(ControlMessageError) {
        let data = message.data
        func require(_ count: Int) throws(ControlMessageError) {
            guard data.count == count else { throw .wrongLength(expected: count, got: data.count) }
        }
        switch message.command {
        case .setEndpointID:
            try require(2)
            guard let operation = SetOperation(rawValue: data[0] & 0x03) else {
                throw .invalidField(name: "operation", value: data[0])
            }
            self = .setEndpointID(operation: operation, endpoint: EndpointID(data[1]))
        case .getVersionSupport:
            try require(1)
            self = .getVersionSupport(of: data[0])
        case .getVendorDefinedMessageSupport:
            try require(1)
            self = .getVendorDefinedMessageSupport(selector: data[0])
        case .allocateEndpointIDs:
            try require(3)
            self = .allocateEndpointIDs(
                operation: data[0] & 0x03,
                count: data[1],
                first: EndpointID(data[2])
            )
        case .getEndpointID, .getEndpointUUID, .getMessageTypeSupport,
            .prepareForEndpointDiscovery, .endpointDiscovery:
            try require(0)
            self = Self.withoutData[message.command] ?? .other(message.command, data: data)
        default:
            self = .other(message.command, data: data)
        }
    }

    private static let withoutData: [ControlCommand: ControlRequest] = [
        .getEndpointID: .getEndpointID,
        .getEndpointUUID: .getEndpointUUID,
        .getMessageTypeSupport: .getMessageTypeSupport,
        .prepareForEndpointDiscovery: .prepareForEndpointDiscovery,
        .endpointDiscovery: .endpointDiscovery,
    ]
}
