import EventLoop
import MCTP
import NVMeMI

extension Course {
    mutating func handleAwaiting(_ event: CourseEvent, _ around: inout Surroundings) {
        switch event {
        case .message(awaiting.exchange, let arrival):
            hear(arrival, &around)
        case .waitsForTag(awaiting.exchange):
            awaiting.obstacle = .tag
        case .sent(awaiting.exchange):
            around.statistics.bytesSent += UInt64(awaiting.transmission.message.count)
            if case .sending = awaiting.step {
                awaiting.sent = around.now
                awaiting.step = .answer(until: firstCheck(around))
            }
        case .failed(awaiting.exchange, let error):
            giveUp(.transport(error), &around)
        default:
            handleOther(event, &around)
        }
    }

    /// Takes an event that is not about the command's own exchange.
    private mutating func handleOther(_ event: CourseEvent, _ around: inout Surroundings) {
        switch (awaiting.step, event) {
        case (.asking(var question), _):
            let finding = question.handle(event, &around)
            awaiting.step = .asking(question)
            if let finding { found(finding, &around) }
        case (.settling, .time):
            concludeWithAnswer(&around)
        case (.settling(var question, let end), _):
            let finding = question.handle(event, &around)
            awaiting.step = .settling(question, until: end)
            if finding != nil { concludeWithAnswer(&around) }
        case (_, .time):
            lookAfter(&around)
        default:
            break
        }
    }

    /// When the drive is looked after, if no answer has come.
    private func firstCheck(_ around: Surroundings) -> MonotonicInstant {
        guard grant?.slot != nil else { return time.deadline }
        if around.canAsk { return around.now.advanced(byNanoseconds: time.fifth * 2) }
        return order.isPoll
            ? around.now.advanced(byNanoseconds: time.nanoseconds / 2) : time.deadline
    }

    // MARK: Time

    private mutating func lookAfter(_ around: inout Surroundings) {
        switch awaiting.step {
        case .sending:
            giveUp(time.timedOut(awaiting.obstacle), &around)
        case .lastCall:
            lose(&around)
        case .holding:
            concludeWithAnswer(&around)
        case .answer where time.deadline <= around.now:
            giveUp(time.timedOut(awaiting.phase, note: awaiting.note), &around)
        case .answer, .asking, .settling:
            if around.canAsk, grant?.slot != nil {
                awaiting.step = .asking(Question(.state, slot, within: time, .usual, &around))
            } else {
                waitOn(until: time.deadline, &around)
            }
        }
    }

    /// Goes on with what the drive says of the slot.
    private mutating func found(
        _ finding: Question.Finding,
        _ around: inout Surroundings
    ) {
        let soon = around.now.advanced(byNanoseconds: time.fifth)
        switch finding {
        case .told(.idle):
            // The answer may have come while the drive was asked.
            awaiting.step = .lastCall(around.now)
        case .told:
            if awaiting.phase == .answer { awaiting.phase = .answeringOtherwise }
            awaiting.step = .answer(until: soon)
        case .refused, .mistaken:
            if case .refused = finding { around.noteRefusal(of: slot) }
            if awaiting.phase == .answer { awaiting.phase = .answeringOtherwise }
            awaiting.step = .answer(until: time.deadline)
        case .silent:
            waitOn(until: soon, &around)
        }
    }

    /// Waits on for the answer of a drive that says nothing; a poll is sent once more.
    private mutating func waitOn(
        until instant: MonotonicInstant,
        _ around: inout Surroundings
    ) {
        awaiting.step = .answer(until: instant)
        guard order.isPoll, !awaiting.isSentAgain, awaiting.phase == .answer,
            around.now < time.deadline
        else { return }
        // In the exchange that is open: an answer to either is an answer to this command.
        awaiting.isSentAgain = true
        awaiting.step = .answer(until: time.deadline)
        around.statistics.repetitions += 1
        around.spacing.lastSent = around.now
        around.actions.append(.sendAgain(awaiting.exchange, awaiting.transmission))
    }
}
