import EventLoop
import NVMeMI
import NVMeMIClient

/// Why a part of an inventory is not known, and when it is asked for again.
struct PartTrouble {
    /// What kind of trouble it is.
    let state: MissingPart.State
    /// In words.
    let reason: String
    /// Since when, in milliseconds of Unix time.
    let since: UInt64
    /// When it is asked for again; nil for never, before everything is asked for anew.
    private(set) var nextAttempt: MonotonicInstant?
    private var pause: Duration

    /// The trouble that an error means; nil for errors that say nothing of the part.
    @LoopActor
    init?(_ error: SessionError, after former: PartTrouble?, _ settings: FleetSettings) {
        guard let state = MissingPart.State(error) else { return nil }
        self.init(state, error.words, after: former, settings)
    }

    /// A part that was not asked for, for a reason.
    @LoopActor
    init(
        _ state: MissingPart.State,
        _ reason: String,
        after former: PartTrouble?,
        _ settings: FleetSettings
    ) {
        self.state = state
        self.reason = reason
        let isSame = former?.state == state
        since = former.flatMap { isSame ? $0.since : nil } ?? WallClock.nanoseconds / 1_000_000
        pause = former.map { min($0.pause * 2, settings.lastRetry) } ?? settings.firstRetry
        nextAttempt = state == .refused ? nil : EventLoop.main.now + pause
    }
}

/// A part of what an endpoint should tell and does not, as people are told.
public struct MissingPart: Sendable {
    /// Why it is missing.
    public enum State: String, Sendable {
        /// The drive refuses it, and will the next time.
        case refused
        /// The drive refuses it for now, or is busy.
        case notReady = "not ready"
        /// What it answered cannot be what it must answer.
        case malformed
        /// It did not answer.
        case unanswered
    }

    /// Which part, in words.
    public let part: String
    /// Why it is missing.
    public let state: State
    /// The same in more words.
    public let reason: String
    /// Since when, in milliseconds of Unix time.
    public let since: UInt64
}

extension MissingPart.State {
    /// What an error says of the part that was asked for; nil when it says nothing.
    init?(_ error: SessionError) {
        switch error {
        case .device(let refusal): self = refusal.permanence == .forGood ? .refused : .notReady
        case .envelope, .mismatch, .decoding: self = .malformed
        case .answerLost: self = .unanswered
        default:
            switch error.evidence {
            case .busy: self = .notReady
            case .silent: self = .unanswered
            case .answered, .carrier, .none: return nil
            }
        }
    }
}
