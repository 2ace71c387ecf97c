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
