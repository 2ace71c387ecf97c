public import EventLoop
public import MCTP
public import NVMeMI

/// One endpoint's session: carries out commands one after the other in each of the endpoint's two
/// command slots, every one under its own time limit.
///
/// - A command is repeated once after a damaged or lost answer when it is one that may be repeated.
/// - More Processing Required is followed under the command's one time limit.
/// - After a time limit the slot is not used again before the drive has said that it is idle, so that
///   a late answer is never taken for another command's.
@LoopActor
public final class EndpointSession {
    /// The endpoint.
    public let address: EndpointAddress
    /// Limits and times; may change while the session is in use.
    public var settings: SessionSettings {
        didSet {
            queue.limit = settings.queueLimit
            queue.limitPerSender = settings.queueLimitPerSender
        }
    }
    /// Counters since the session began.
    public internal(set) var statistics = SessionStatistics()
    /// False once the endpoint was found not to serve slot 1.
    public internal(set) var secondSlotWorks = true
    /// Consecutive commands that got no answer whatever.
    public internal(set) var unansweredInARow = 0

    let transport: any Transport
    var slots = [SlotCondition(), SlotCondition()]
    var queue: FairQueue<SlotRequest>
    var waitingForBothSlots: SlotRequest?
    /// Exchanges under way; ended when the session is closed, so that nobody waits for their answers.
    var running: [ObjectIdentifier: any Exchange] = [:]
    var lastAnswer: MonotonicInstant?
    var lastControlTag: UInt8 = 0
    private(set) var closedReason: String?

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
    }

    /// Commands that wait for a slot.
    public var queueDepth: Int { queue.count }

    /// Carries out a command and returns its decoded reply.
    ///
    /// Control primitives use no slot and do not queue.
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
        if let closedReason { throw .closed(reason: closedReason) }
        do {
            try command.validate()
        } catch {
            throw .argument(error)
        }
        let declaration = command.declaration
        let limit =
            options.timeLimit ?? settings.timeLimit
            ?? .milliseconds(Int64(declaration.deadlineClass.milliseconds))
        let undertaking = Undertaking(
            declaration,
            limit: limit,
            deadline: EventLoop.main.now + limit
        )
        do {
            let response: Response
            if declaration.category == .controlPrimitive {
                response = try await exchange(command, slot: options.slot, undertaking)
            } else {
                let grant = try await acquireSlot(undertaking, options)
                defer { release(grant) }
                response = try await carryOut(command, slot: grant.slot, undertaking)
            }
            statistics.answers += 1
            unansweredInARow = 0
            return response
        } catch {
            if error.cameFromEndpoint { unansweredInARow = 0 }
            if case .timedOut(let report) = error {
                statistics.timeouts += 1
                if report.phase != .queue { unansweredInARow += 1 }
            }
            throw error
        }
    }

    /// Takes the endpoint for a new one: whether slot 1 works is found out again.
    public func forgetFailures() {
        secondSlotWorks = true
        unansweredInARow = 0
    }

    /// Ends the session: every command, waiting or running, fails with the reason.
    public func close(reason: String) {
        guard closedReason == nil else { return }
        closedReason = reason
        refuseWaiting(.closed(reason: reason))
        for exchange in running.values { exchange.end() }
    }
}
