import EventLoop
import MCTP
import NVMeMI

/// What all commands of an endpoint share: what is known of it, and where their actions go.
struct Surroundings {
    /// Unanswered commands and questions in a row after which slot 1 is taken for missing.
    private static let silencesOfASlot = 3

    var settings: SessionSettings {
        didSet { spacing.configured = settings.minimumGap.wholeNanoseconds }
    }
    /// Whether answers to other programs can arrive, as on carriers without tags.
    var isShared = false
    /// The present; set with every event.
    var now = MonotonicInstant(nanoseconds: 0)
    var statistics = SessionStatistics()
    /// What the session is to do, in order.
    var actions: [Action] = []
    var spacing = Spacing()
    private(set) var secondSlot = SecondSlot.unknown
    /// The drive has refused to tell the state of slot 0: it is not asked again.
    private(set) var refusesPrimitives = false
    private var zero = SlotCondition()
    private var one = SlotCondition()
    /// The last command in each slot and its answer, kept on carriers without tags.
    private var lastOfZero: (request: [UInt8], answer: [UInt8])?
    private var lastOfOne: (request: [UInt8], answer: [UInt8])?
    private var lastControlTag: UInt8 = 0
    private var lastExchange = 0

    init(_ settings: SessionSettings) {
        self.settings = settings
        spacing.configured = settings.minimumGap.wholeNanoseconds
    }

    subscript(slot: CommandSlot) -> SlotCondition {
        get { slot == .zero ? zero : one }
        set { if slot == .zero { zero = newValue } else { one = newValue } }
    }

    /// Whether the drive can be asked for the state of a slot.
    var canAsk: Bool { settings.usesControlPrimitives && !refusesPrimitives }

    /// The tag of the next control primitive, so that no answer is taken for another's.
    mutating func nextControlTag() -> UInt8 {
        lastControlTag &+= 1
        return lastControlTag
    }

    /// Has a message sent in an exchange of its own.
    mutating func send(_ transmission: Transmission) -> ExchangeID {
        lastExchange &+= 1
        let exchange = ExchangeID(number: lastExchange)
        spacing.lastSent = now
        actions.append(.send(exchange, transmission))
        return exchange
    }

    // MARK: Answers that come twice

    /// Whether an answer may be the slot's last one, sent twice: it is equal to it, and the command is another.
    func isRepetition(_ answer: [UInt8], to transmission: Transmission) -> Bool {
        guard let last = transmission.slot == .zero ? lastOfZero : lastOfOne else { return false }
        return last.answer == answer && last.request != transmission.message
    }

    /// Keeps a command and its answer to tell the answer's repetition by.
    mutating func keep(_ answer: [UInt8], to transmission: Transmission) {
        let last = (transmission.message, answer)
        if transmission.slot == .zero { lastOfZero = last } else { lastOfOne = last }
    }

    /// Takes the slot's last answer for that to this command.
    mutating func keepAnswer(to transmission: Transmission) {
        if transmission.slot == .zero {
            lastOfZero?.request = transmission.message
        } else {
            lastOfOne?.request = transmission.message
        }
    }

    // MARK: Slots

    /// Notes that the drive may still have something to say in a slot, in which something was sent.
    mutating func doubt(_ slot: CommandSlot, since sent: MonotonicInstant) {
        self[slot].suspectSince = now
        if slot == .one, spacing.hasHeard(after: sent) { secondSlotWasSilent() }
    }

    /// Notes what the drive says of slot 1; nil when it did not answer, though it answers elsewhere.
    mutating func learnOfSecondSlot(_ isThere: Bool?) {
        switch isThere {
        case true?: secondSlot = .works
        case false?: secondSlot = .missing
        case nil: secondSlotWasSilent()
        }
    }

    /// Notes that slot 1 was silent while the drive answered elsewhere.
    private mutating func secondSlotWasSilent() {
        one.silences += 1
        if one.silences >= Self.silencesOfASlot { secondSlot = .missing }
    }

    /// Notes that the drive refuses to tell a slot's state.
    mutating func noteRefusal(of slot: CommandSlot) {
        // In slot 1 it says no more than that there is none.
        if slot == .zero { refusesPrimitives = true }
    }

    /// Whether slot 1 can be given to a command.
    var isSecondSlotUsable: Bool {
        guard settings.usesSecondSlot, canAsk, secondSlot != .missing else { return false }
        guard let since = one.suspectSince else { return true }
        // Long after an unanswered command it is worth an Abort and a question.
        return since + settings.quarantine <= now
    }

    /// Begins anew with an endpoint that answers again.
    mutating func forgetFailures() {
        refusesPrimitives = false
        // It was silent, as it may have been for another reason than not being there.
        guard secondSlot == .missing, one.silences > 0 else { return }
        secondSlot = .unknown
        one.silences = 0
    }
}
