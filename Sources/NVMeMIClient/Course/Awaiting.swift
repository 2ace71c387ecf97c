import EventLoop
import MCTP
import NVMeMI

/// A command that was handed to the carrier, and its answer.
///
/// When no answer has come for a good part of the time limit, the drive is asked for the state of the slot:
/// one that still works is waited for to the end, one that is idle has lost the answer.
struct Awaiting {
    enum Step {
        /// The carrier waits for a route or room, or for a tag.
        case sending
        /// Waits for the answer until it is time to look after the drive.
        case answer(until: MonotonicInstant)
        /// Asks for the state of the slot.
        case asking(Question)
        /// The slot is idle: what has not come by now is lost.
        case lastCall(MonotonicInstant)
        /// Perhaps the last command's answer once more; perhaps the same answer to this one.
        case holding(until: MonotonicInstant)
        /// The answer came while the drive was asked, whose other answer gets a moment to come as well.
        case settling(Question, until: MonotonicInstant)
    }

    let exchange: ExchangeID
    let transmission: Transmission
    /// How long after the drive's last message it was sent, in nanoseconds.
    let distance: Int64?
    var step = Step.sending
    /// When it was sent.
    var sent: MonotonicInstant
    /// What it waits for while the carrier has not taken it.
    var obstacle = TimeoutReport.Phase.sending
    /// What is waited for, if the time should pass.
    var phase = TimeoutReport.Phase.answer
    /// The answer, while it is held or settling.
    var answer: Response?
    /// What came instead of the answer.
    var note: String?
    /// It was sent a second time in the same exchange.
    var isSentAgain = false

    /// Nothing.
    init() {
        exchange = ExchangeID(number: 0)
        transmission = Transmission(message: [], category: .controlPrimitive, slot: .zero)
        distance = nil
        sent = MonotonicInstant(nanoseconds: 0)
    }

    init(_ transmission: Transmission, _ around: inout Surroundings) {
        self.transmission = transmission
        distance = around.spacing.distance(at: around.now)
        sent = around.now
        exchange = around.send(transmission)
    }

    var question: Question? {
        switch step {
        case .asking(let question), .settling(let question, _): question
        case .sending, .answer, .lastCall, .holding: nil
        }
    }

    func wakeAt(_ time: TimeLimit) -> MonotonicInstant {
        switch step {
        case .sending: time.deadline
        case .answer(let instant), .holding(let instant): min(instant, time.deadline)
        case .asking(let question): question.wakeAt
        case .lastCall(let instant), .settling(_, let instant): instant
        }
    }

    /// Whether the drive may have something in the slot, should the command end now.
    func leavesDoubt(_ grant: SlotGrant?) -> Bool {
        if case .sending = step { return false }
        return grant?.slot != nil
    }

    /// Ends its exchange, and that of the question.
    func endExchanges(answersMayCome: Bool, _ around: inout Surroundings) {
        question?.end(&around)
        around.actions.append(.end(exchange, answersMayCome: answersMayCome))
    }

    /// Gives the command up, which the drive may still answer.
    func abandon(_ around: inout Surroundings) {
        endExchanges(answersMayCome: true, &around)
        around.doubt(transmission.slot, since: sent)
    }
}
