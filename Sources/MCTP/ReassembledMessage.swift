/// A message put together from its packets.
public struct ReassembledMessage: Hashable, Sendable {
    /// Who sent it.
    public let source: EndpointID
    /// Whom it was sent to.
    public let destination: EndpointID
    /// Its tag, as the sender gave it.
    public let tag: MessageTag
    /// The whole message, type byte first.
    public let bytes: [UInt8]

    /// A message of its fields.
    public init(source: EndpointID, destination: EndpointID, tag: MessageTag, bytes: [UInt8]) {
        self.source = source
        self.destination = destination
        self.tag = tag
        self.bytes = bytes
    }
}
