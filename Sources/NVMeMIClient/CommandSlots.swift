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

/// What a command was given to be carried out.
enum SlotGrant: Sendable {
    case one(CommandSlot)
    /// Slot 0, while slot 1 stays empty.
    case both
    /// No slot, but the turn of a control primitive.
    case primitive

    /// The slot that the command is sent in; nil for a control primitive.
    var slot: CommandSlot? {
        switch self {
        case .one(let slot): slot
        case .both: .zero
        case .primitive: nil
        }
    }
}

/// A command that waits for its turn.
@LoopActor
final class SlotRequest {
    /// Health polls may use slot 1 while slot 0 works on another command.
    ///
    /// No other command may, however urgent: it could take long, and a poll has nowhere else to go.
    let mayUseSecondSlot: Bool
    /// Commands that must not meet another one in the drive.
    let needsBothSlots: Bool
    let promise = Promise<SlotGrant>()
    private(set) var granted: SlotGrant?

    init(_ options: CommandOptions) {
        needsBothSlots = options.isExclusive
        mayUseSecondSlot = options.priority == .health && !options.isExclusive
    }

    func grant(_ grant: SlotGrant) {
        granted = grant
        promise.resolve(grant)
    }
}

extension EndpointSession {
    /// The usual case: nobody is before the command, and what it needs is free.
    func takeFreeSlot(_ undertaking: Undertaking, _ options: CommandOptions) -> SlotGrant? {
        if undertaking.category == .controlPrimitive {
            guard !isPrimitiveUnderWay else { return nil }
            isPrimitiveUnderWay = true
            return .primitive
        }
        let slot = slots[CommandSlot.zero.index]
        guard queue.isEmpty, waitingForBothSlots == nil, !options.isExclusive, !slot.isOccupied,
            slot.suspectSince == nil
        else { return nil }
        slots[CommandSlot.zero.index].isOccupied = true
        return .one(.zero)
    }

    /// Waits until the command's turn has come in a slot that the endpoint serves.
    func acquireServingSlot(
        _ undertaking: Undertaking,
        _ options: CommandOptions
    ) async throws(SessionError) -> SlotGrant {
        if undertaking.category == .controlPrimitive {
            return try await wait(in: \.primitives, undertaking, options)
        }
        var isReturning = false
        while true {
            let grant = try await wait(in: \.queue, undertaking, options, isReturning)
            guard grant.slot == .one, secondSlot == .unknown else { return grant }
            do {
                try await findOutSecondSlot(undertaking)
            } catch {
                release(grant)
                throw error
            }
            if secondSlot == .works { return grant }
            release(grant)
            isReturning = true
        }
    }

    /// Waits in a queue until the command's turn has come.
    private func wait(
        in queue: ReferenceWritableKeyPath<EndpointSession, FairQueue<SlotRequest>>,
        _ undertaking: Undertaking,
        _ options: CommandOptions,
        _ isReturning: Bool = false
    ) async throws(SessionError) -> SlotGrant {
        let request = SlotRequest(options)
        let ticket: UInt64
        do {
            ticket = try self[keyPath: queue].append(
                request,
                priority: options.priority,
                sender: options.sender,
                isReturning: isReturning
            )
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
            if waitingForBothSlots === request {
                waitingForBothSlots = nil
                grantSlots()
            } else {
                _ = self[keyPath: queue].withdraw(ticket)
            }
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
        if let slot = grant.slot {
            slots[slot.index].isOccupied = false
            if case .both = grant { slots[CommandSlot.one.index].isOccupied = false }
            grantSlots()
        } else if let request = primitives.next() {
            request.grant(.primitive)
        } else {
            isPrimitiveUnderWay = false
        }
    }

    /// Fails every command that waits for a slot.
    func refuseWaiting(_ error: SessionError) {
        if let request = waitingForBothSlots {
            waitingForBothSlots = nil
            request.promise.fail(error)
        }
        while let request = queue.next() ?? primitives.next() { request.promise.fail(error) }
    }

    /// Hands free slots to the commands whose turn it is.
    private func grantSlots() {
        while true {
            let first = slots[CommandSlot.zero.index]
            let isSecondFree = !slots[CommandSlot.one.index].isOccupied
            if let request = waitingForBothSlots {
                guard !first.isOccupied, isSecondFree else { return }
                waitingForBothSlots = nil
                grantBoth(to: request)
            } else if first.isOccupied || first.suspectSince != nil, isSecondFree,
                isSecondSlotUsable, let request = queue.next(where: { $0.mayUseSecondSlot })
            {
                grant(.one, to: request)
            } else {
                guard !first.isOccupied, let request = queue.next() else { return }
                if request.needsBothSlots, !isSecondFree {
                    waitingForBothSlots = request
                    return
                }
                if request.needsBothSlots {
                    grantBoth(to: request)
                } else {
                    grant(.zero, to: request)
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

    private func grant(_ slot: CommandSlot, to request: SlotRequest) {
        slots[slot.index].isOccupied = true
        request.grant(.one(slot))
    }

    private func grantBoth(to request: SlotRequest) {
        for slot in [CommandSlot.zero, .one] { slots[slot.index].isOccupied = true }
        request.grant(.both)
    }
}

extension CommandSlot {
    /// Its place in a pair.
    var index: Int { Int(rawValue) }
}
