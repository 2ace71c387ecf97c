internal import EventLoop

/// What an ``ExchangeRecord`` needs of its carrier.
@LoopActor
protocol Carrier: AnyObject {
    /// Tries to send a message.
    ///
    /// - Returns: Nil when it is sent, else when to try again.
    /// - Throws: Why it cannot be sent, or not within the carrier's patience.
    func attempt(
        _ sending: inout Sending,
        for record: ExchangeRecord
    ) throws(TransportError)
        -> MonotonicInstant?

    /// Takes note that the exchange has ended.
    func release(_ record: ExchangeRecord)
}

/// A message that is being sent, perhaps in several attempts.
struct Sending {
    let message: [UInt8]
    /// When the patience of the carrier began.
    var since: MonotonicInstant
    /// Whether it waits for a tag, or has.
    var hasWaitedForTag = false
    /// Attempts that failed.
    var failures = 0
}

/// An exchange of either carrier.
@LoopActor
final class ExchangeRecord: OpenExchange {
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
    var tag: Tag
    /// Messages sent, less those that came for it: while there are more, an answer is missing.
    private(set) var unanswered = 0
    /// Answers can only come after the question; what comes before is for somebody else.
    private(set) var hasSent = false
    /// What the owner says of further answers; nil when it leaves that to the carrier.
    private(set) var answersMayCome: Bool?
    private(set) var isEnded = false
    /// Why nothing more can be sent or will come.
    private(set) var failure: TransportError?
    private let carrier: any Carrier
    private var owner: (any ExchangeOwner)?
    /// The message that waits to be sent, and the next attempt.
    private var waiting: (sending: Sending, timer: Timer)?

    init(
        address: EndpointAddress,
        type: MessageType,
        tag: Tag,
        of carrier: any Carrier,
        owner: any ExchangeOwner
    ) {
        self.address = address
        self.type = type
        self.tag = tag
        self.carrier = carrier
        self.owner = owner
    }

    var outlivesFirstAnswer: Bool {
        if case .automatic = tag { return false }
        return true
    }

    // MARK: Sending

    func send(_ message: [UInt8]) throws(TransportError) -> Bool {
        guard !isEnded, waiting == nil else {
            throw TransportError(operation: "send", kind: .closed, endpoint: address)
        }
        if let failure { throw failure }
        guard let first = message.first, MessageType(firstByte: first) == type else {
            throw TransportError(operation: "send", kind: .protocolViolation, endpoint: address)
        }
        return try attempt(Sending(message: message, since: EventLoop.main.now))
    }

    /// Tries again to send what waits, if anything does.
    func tryAgain() {
        guard let (sending, timer) = waiting else { return }
        timer.cancel()
        waiting = nil
        do throws(TransportError) {
            if try attempt(sending) { owner?.sent() }
        } catch {
            owner?.notSent(error)
        }
    }

    private func attempt(_ sending: Sending) throws(TransportError) -> Bool {
        var sending = sending
        let hasWaitedForTag = sending.hasWaitedForTag
        guard let instant = try carrier.attempt(&sending, for: self) else { return true }
        if !hasWaitedForTag, sending.hasWaitedForTag { owner?.waitsForTag() }
        waiting = (sending, EventLoop.main.schedule(at: instant) { self.tryAgain() })
        return false
    }

    func stopSending() {
        waiting?.timer.cancel()
        waiting = nil
    }

    func noteSent() {
        hasSent = true
        unanswered += 1
    }

    // MARK: Receiving

    func matches(_ message: [UInt8]) -> Bool { owner?.matches(message) ?? false }

    /// Hands a message, or the reason why it is missing, to the owner.
    ///
    /// - Returns: Whether there was room.
    func deliver(_ message: Result<[UInt8], TransportError>) -> Bool {
        if unanswered > 0 { unanswered -= 1 }
        return owner?.arrived(message) ?? false
    }

    /// Tells the owner that nothing more can be sent or will come.
    func fail(_ error: TransportError) {
        guard failure == nil, !isEnded else { return }
        failure = error
        stopSending()
        owner?.broke(error)
    }

    // MARK: End

    func end(answersMayCome: Bool?) {
        guard !isEnded else { return }
        isEnded = true
        self.answersMayCome = answersMayCome
        stopSending()
        carrier.release(self)
        owner = nil
    }

    /// Ends an exchange that the carrier has let go of already, and tells the owner why.
    ///
    /// - Returns: How many messages have come that the owner has not looked at, and will not any more.
    func abandon(_ error: TransportError) -> Int {
        guard !isEnded else { return 0 }
        isEnded = true
        failure = error
        stopSending()
        defer { owner = nil }
        let unread = discardUnread()
        owner?.broke(error)
        return unread
    }

    /// How many messages have come that the owner has not looked at, and will not any more.
    func discardUnread() -> Int { owner?.discard() ?? 0 }

    /// Whether nothing is to be expected any more for what was sent.
    var isSettled: Bool { !hasSent || !(answersMayCome ?? (unanswered > 0)) }
}
