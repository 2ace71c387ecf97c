import EventLoop
import MCTP
import NVMeMI

/// A control primitive that is sent on behalf of a command.
struct Question {
    /// What is asked.
    enum Kind {
        /// Bring the slot to idle.
        case abort
        /// Tell the state of the slot.
        case state
    }

    /// What came of it.
    enum Finding {
        case told(SlotState)
        /// The drive answers, but does not serve the primitive.
        case refused
        /// It answers as if it had been asked about the other slot.
        case mistaken
        /// It does not answer, or not so that it can be understood.
        case silent
    }

    private enum Stage {
        /// Keeps its distance from the last message.
        case due(MonotonicInstant)
        case asked(ExchangeID)
    }

    /// Header, opcode, tag, parameter and integrity check.
    private static let messageSize: UInt64 = 12

    let kind: Kind
    let slot: CommandSlot
    /// When it was wanted.
    let since: MonotonicInstant
    /// When it is given up.
    private let deadline: MonotonicInstant
    private var stage: Stage
    private var sent: MonotonicInstant?
    private let tag: UInt8
    private let care: Spacing.Care

    /// Asks a drive, within a part of a command's time.
    init(
        _ kind: Kind,
        _ slot: CommandSlot,
        within time: TimeLimit,
        _ care: Spacing.Care,
        _ around: inout Surroundings
    ) {
        self.kind = kind
        self.slot = slot
        tag = around.nextControlTag()
        since = around.now
        deadline = min(around.now.advanced(byNanoseconds: time.fifth), time.deadline)
        self.care = care
        stage = .due(around.now)
        sendIfDue(&around)
    }

    /// When it has to be looked at.
    var wakeAt: MonotonicInstant {
        switch stage {
        case .due(let instant): min(instant, deadline)
        case .asked: deadline
        }
    }

    func isAsked(in exchange: ExchangeID) -> Bool {
        if case .asked(exchange) = stage { true } else { false }
    }

    /// Takes an event.
    ///
    /// - Returns: What came of the question, when it is over.
    mutating func handle(_ event: CourseEvent, _ around: inout Surroundings) -> Finding? {
        switch event {
        case .message(let exchange, let arrival) where isAsked(in: exchange):
            guard let finding = judge(arrival, &around) else { return nil }
            around.actions.append(.end(exchange, answersMayCome: false))
            return finding
        case .failed(let exchange, _) where isAsked(in: exchange):
            end(&around)
            return .silent
        case .sent(let exchange) where isAsked(in: exchange):
            sent = around.now
            around.statistics.bytesSent += Self.messageSize
            return nil
        case .time where deadline <= around.now:
            end(&around)
            return .silent
        case .time:
            sendIfDue(&around)
            return nil
        default:
            return nil
        }
    }

    /// Gives it up; an answer may still come.
    func end(_ around: inout Surroundings) {
        if case .asked(let exchange) = stage {
            around.actions.append(.end(exchange, answersMayCome: true))
        }
    }

    private mutating func sendIfDue(_ around: inout Surroundings) {
        guard case .due = stage else { return }
        // Something else may have been sent or heard meanwhile.
        if let earliest = around.spacing.earliest(care), around.now < earliest {
            stage = .due(earliest)
            return
        }
        let message =
            switch kind {
            case .abort: Abort(tag: tag).encode(slot: slot)
            case .state: GetState(tag: tag).encode(slot: slot)
            }
        stage = .asked(
            around.send(
                Transmission(message: message, category: .controlPrimitive, slot: slot)
            )
        )
    }

    /// What a message says; nil when it does not answer the question.
    private func judge(_ arrival: Arrival, _ around: inout Surroundings) -> Finding? {
        switch kind {
        case .abort: judge(arrival, as: Abort(tag: tag), &around) { _ in .idle }
        case .state: judge(arrival, as: GetState(tag: tag), &around) { $0.slotState }
        }
    }

    private func judge<Primitive: ControlPrimitive>(
        _ arrival: Arrival,
        as primitive: Primitive,
        _ around: inout Surroundings,
        _ state: (Primitive.Reply) -> SlotState
    ) -> Finding? {
        switch Judgement(of: arrival, as: primitive, in: slot, &around) {
        case .answer(let response):
            if let sent {
                let name = primitive.declaration.name
                around.statistics.noteLatency(of: name, from: sent, to: around.now)
            }
            do {
                return .told(state(try primitive.decode(response)))
            } catch {
                return error is DeviceError ? .refused : .silent
            }
        case .foreign, .moreProcessing: return nil
        case .damaged: return .silent
        case .wrong(let error):
            if case .mismatch = error { return .mistaken }
            return .silent
        }
    }
}
