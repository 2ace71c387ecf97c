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
