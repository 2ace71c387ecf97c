import EventLoop
import NVMeMI

/// Finds out whether the endpoint has slot 1, by a question that does not touch slot 0: an endpoint without it
/// may take a command for one in slot 0, and throw away what is going on there.
struct Probing {
    /// The state of slot 1, or, when that was silent, of slot 0.
    var question: Question

    var wakeAt: MonotonicInstant { question.wakeAt }
}

extension Course {
    mutating func probe(_ around: inout Surroundings) {
        stage = .probing(Probing(question: ask(.one, &around)))
    }

    mutating func handle(
        _ event: CourseEvent,
        _ probing: Probing,
        _ around: inout Surroundings
    ) {
        var question = probing.question
        guard let finding = question.handle(event, &around) else {
            stage = .probing(Probing(question: question))
            return
        }
        switch (question.slot, finding) {
        case (.one, .told):
            around.learnOfSecondSlot(true)
            return prepare(&around)
        case (.one, .refused), (.one, .mistaken):
            around.learnOfSecondSlot(false)
        case (.one, .silent):
            // Not again before long: commands have little time for questions.
            around[.one].suspectSince = around.now
            guard around.spacing.hasHeard(after: question.since) else {
                stage = .probing(Probing(question: ask(.zero, &around)))
                return
            }
            around.learnOfSecondSlot(nil)
        case (_, .told):
            around.learnOfSecondSlot(nil)
        default:
            // The drive answers nothing: slot 1 stays unknown.
            break
        }
        stage = .returning
    }

    private func ask(_ slot: CommandSlot, _ around: inout Surroundings) -> Question {
        Question(.state, slot, within: time, .usual, &around)
    }
}
