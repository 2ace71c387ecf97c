import EventLoop
import MCTP
import NVMeMI

/// What the session knows of one command slot.
struct SlotCondition {
    /// A command of ours is in it.
    var isOccupied = false
    /// Since when an earlier command is unanswered; nil once the drive said that the slot is idle.
    var suspectSince: MonotonicInstant?
    /// Commands in a row that were not answered in it while the drive answered elsewhere.
    var silences = 0
    /// The last command and its answer, kept on carriers without tags.
    var last: (request: [UInt8], answer: [UInt8])?

    /// Whether an answer may be the last one, sent twice: it is equal to it, and the command is another.
    func isRepetition(_ answer: [UInt8], to request: [UInt8]) -> Bool {
        guard let last else { return false }
        return last.answer == answer && last.request != request
    }
}

/// The slots that a command was given.
enum SlotGrant: Sendable {
    case one(CommandSlot)
    /// Slot 0, while slot 1 stays empty.
    case both

    var slot: CommandSlot {
        switch self {
        case .one(let slot): slot
        case .both: .zero
        }
    }
}

/// A command that waits for a slot.
@LoopActor
final class SlotRequest {
    /// Urgent commands may use slot 1 while slot 0 works on another.
    let mayUseSecondSlot: Bool
    /// Commands that must not meet another one in the drive.
    let needsBothSlots: Bool
    let promise = Promise<SlotGrant>()
    var granted: SlotGrant?

    init(_ options: CommandOptions) {
        needsBothSlots = options.isExclusive
        mayUseSecondSlot = options.priority >= .health && !options.isExclusive
    }
}

/// One command's way through the session.
struct Undertaking: Sendable {
    let name: String
    let category: MessageCategory
    let isRepeatable: Bool
    /// The whole time from the call to the answer.
    private(set) var limit: Duration
    private(set) var deadline: MonotonicInstant
    /// How far More Processing Required can move the deadline.
    private let lastDeadline: MonotonicInstant

    @LoopActor
    init(
        _ declaration: CommandDeclaration,
        _ options: CommandOptions,
        _ settings: SessionSettings
    ) {
        let usual = Duration.milliseconds(Int64(declaration.deadlineClass.milliseconds))
        let wanted = options.timeLimit ?? settings.timeLimit
        let limit = wanted ?? usual
        let longest = wanted ?? max(usual, settings.moreProcessingTimeLimit)
        self.init(declaration, limit: limit, longest: longest)
    }

    /// A part of another undertaking, for something that has to be done on its behalf.
    @LoopActor
    init(_ declaration: CommandDeclaration, within whole: Undertaking, _ limit: Duration) {
        self.init(declaration, limit: limit, longest: limit)
        deadline = min(deadline, whole.deadline)
    }

    @LoopActor
    init(_ declaration: CommandDeclaration, limit: Duration, longest: Duration) {
        name = declaration.name
        category = declaration.category
        isRepeatable = declaration.isRepeatable
        self.limit = limit
        let now = EventLoop.main.now
        deadline = now + limit
        lastDeadline = now + longest
    }

    /// Gives the drive the time that it asked for, and what the way of its answer takes, as far as that
    /// goes beyond the deadline.
    mutating func extend(by time: Duration, at now: MonotonicInstant) {
        let wanted = min(now + time + limit / 5, lastDeadline)
        guard wanted > deadline else { return }
        limit += wanted - deadline
        deadline = wanted
    }

    func timedOut(_ phase: TimeoutReport.Phase, note: String? = nil) -> SessionError {
        .timedOut(TimeoutReport(phase: phase, limit: limit, note: note))
    }
}

extension EndpointSession {
    /// Waits until the command's turn has come in a slot that the endpoint serves.
    func acquireServingSlot(
        _ undertaking: Undertaking,
        _ options: CommandOptions
    ) async throws(SessionError) -> SlotGrant {
        while true {
            let grant = try await acquireSlot(undertaking, options)
            guard grant.slot == .one, secondSlot == .unknown else { return grant }
            do {
                try await findOutSecondSlot(undertaking)
            } catch {
                release(grant)
                throw error
            }
            if secondSlot == .works { return grant }
            release(grant)
        }
    }

    /// Waits until the command's turn has come and marks its slot occupied.
    private func acquireSlot(
        _ undertaking: Undertaking,
        _ options: CommandOptions
    ) async throws(SessionError) -> SlotGrant {
        // The usual case, without a place in the queue.
        if queue.isEmpty, waitingForBothSlots == nil, !options.isExclusive,
            !slots[CommandSlot.zero.index].isOccupied,
            slots[CommandSlot.zero.index].suspectSince == nil
        {
            slots[CommandSlot.zero.index].isOccupied = true
            return .one(.zero)
        }
        let request = SlotRequest(options)
        let ticket: UInt64
        do {
            ticket = try queue.append(request, priority: options.priority, sender: options.sender)
        } catch {
            statistics.refused += 1
            switch error {
            case .full(let limit): throw .queueFull(limit: limit, ofOneSender: false)
            case .senderFull(let limit): throw .queueFull(limit: limit, ofOneSender: true)
            }
        }
        grantSlots()
        if let granted = request.granted { return granted }
        do {
            return try await request.promise.value(until: undertaking.deadline)
        } catch {
            // Too late or cancelled: still in the queue, or granted in the same turn of the loop.
            withdraw(request, ticket)
            if let granted = request.granted { release(granted) }
            switch error {
            case let error as SessionError: throw error
            case is DeadlineExceeded: throw undertaking.timedOut(.queue)
            default: throw .cancelled
            }
        }
    }

    /// Frees a command's slots for the next one.
    func release(_ grant: SlotGrant) {
        slots[grant.slot.index].isOccupied = false
        if case .both = grant { slots[CommandSlot.one.index].isOccupied = false }
        grantSlots()
    }

    /// Fails every command that waits for a slot.
    func refuseWaiting(_ error: SessionError) {
        if let request = waitingForBothSlots {
            waitingForBothSlots = nil
            request.promise.fail(error)
        }
        while let request = queue.next() { request.promise.fail(error) }
    }

    private func withdraw(_ request: SlotRequest, _ ticket: UInt64) {
        if waitingForBothSlots === request {
            waitingForBothSlots = nil
            grantSlots()
        } else {
            _ = queue.withdraw(ticket)
        }
    }

    /// Hands free slots to the commands whose turn it is.
    private func grantSlots() {
        while true {
            let first = slots[CommandSlot.zero.index]
            let isSecondFree = !slots[CommandSlot.one.index].isOccupied
            if let request = waitingForBothSlots {
                guard !first.isOccupied, isSecondFree else { return }
                waitingForBothSlots = nil
                slots[CommandSlot.one.index].isOccupied = true
                grant(.both, to: request)
            } else if first.isOccupied || first.suspectSince != nil, isSecondFree,
                isSecondSlotUsable, let request = queue.next(where: { $0.mayUseSecondSlot })
            {
                grant(.one(.one), to: request)
            } else {
                guard !first.isOccupied, let request = queue.next() else { return }
                if request.needsBothSlots, !isSecondFree {
                    waitingForBothSlots = request
                    return
                }
                if request.needsBothSlots {
                    slots[CommandSlot.one.index].isOccupied = true
                    grant(.both, to: request)
                } else {
                    grant(.one(.zero), to: request)
                }
            }
        }
    }

    private var isSecondSlotUsable: Bool {
        guard settings.usesSecondSlot, settings.usesControlPrimitives, secondSlot != .missing
        else { return false }
        let slot = slots[CommandSlot.one.index]
        // Long after an unanswered command it is worth an Abort and a question.
        let notBefore = slot.suspectSince.map { $0 + settings.quarantine }
        return notBefore.map { $0 <= EventLoop.main.now } ?? true
    }

    private func grant(_ grant: SlotGrant, to request: SlotRequest) {
        slots[grant.slot.index].isOccupied = true
        request.granted = grant
        request.promise.resolve(grant)
    }
}

extension CommandSlot {
    /// Its place in a pair.
    var index: Int { Int(rawValue) }
}
