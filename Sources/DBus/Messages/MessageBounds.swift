/// What of a message is read into memory: beyond it a reader refuses to go on.
struct MessageBounds: Hashable, Sendable {
    /// Values; an array of numbers and a text count as one.
    var values = Int.max
    /// Bytes of one text.
    var text = Int.max
}

extension ConnectionLimits {
    /// The bounds of a call.
    var ofCalls: MessageBounds { MessageBounds(values: valuesPerCall, text: textPerCall) }
    /// The bounds of other messages.
    var ofMessages: MessageBounds { MessageBounds(values: valuesPerMessage, text: textPerMessage) }
}
