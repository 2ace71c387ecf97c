import EventLoop
import NVMeMI

/// What the session knows of one command slot.
struct SlotCondition {
    /// Since when an earlier command is unanswered; nil once the drive said that the slot is idle, or
    /// enough time has passed.
    var suspectSince: MonotonicInstant?
    /// Commands in a row that were not answered in it while the drive answered elsewhere.
    var silences = 0

    var isInDoubt: Bool { suspectSince != nil }
}

/// What a command was given to be carried out.
enum SlotGrant {
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

/// What is known of an endpoint's command slot 1, which some endpoints do not have.
public enum SecondSlot: String, Sendable {
    /// It was not needed yet.
    case unknown
    /// It told its state.
    case works
    /// It is silent, or taken for slot 0, while slot 0 answers.
    case missing
}
