/// The tag of a message: tells the open exchanges between two endpoints apart.
public struct MessageTag: Hashable, Sendable {
    /// The tag's number, 0 to 7.
    public let value: UInt8
    /// Whether the sender chose the tag: true in requests and unasked-for messages, false in responses.
    public let isOwner: Bool

    /// A tag; only the low three bits of `value` count.
    public init(_ value: UInt8, isOwner: Bool) {
        self.value = value & 0x07
        self.isOwner = isOwner
    }

    /// The same tag as the other side uses it in its answer.
    public var answering: MessageTag { MessageTag(value, isOwner: !isOwner) }
}
