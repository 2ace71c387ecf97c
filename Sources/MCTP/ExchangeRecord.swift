internal import EventLoop

/// What a carrier keeps of an open exchange.
@LoopActor
final class ExchangeRecord {
    /// The tag of an exchange over AF_MCTP.
    enum Tag {
        /// None yet: it is reserved when something is sent.
        case pending
        /// Reserved from the kernel.
        case reserved(KernelTagStore.ReservedTag)
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
    /// Messages sent, less those that came for it: while there are more, an answer is missing.
    private(set) var unanswered = 0
    /// Answers can only come after the question; what comes before is for somebody else.
    private(set) var hasSent = false
    /// What the owner says of further answers; nil when it leaves that to the carrier.
    var answersMayCome: Bool?
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

    func noteSent() {
        hasSent = true
        unanswered += 1
    }

    func noteReceived() {
        if unanswered > 0 { unanswered -= 1 }
    }

    /// Whether nothing is to be expected any more for what was sent.
    var isSettled: Bool { !hasSent || !(answersMayCome ?? (unanswered > 0)) }
}
