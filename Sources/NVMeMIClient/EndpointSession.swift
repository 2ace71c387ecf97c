public import EventLoop
public import MCTP
public import NVMeMI

/// One endpoint's session: carries out commands one after the other in each of the endpoint's two
/// command slots, every one under its own time limit.
///
/// - A command is repeated once after a damaged or lost answer when it is one that may be repeated.
/// - More Processing Required is followed under the command's one time limit.
/// - After a time limit the slot is not used again before the drive has said that it is idle, or long
///   enough after, so that a late answer is not taken for another command's. The demux socket has no
///   tags: there, a drive that answers one command twice can still be misunderstood.
/// - A command whose caller gives up leaves the queue; one that the drive works on is aborted when it
///   only reads, and carried to its end when it changes something.
@LoopActor
public final class EndpointSession {
    /// The endpoint.
    public let address: EndpointAddress
    /// Limits and times; may change while the session is in use.
    public var settings: SessionSettings {
        didSet {
            queue.limit = settings.queueLimit
            queue.limitPerSender = settings.queueLimitPerSender
            primitives.limit = settings.queueLimit
            primitives.limitPerSender = settings.queueLimitPerSender
        }
    }
    /// Counters since the session began.
    public internal(set) var statistics = SessionStatistics()
    /// What is known of the endpoint's slot 1.
    public internal(set) var secondSlot = SecondSlot.unknown
    /// Consecutive commands that got no answer whatever.
    public internal(set) var unansweredInARow = 0

    let transport: any Transport
    var slots = [SlotCondition(), SlotCondition()]
    var queue: FairQueue<SlotRequest>
    /// Control primitives of callers; they need no slot, and go to the drive one at a time.
    var primitives: FairQueue<SlotRequest>
    var isPrimitiveUnderWay = false
    var waitingForBothSlots: SlotRequest?
    /// Exchanges under way; ended when the session is closed, so that nobody waits for their answers.
    var running: [ObjectIdentifier: any Exchange] = [:]
    /// When the last message came from the endpoint, and when the last was sent.
    var lastHeard: MonotonicInstant?
    var lastSent: MonotonicInstant?
    var lastControlTag: UInt8 = 0
    /// Why nothing is sent; nil while the session is in use.
    private(set) var refusal: String?
    private var isClosed = false

    /// A session over the given transport; sends nothing by itself.
    public init(
        to address: EndpointAddress,
        over transport: any Transport,
        settings: SessionSettings = SessionSettings()
    ) {
        self.address = address
        self.transport = transport
        self.settings = settings
        queue = FairQueue(
            limit: settings.queueLimit,
            limitPerSender: settings.queueLimitPerSender
        )
        primitives = queue
    }

    /// Commands that wait for their turn.
    public var queueDepth: Int {
        queue.count + (waitingForBothSlots == nil ? 0 : 1) + primitives.count
    }

    /// Messages of the endpoint that the carrier dropped: late ones, and those that nothing waits for.
    public var droppedMessages: UInt64 { transport.dropped(from: address) }

    /// Carries out a command and returns its decoded reply.
    ///
    /// Control primitives use no slot, and wait for other primitives only.
    public func perform<C: Command>(
        _ command: C,
        _ options: CommandOptions = CommandOptions()
    ) async throws(SessionError) -> C.Reply {
        let response = try await respond(to: command, options)
        do {
            return try command.decode(response)
        } catch {
            throw SessionError(decodingFailure: error)
        }
    }

    /// Carries out a command and returns the response as it came, whatever its status.
    public func respond<C: Command>(
        to command: C,
        _ options: CommandOptions = CommandOptions()
    ) async throws(SessionError) -> Response {
        statistics.commands += 1
        if let refusal { throw .closed(reason: refusal) }
        do {
            try command.validate()
        } catch {
            throw .argument(error)
        }
        let undertaking = Undertaking(command.declaration, options, settings)
        do {
            let grant: SlotGrant
            if let free = takeFreeSlot(undertaking, options) {
                grant = free
            } else {
                grant = try await acquireServingSlot(undertaking, options)
            }
            defer { release(grant) }
            let response: Response
            if let slot = grant.slot {
                if case .both = grant { try await makeIdle(.one, undertaking) }
                if undertaking.isRepeatable {
                    response = try await carryOut(command, slot: slot, undertaking)
                } else {
                    // What changes the drive is not broken off half-way because nobody waits any more.
                    response = try await toTheEnd { () async throws(SessionError) in
                        try await self.carryOut(command, slot: slot, undertaking)
                    }
                }
            } else {
                response = try await exchange(command, slot: options.slot, undertaking)
            }
            statistics.answers += 1
            unansweredInARow = 0
            return response
        } catch {
            switch error.evidence {
            case .answered, .busy: unansweredInARow = 0
            case .silent, .carrier: unansweredInARow += 1
            case .none: break
            }
            if case .timedOut = error { statistics.timeouts += 1 }
            if case .cancelled = error { statistics.cancelled += 1 }
            throw error
        }
    }

    /// Begins anew with an endpoint that answers again.
    public func forgetFailures() {
        unansweredInARow = 0
        let second = slots[CommandSlot.one.index]
        if secondSlot == .missing, second.silences > 0 {
            // It was silent, as it may have been for another reason than not being there.
            secondSlot = .unknown
            slots[CommandSlot.one.index].silences = 0
        }
    }

    /// Fails every command, waiting or running, and every new one, until ``resume()``.
    public func suspend(reason: String) {
        guard !isClosed else { return }
        refuse(reason)
    }

    /// Takes commands again.
    public func resume() {
        if !isClosed { refusal = nil }
    }

    /// Ends the session: every command, waiting or running, fails with the reason.
    public func close(reason: String) {
        guard !isClosed else { return }
        isClosed = true
        refuse(reason)
        transport.forget(address)
    }

    private func refuse(_ reason: String) {
        refusal = reason
        refuseWaiting(.closed(reason: reason))
        for exchange in running.values { exchange.end(answersMayCome: true) }
    }
}

/// What is known of an endpoint's command slot 1, which some endpoints do not have.
public enum SecondSlot: String, Sendable {
    /// It was not needed yet.
    case unknown
    /// It told its state.
    case works
    /// It is silent, or taken for slot 0, while slot 0 answers.
    case missing
}
