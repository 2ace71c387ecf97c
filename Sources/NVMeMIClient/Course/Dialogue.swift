import EventLoop
import MCTP
import NVMeMI

/// What the session and its endpoint have to say to each other: the courses of all commands, and the slots that
/// they share.
///
/// A value without a clock and without a socket: what happens comes in as events with their time, what is to be
/// done goes out as actions (``nextAction()``). It wants to be told when ``wakeAt`` is there.
struct Dialogue {
    /// What happens to an exchange, or to all commands.
    enum Event {
        case waitsForTag(ExchangeID)
        case sent(ExchangeID)
        case message(ExchangeID, Arrival)
        case failed(ExchangeID, TransportError)
        case time
        case cancelled(CourseID)
        case closed(reason: String)
        case opened
    }

    /// What is known of the endpoint.
    private(set) var around: Surroundings
    /// Consecutive commands that got no answer whatever.
    private(set) var unansweredInARow = 0
    /// When it has to be told that time has passed.
    private(set) var wakeAt = MonotonicInstant.distantFuture
    private var courses: [Course] = []
    private var line: SlotLine
    /// Why nothing is sent; nil while it is open.
    private var refusal: String?
    private var lastCourse = 0

    init(_ settings: SessionSettings) {
        around = Surroundings(settings)
        line = SlotLine(settings)
    }

    var settings: SessionSettings {
        get { around.settings }
        set {
            around.settings = newValue
            line.limit(newValue)
        }
    }

    /// Commands that wait for their turn.
    var queueDepth: Int { line.count }

    /// Commands that have not ended.
    var count: Int { courses.count }

    /// Takes out the next action, to be carried out.
    ///
    /// A message that is not wanted any more, because of an event that came in between, is left out.
    mutating func nextAction() -> Action? {
        while !around.actions.isEmpty {
            let action = around.actions.removeFirst()
            if case .send(let exchange, _) = action, owner(of: exchange) == nil { continue }
            return action
        }
        around.actions.giveBackRoom()
        return nil
    }

    // MARK: Events

    /// Takes a command in.
    mutating func begin(
        _ command: any Command,
        _ options: CommandOptions,
        isShared: Bool,
        at now: MonotonicInstant
    ) -> CourseID {
        defer { setWakeAt() }
        around.now = now
        around.isShared = isShared
        around.statistics.commands += 1
        lastCourse &+= 1
        let id = CourseID(number: lastCourse)
        if let refusal {
            conclude(id, .failure(.closed(reason: refusal)))
            return id
        }
        do {
            try command.validate()
        } catch {
            conclude(id, .failure(.argument(error)))
            return id
        }
        let declaration = command.declaration
        let time = TimeLimit(declaration, options, around.settings, at: now)
        let order = Order(id, command, declaration, options)
        var course = Course(order, time)
        if let grant = line.takeFree(for: order, isInDoubt: around[.zero].isInDoubt) {
            courses.append(course)
            tell(courses.endIndex - 1, .granted(grant))
            return id
        }
        do {
            _ = course.queue(ticket: try line.append(order))
            courses.append(course)
            grantSlots()
        } catch {
            around.statistics.refused += 1
            switch error {
            case .full(let limit):
                conclude(id, .failure(.queueFull(limit: limit, ofOneSender: false)))
            case .senderFull(let limit):
                conclude(id, .failure(.queueFull(limit: limit, ofOneSender: true)))
            }
        }
        return id
    }

    /// Takes an event; one of an exchange that has ended is passed over.
    mutating func handle(_ event: Event, at now: MonotonicInstant) {
        defer { setWakeAt() }
        around.now = now
        switch event {
        case .waitsForTag(let exchange):
            if let index = owner(of: exchange) { tell(index, .waitsForTag(exchange)) }
        case .sent(let exchange):
            if let index = owner(of: exchange) { tell(index, .sent(exchange)) }
        case .message(let exchange, let arrival):
            guard let index = owner(of: exchange) else { return }
            around.spacing.noteHeard(at: now)
            around.statistics.bytesReceived += UInt64(arrival.message.count)
            tell(index, .message(exchange, arrival))
        case .failed(let exchange, let error):
            if let index = owner(of: exchange) { tell(index, .failed(exchange, error)) }
        case .time:
            while let index = courses.firstIndex(where: { $0.wakeAt <= now }) {
                tell(index, .time)
            }
        case .cancelled(let course):
            guard let index = courses.firstIndex(where: { $0.id == course }) else { return }
            tell(index, .cancelled)
        case .closed(let reason):
            refusal = reason
            while !courses.isEmpty { tell(0, .closed(reason: reason)) }
        case .opened:
            refusal = nil
        }
    }

    /// The tag of the next control primitive.
    mutating func nextControlTag() -> UInt8 { around.nextControlTag() }

    /// Sets the distance that the drive is known to need.
    mutating func setLearntGap(_ nanoseconds: Int64) { around.spacing.learnt = nanoseconds }

    /// Begins anew with an endpoint that answers again.
    mutating func forgetFailures() {
        unansweredInARow = 0
        around.forgetFailures()
    }

    // MARK: Courses

    private mutating func setWakeAt() {
        wakeAt = .distantFuture
        for index in courses.indices { wakeAt = min(wakeAt, courses[index].wakeAt) }
    }

    private func owner(of exchange: ExchangeID) -> Int? {
        courses.firstIndex { $0.owns(exchange) }
    }

    private mutating func tell(_ index: Int, _ event: CourseEvent) {
        courses[index].handle(event, &around)
        switch courses[index].stage {
        case .ended: remove(index)
        case .returning: queueAgain(index)
        case .queued, .probing, .clearing, .spacing, .awaiting: return
        }
        grantSlots()
    }

    private mutating func grantSlots() {
        guard refusal == nil else { return }
        guard !line.isEmpty else { return }
        while let (id, grant) = nextGrant() {
            guard let index = courses.firstIndex(where: { $0.id == id }) else {
                line.release(grant)
                continue
            }
            tell(index, .granted(grant))
        }
    }

    private mutating func nextGrant() -> (CourseID, SlotGrant)? {
        line.nextGrant(
            isZeroInDoubt: around[.zero].isInDoubt,
            isOneUsable: around.isSecondSlotUsable
        )
    }

    private mutating func queueAgain(_ index: Int) {
        // A command that is returning is not refused.
        guard let ticket = try? line.append(courses[index].order, isReturning: true) else { return }
        if let grant = courses[index].queue(ticket: ticket) { line.release(grant) }
    }

    private mutating func remove(_ index: Int) {
        let course = courses.remove(at: index)
        courses.giveBackRoom()
        if let grant = course.grant {
            line.release(grant)
        } else if let ticket = course.ticket {
            line.withdraw(course.order, ticket: ticket)
        }
        if let result = course.result { conclude(course.id, result) }
    }

    /// Counts how a command has ended, and tells its caller.
    private mutating func conclude(
        _ course: CourseID,
        _ result: Result<Response, SessionError>
    ) {
        switch result {
        case .success:
            around.statistics.answers += 1
            unansweredInARow = 0
        case .failure(let error):
            switch error.evidence {
            case .answered, .busy: unansweredInARow = 0
            case .silent, .carrier: unansweredInARow += 1
            case .none: break
            }
            if case .timedOut = error { around.statistics.timeouts += 1 }
            if case .cancelled = error { around.statistics.cancelled += 1 }
        }
        around.actions.append(.finish(course, result))
    }
}
