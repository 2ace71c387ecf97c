internal import EventLoop

/// What a carrier keeps of an open exchange.
@LoopActor
final class ExchangeRecord {
    /// The tag of an exchange over AF_MCTP.
    enum Tag {
        /// None yet: all were in use at the beginning.
        case pending
        /// Reserved from the kernel, with the network that it was reserved for if the kernel knows of that.
        case reserved(UInt8, network: NetworkID?)
        /// The kernel chooses it with each message that is sent.
        case automatic
        /// The carrier has no tags.
        case none
    }

    let address: EndpointAddress
    let type: MessageType
    let matches: @LoopActor ([UInt8]) -> Bool
    let inbox = Inbox()
    var tag: Tag
    /// Answers can only come after the question; what comes before is for somebody else.
    var hasSent = false
    var isEnded = false

    init(
        address: EndpointAddress,
        type: MessageType,
        tag: Tag,
        matches: @escaping @LoopActor ([UInt8]) -> Bool
    ) {
        self.address = address
        self.type = type
        self.tag = tag
        self.matches = matches
    }
}
