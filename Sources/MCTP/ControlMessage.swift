/// A command of the MCTP control protocol (DSP0236).
public struct ControlCommand: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Gives an endpoint its endpoint ID.
    public static let setEndpointID = ControlCommand(rawValue: 0x01)
    /// Asks for the endpoint ID.
    public static let getEndpointID = ControlCommand(rawValue: 0x02)
    /// Asks for the UUID.
    public static let getEndpointUUID = ControlCommand(rawValue: 0x03)
    /// Asks which versions of a message type are understood.
    public static let getVersionSupport = ControlCommand(rawValue: 0x04)
    /// Asks which message types are understood.
    public static let getMessageTypeSupport = ControlCommand(rawValue: 0x05)
    /// Asks which vendor defined messages are understood.
    public static let getVendorDefinedMessageSupport = ControlCommand(rawValue: 0x06)
    /// Gives a bridge a pool of endpoint IDs.
    public static let allocateEndpointIDs = ControlCommand(rawValue: 0x08)
    /// Makes endpoints answer the next discovery.
    public static let prepareForEndpointDiscovery = ControlCommand(rawValue: 0x0B)
    /// Looks for endpoints that have not been discovered.
    public static let endpointDiscovery = ControlCommand(rawValue: 0x0C)
}

/// The outcome of a control command.
public struct ControlCompletionCode: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt8

    /// Wraps a number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Done.
    public static let success = ControlCompletionCode(rawValue: 0x00)
    /// Not done, for no stated reason.
    public static let error = ControlCompletionCode(rawValue: 0x01)
    /// A field has a value that is not allowed.
    public static let invalidData = ControlCompletionCode(rawValue: 0x02)
    /// The request has the wrong length.
    public static let invalidLength = ControlCompletionCode(rawValue: 0x03)
    /// Not now.
    public static let notReady = ControlCompletionCode(rawValue: 0x04)
    /// The command is not known.
    public static let unsupportedCommand = ControlCompletionCode(rawValue: 0x05)
    /// Answer to ``ControlCommand/getVersionSupport``: the message type is not known.
    public static let unsupportedMessageType = ControlCompletionCode(rawValue: 0x80)
}

/// Why bytes are no control message.
public enum ControlMessageError: Error, Hashable, Sendable {
    /// Fewer bytes than the message has to have.
    case tooShort(expected: Int, got: Int)
    /// More or fewer bytes than the message has to have.
    case wrongLength(expected: Int, got: Int)
    /// The message is of another type, or claims to have an integrity check.
    case wrongType(firstByte: UInt8)
    /// The flags that tell requests from responses have a combination that is neither.
    case wrongDirection(flags: UInt8)
    /// A field has a value that is not allowed.
    case invalidField(name: String, value: UInt8)
}

/// A control message: type, direction, number and command, with its data as bytes.
///
/// ``ControlRequest`` and ``ControlResponse`` know what the data means.
public struct ControlMessage: Hashable, Sendable {
    /// Which way a message goes.
    public enum Direction: Hashable, Sendable {
        /// Wants an answer.
        case request
        /// Wants none.
        case datagram
        /// The answer, and how the command ended.
        case response(ControlCompletionCode)
    }

    /// Which way it goes.
    public var direction: Direction
    /// Number that a response repeats from its request, 0 to 31.
    public var instance: UInt8
    /// The command.
    public var command: ControlCommand
    /// What follows the command, or in a response the completion code.
    public var data: [UInt8]

    /// A message of its fields; only the low five bits of `instance` count.
    public init(
        _ direction: Direction,
        instance: UInt8,
        command: ControlCommand,
        data: [UInt8] = []
    ) {
        self.direction = direction
        self.instance = instance & 0x1F
        self.command = command
        self.data = data
    }

    /// Reads a message.
    ///
    /// - Parameter message: The whole message, type byte first.
    /// - Throws: ``ControlMessageError``.
    public init(parsing message: [UInt8]) throws(ControlMessageError) {
        var bytes = message[...]
        guard let type = bytes.popFirst() else { throw .tooShort(expected: 3, got: 0) }
        guard type == MessageType.control.firstByte(hasIntegrityCheck: false) else {
            throw .wrongType(firstByte: type)
        }
        guard let flags = bytes.popFirst(), let command = bytes.popFirst() else {
            throw .tooShort(expected: 3, got: message.count)
        }
        let direction: Direction
        switch flags & 0xC0 {
        case 0x80: direction = .request
        case 0xC0: direction = .datagram
        case 0x00:
            guard let code = bytes.popFirst() else {
                throw .tooShort(expected: 4, got: message.count)
            }
            direction = .response(ControlCompletionCode(rawValue: code))
        default: throw .wrongDirection(flags: flags)
        }
        self.init(
            direction,
            instance: flags,
            command: ControlCommand(rawValue: command),
            data: Array(bytes)
        )
    }

    /// The whole message, type byte first.
    public var bytes: [UInt8] {
        let type = MessageType.control.firstByte(hasIntegrityCheck: false)
        let start: [UInt8] =
            switch direction {
            case .request: [type, 0x80 | instance, command.rawValue]
            case .datagram: [type, 0xC0 | instance, command.rawValue]
            case .response(let code): [type, instance, command.rawValue, code.rawValue]
            }
        return start + data
    }

    /// The response to this request: same number, same command.
    ///
    /// - Parameters:
    ///   - code: How the command ended.
    ///   - data: What follows the completion code; an error usually has nothing.
    /// - Returns: The response.
    public func response(
        _ code: ControlCompletionCode,
        data: [UInt8] = []
    ) -> ControlMessage {
        ControlMessage(.response(code), instance: instance, command: command, data: data)
    }
}
