import EventLoop
import NVMeMI

/// Brings a slot that an earlier command left behind back to idle, before anything is sent in it.
struct Clearing {
    enum Purpose {
        /// The command is to be sent.
        case toSend
        /// The command's caller has left: it need not go on with what nobody wants to know, and the next
        /// command finds the drive idle.
        case afterCancellation
    }

    enum Step {
        case asking(Question)
        /// Asks again then. At the deadline, the command ends in the phase.
        case pausing(until: MonotonicInstant, TimeoutReport.Phase, note: StaticString)
        /// The drive cannot be asked: the slot is free after a time.
        case resting(until: MonotonicInstant, TimeoutReport.Phase)
    }

    let slot: CommandSlot
    let purpose: Purpose
    var step: Step
    /// When the command has to end.
    let deadline: MonotonicInstant

    var question: Question? {
        if case .asking(let question) = step { question } else { nil }
    }

    var wakeAt: MonotonicInstant {
        switch step {
        case .asking(let question): question.wakeAt
        case .pausing(let instant, _, _), .resting(let instant, _): min(instant, deadline)
        }
    }
}

extension Course {
    /// How long a command whose caller has left is aborted before the next may try, in nanoseconds.
    private static let abortTime: Int64 = 2_000_000_000
    private static let pauseWhileBusy: Int64 = 20_000_000
    private static let pauseWhileSilent: Int64 = 200_000_000

    mutating func clear(_ slot: CommandSlot, _ around: inout Surroundings) {
        clear(slot, .toSend, &around)
    }

    mutating func clearAfterCancellation(_ around: inout Surroundings) {
        time = TimeLimit(Self.abortTime, at: around.now)
        clear(slot, .afterCancellation, &around)
    }

    private mutating func clear(
        _ slot: CommandSlot,
        _ purpose: Clearing.Purpose,
        _ around: inout Surroundings
    ) {
        around.statistics.recoveries += 1
        let step: Clearing.Step =
            if around.canAsk {
                .asking(Question(.abort, slot, within: time, .usual, &around))
            } else {
                rest(slot, .rest, around)
            }
        go(on: Clearing(slot: slot, purpose: purpose, step: step, deadline: time.deadline), &around)
    }

    mutating func handle(
        _ event: CourseEvent,
        _ clearing: Clearing,
        _ around: inout Surroundings
    ) {
        var clearing = clearing
        switch clearing.step {
        case .asking(var question):
            guard let finding = question.handle(event, &around) else {
                clearing.step = .asking(question)
                break
            }
            switch question.kind {
            case .abort: clearing.step = ask(clearing.slot, &around)
            case .state:
                guard let next = step(after: finding, clearing, &around) else {
                    return endClearing(clearing, &around)
                }
                clearing.step = next
            }
        case .pausing:
            if case .time = event, around.now < clearing.deadline {
                clearing.step = ask(clearing.slot, &around)
            }
        case .resting:
            break
        }
        go(on: clearing, &around)
    }

    /// What follows what the drive said of the slot's state; nil when the slot is free.
    private func step(
        after finding: Question.Finding,
        _ clearing: Clearing,
        _ around: inout Surroundings
    ) -> Clearing.Step? {
        switch finding {
        case .told(.idle):
            return nil
        case .told:
            return .pausing(
                until: around.now.advanced(byNanoseconds: Self.pauseWhileBusy),
                .busy,
                note: "the drive reports the slot as busy"
            )
        case .refused:
            around.noteRefusal(of: clearing.slot)
            return rest(clearing.slot, .busy, around)
        case .mistaken:
            return pause(clearing.slot, .busy, "the drive tells the other slot's state", around)
        case .silent:
            return pause(
                clearing.slot,
                .recovery,
                "the drive answers neither Abort nor Get State",
                around
            )
        }
    }

    /// Waits to ask again; nil when an answer need not be expected any more.
    private func pause(
        _ slot: CommandSlot,
        _ phase: TimeoutReport.Phase,
        _ note: StaticString,
        _ around: Surroundings
    ) -> Clearing.Step? {
        let since = around[slot].suspectSince ?? around.now
        if since + around.settings.quarantine <= around.now { return nil }
        return .pausing(
            until: around.now.advanced(byNanoseconds: Self.pauseWhileSilent),
            phase,
            note: note
        )
    }

    private func rest(
        _ slot: CommandSlot,
        _ phase: TimeoutReport.Phase,
        _ around: Surroundings
    ) -> Clearing.Step {
        let since = around[slot].suspectSince ?? around.now
        return .resting(until: since + around.settings.quarantineWithoutPrimitives, phase)
    }

    private func ask(_ slot: CommandSlot, _ around: inout Surroundings) -> Clearing.Step {
        .asking(Question(.state, slot, within: time, .careful, &around))
    }

    /// Stays in a step, unless its time is over.
    private mutating func go(on clearing: Clearing, _ around: inout Surroundings) {
        switch clearing.step {
        case .resting(let instant, _) where instant <= around.now:
            endClearing(clearing, &around)
        case .resting(_, let phase) where clearing.deadline <= around.now:
            giveUp(clearing, phase, "the drive does not tell the slot's state")
        case .pausing(_, let phase, let note) where clearing.deadline <= around.now:
            giveUp(clearing, phase, note)
        case .asking, .pausing, .resting:
            stage = .clearing(clearing)
        }
    }

    private mutating func endClearing(_ clearing: Clearing, _ around: inout Surroundings) {
        around[clearing.slot].suspectSince = nil
        care = .careful
        switch clearing.purpose {
        case .toSend: prepare(&around)
        case .afterCancellation: end(.failure(.cancelled))
        }
    }

    private mutating func giveUp(
        _ clearing: Clearing,
        _ phase: TimeoutReport.Phase,
        _ note: StaticString
    ) {
        switch clearing.purpose {
        case .toSend: end(.failure(time.timedOut(phase, note: "\(note)")))
        case .afterCancellation: end(.failure(.cancelled))
        }
    }
}
