/// What a successful control response says.
public enum ControlResponse: Hashable, Sendable {
    /// Whether an endpoint wants endpoint IDs for endpoints behind it.
    public enum Pool: UInt8, Hashable, Sendable {
        /// No endpoints behind it.
        case none = 0
        /// Wants some.
        case wanted = 1
        /// Has some already.
        case present = 2
    }

    /// How an endpoint ID came about.
    public enum EndpointIDKind: UInt8, Hashable, Sendable {
        /// Given by the bus owner.
        case dynamic = 0
        /// The endpoint's own.
        case `static` = 1
        /// The endpoint's own, which it also uses at present.
        case staticCurrent = 2
        /// The endpoint has its own, but was given another.
        case staticOther = 3
    }

    /// Answer to ``ControlRequest/setEndpointID(operation:endpoint:)``.
    case setEndpointID(isAccepted: Bool, pool: Pool, endpoint: EndpointID, poolSize: UInt8)
    /// Answer to ``ControlRequest/getEndpointID``; ``EndpointID/null`` while there is none.
    case getEndpointID(
        endpoint: EndpointID,
        isBridge: Bool,
        kind: EndpointIDKind,
        mediumSpecific: UInt8
    )
    /// Answer to ``ControlRequest/getEndpointUUID``: 16 bytes in the order in which a UUID is written.
    case getEndpointUUID([UInt8])
    /// Answer to ``ControlRequest/getVersionSupport(of:)``: each version as its four bytes, major first.
    case getVersionSupport([UInt32])
    /// Answer to ``ControlRequest/getMessageTypeSupport``.
    case getMessageTypeSupport([MessageType])
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
        case .other(let command, _): command
        }
    }

    /// What follows the completion code.
    ///
    /// Lists are cut off after 255 elements, which their count cannot express more of.
    public var data: [UInt8] {
        switch self {
        case .setEndpointID(let isAccepted, let pool, let endpoint, let poolSize):
            [(isAccepted ? 0x00 : 0x10) | pool.rawValue, endpoint.rawValue, poolSize]
        case .getEndpointID(let endpoint, let isBridge, let kind, let mediumSpecific):
            [endpoint.rawValue, (isBridge ? 0x10 : 0x00) | kind.rawValue, mediumSpecific]
        case .getEndpointUUID(let bytes): bytes
        case .getVersionSupport(let versions):
            [UInt8(clamping: versions.count)]
                + versions.prefix(255).flatMap { version in
                    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: version >> $0) }
                }
        case .getMessageTypeSupport(let types):
            [UInt8(clamping: types.count)] + types.prefix(255).map(\.rawValue)
        case .other(_, let data): data
        }
    }

    /// The message that answers `request`.
    public func message(answering request: ControlMessage) -> ControlMessage {
        request.response(.success, data: data)
    }

    /// Reads the data of a successful response.
    ///
    /// - Parameter message: A response; direction and completion code are not looked at.
    /// - Throws: ``ControlMessageError`` when length or fields do not suit the command; a command that is
    ///   not in the list is no error.
    public init(_ message: ControlMessage) throws(ControlMessageError) {
        let data = message.data
        func require(_ count: Int) throws(ControlMessageError) {
            guard data.count == count else { throw .wrongLength(expected: count, got: data.count) }
        }
        func requireList(of size: Int) throws(ControlMessageError) {
            guard let count = data.first else { throw .tooShort(expected: 1, got: 0) }
            try require(1 + Int(count) * size)
        }
        switch message.command {
        case .setEndpointID:
            try require(3)
            guard data[0] & 0x30 <= 0x10, let pool = Pool(rawValue: data[0] & 0x03) else {
                throw .invalidField(name: "status", value: data[0])
            }
            self = .setEndpointID(
                isAccepted: data[0] & 0x30 == 0,
                pool: pool,
                endpoint: EndpointID(data[1]),
                poolSize: data[2]
            )
        case .getEndpointID:
            try require(3)
            guard data[1] & 0x30 <= 0x10, let kind = EndpointIDKind(rawValue: data[1] & 0x03) else {
                throw .invalidField(name: "type", value: data[1])
            }
            self = .getEndpointID(
                endpoint: EndpointID(data[0]),
                isBridge: data[1] & 0x30 != 0,
                kind: kind,
                mediumSpecific: data[2]
            )
        case .getEndpointUUID:
            try require(16)
            self = .getEndpointUUID(data)
        case .getVersionSupport:
            try requireList(of: 4)
            self = .getVersionSupport(
                stride(from: 1, to: data.count, by: 4).map { start in
                    data[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
                }
            )
        case .getMessageTypeSupport:
            try requireList(of: 1)
            self = .getMessageTypeSupport(data.dropFirst().map(MessageType.init(rawValue:)))
        default:
            self = .other(message.command, data: data)
        }
    }
}
