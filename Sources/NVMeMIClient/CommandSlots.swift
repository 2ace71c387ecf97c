import EventLoop
import MCTP
import NVMeMI

/// What the session knows of one command slot.
struct SlotCondition {
    /// A command of ours is in it.
    var isOccupied = false
    /// Since when an earlier command is unanswered; nil once the drive said that the slot is idle.
    var suspectSince: MonotonicInstant?
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
    let limit: Duration
    let deadline: MonotonicInstant

    init(_ declaration: CommandDeclaration, limit: Duration, deadline: MonotonicInstant) {
        name = declaration.name
        category = declaration.category
        isRepeatable = declaration.isRepeatable
        self.limit = limit
        self.deadline = deadline
    }

    func timedOut(_ phase: TimeoutReport.Phase, note: String? = nil) -> SessionError {
        .timedOut(TimeoutReport(phase: phase, limit: limit, note: note))
    }
}

extension EndpointSession {
    /// Waits until the command's turn has come and marks its slot occupied.
    func acquireSlot(
        _ undertaking: Undertaking,
        _ options: CommandOptions
    ) async throws(SessionError) -> SlotGrant {
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
        let isSecondSlotUsable =
            settings.usesSecondSlot && secondSlotWorks
            && slots[CommandSlot.one.index].suspectSince == nil
        while true {
            let isFirstFree = !slots[CommandSlot.zero.index].isOccupied
            let isSecondFree = !slots[CommandSlot.one.index].isOccupied
            if let request = waitingForBothSlots {
                guard isFirstFree, isSecondFree else { return }
                waitingForBothSlots = nil
                slots[CommandSlot.one.index].isOccupied = true
                grant(.both, to: request)
            } else if isFirstFree {
                guard let request = queue.next() else { return }
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
            } else {
                guard isSecondFree, isSecondSlotUsable,
                    let request = queue.next(where: { $0.mayUseSecondSlot })
                else { return }
                grant(.one(.one), to: request)
            }
        }
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
