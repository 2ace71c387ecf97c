/// The first four bytes of every NVMe-MI message.
public struct MessageHeader: Hashable, Sendable {
    /// Size in bytes.
    public static let size = 4

    /// The first byte of out-of-band messages: MCTP message type 4 with the integrity check bit.
    public static let messageType: UInt8 = 0x84

    /// The kind of the message.
    public var category: MessageCategory

    /// The command slot; a response has that of its request.
    public var slot: CommandSlot

    /// True in a response.
    public var isResponse: Bool

    /// True when the data of the request or response is in the Management Endpoint Buffer instead of the message.
    public var usesManagementEndpointBuffer: Bool

    /// True when the endpoint shall pause as soon as it begins to process the command.
    public var isCommandInitiatedAutoPause: Bool

    /// The header of a message.
    public init(
        category: MessageCategory,
        slot: CommandSlot,
        isResponse: Bool = false,
        usesManagementEndpointBuffer: Bool = false,
        isCommandInitiatedAutoPause: Bool = false
    ) {
        self.category = category
        self.slot = slot
        self.isResponse = isResponse
        self.usesManagementEndpointBuffer = usesManagementEndpointBuffer
        self.isCommandInitiatedAutoPause = isCommandInitiatedAutoPause
    }

    /// Reads the bytes after the type byte; reserved bits are ignored.
    init(flags: UInt8, moreFlags: UInt8) {
        category = MessageCategory(rawValue: flags >> 3 & 0xF)
        slot = flags & 1 == 0 ? .zero : .one
        isResponse = flags & 0x80 != 0
        usesManagementEndpointBuffer = moreFlags & 1 != 0
        isCommandInitiatedAutoPause = moreFlags & 2 != 0
    }

    /// The four bytes.
    public var bytes: [UInt8] {
        [
            Self.messageType,
            (isResponse ? 0x80 : 0) | category.rawValue << 3 & 0x78 | slot.rawValue,
            (usesManagementEndpointBuffer ? 1 : 0) | (isCommandInitiatedAutoPause ? 2 : 0),
            0,
        ]
    }
}

extension MessageHeader {
    /// The header of a message that nothing else is known of; nil when it is too short or of another
    /// message type.
    ///
    /// The integrity check is not looked at: enough to sort messages, not to believe them.
    public init?(of message: [UInt8]) {
        var reader = ByteReader(message, subject: "message header")
        guard let type = try? reader.read(UInt8.self, "message type"), type == Self.messageType,
            let flags = try? reader.read(UInt8.self, "flags"),
            let moreFlags = try? reader.read(UInt8.self, "more flags")
        else { return nil }
        self.init(flags: flags, moreFlags: moreFlags)
    }
}
