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
///
/// What it does is decided by its `Dialogue`, which it tells what happens and whose actions it carries out.
@LoopActor
public final class EndpointSession {
    /// The endpoint.
    public let address: EndpointAddress
    /// Called when it is found out that the drive loses requests which follow its last message in less than
    /// that time; ``learntGap`` has been set.
    public var onGapLearnt: (@LoopActor (Duration) -> Void)?

    let transport: any Transport
    private var dialogue: Dialogue
    private var correspondents: [Correspondent] = []
    private var callers: [Caller] = []
    /// Wakes the dialogue; there is none while it waits for nothing.
    private var timer: Timer?
    private var isCarryingOut = false
    private var isClosed = false

    /// A session over the given transport; sends nothing by itself.
    public init(
        to address: EndpointAddress,
        over transport: any Transport,
        settings: SessionSettings = SessionSettings()
    ) {
        self.address = address
        self.transport = transport
        dialogue = Dialogue(settings)
    }

    // MARK: What is known

    /// Limits and times; may change while the session is in use.
    public var settings: SessionSettings {
        get { dialogue.settings }
        set { dialogue.settings = newValue }
    }

    /// Counters since the session began.
    public var statistics: SessionStatistics { dialogue.around.statistics }

    /// What is known of the endpoint's slot 1.
    public var secondSlot: SecondSlot { dialogue.around.secondSlot }

    /// Consecutive commands that got no answer whatever.
    public var unansweredInARow: Int { dialogue.unansweredInARow }

    /// The distance from the drive's last message that commands keep because it was found to help.
    ///
    /// Beside ``SessionSettings/minimumGap``; zero when none was found. It can be set for a drive that is known
    /// already.
    public var learntGap: Duration {
        get { .nanoseconds(dialogue.around.spacing.learnt) }
        set { dialogue.setLearntGap(newValue.wholeNanoseconds) }
    }

    /// Commands that wait for their turn.
    public var queueDepth: Int { dialogue.queueDepth }

    /// Messages of the endpoint that the carrier dropped: late ones, and those that nothing waits for.
    public var droppedMessages: UInt64 { transport.dropped(from: address) }

    // MARK: Commands

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
        let caller = begin(command, options)
        return try await caller.result { [self] in happened(.cancelled(caller.course)) }
    }

    private func begin(_ command: any Command, _ options: CommandOptions) -> Caller {
        let course = dialogue.begin(
            command,
            options,
            isShared: transport.isShared,
            at: EventLoop.main.now
        )
        let caller = Caller(course)
        callers.append(caller)
        carryOut()
        return caller
    }

    /// The tag of the next control primitive, so that no answer is taken for another's.
    public func nextControlTag() -> UInt8 { dialogue.nextControlTag() }

    // MARK: Life

    /// Begins anew with an endpoint that answers again.
    public func forgetFailures() { dialogue.forgetFailures() }

    /// Fails every command, waiting or running, and every new one, until ``resume()``.
    public func suspend(reason: String) {
        if !isClosed { happened(.closed(reason: reason)) }
    }

    /// Takes commands again.
    public func resume() {
        if !isClosed { happened(.opened) }
    }

    /// Ends the session: every command, waiting or running, fails with the reason.
    public func close(reason: String) {
        guard !isClosed else { return }
        isClosed = true
        happened(.closed(reason: reason))
        transport.forget(address)
    }

    // MARK: Events and actions

    /// Tells the dialogue what happened, and does what it says.
    func happened(_ event: Dialogue.Event) {
        dialogue.handle(event, at: EventLoop.main.now)
        carryOut()
    }

    /// Carries out the dialogue's actions, and those that follow from what happens at it.
    private func carryOut() {
        guard !isCarryingOut else { return }
        isCarryingOut = true
        defer { isCarryingOut = false }
        while let action = dialogue.nextAction() { carryOut(action) }
        setTimer()
    }

    private func carryOut(_ action: Action) {
        switch action {
        case .send(let id, let transmission):
            let correspondent = Correspondent(id, transmission, self)
            correspondents.append(correspondent)
            send(id) { () throws(TransportError) in try correspondent.begin() }
        case .sendAgain(let id, _):
            guard let correspondent = correspondents.first(where: { $0.id == id }) else { return }
            send(id) { () throws(TransportError) in try correspondent.sendAgain() }
        case .end(let id, let answersMayCome):
            guard let index = correspondents.firstIndex(where: { $0.id == id }) else { return }
            correspondents.remove(at: index).end(answersMayCome: answersMayCome)
            correspondents.giveBackRoom()
        case .finish(let course, let result):
            guard let index = callers.firstIndex(where: { $0.course == course }) else { return }
            callers.remove(at: index).finish(result)
            callers.giveBackRoom()
        case .tellGap(let gap):
            onGapLearnt?(gap)
        }
    }

    private func send(_ id: ExchangeID, _ attempt: () throws(TransportError) -> Bool) {
        do throws(TransportError) {
            if try attempt() { dialogue.handle(.sent(id), at: EventLoop.main.now) }
        } catch {
            dialogue.handle(.failed(id, error), at: EventLoop.main.now)
        }
    }

    private func setTimer() {
        let instant = dialogue.wakeAt
        guard instant != timer?.deadline ?? .distantFuture else { return }
        timer?.cancel()
        timer = nil
        guard instant != .distantFuture else { return }
        timer = EventLoop.main.schedule(at: instant) { [weak self] in
            self?.timer = nil
            self?.happened(.time)
        }
    }
}
