import EventLoop

/// How far apart the messages to one drive are kept.
///
/// Some drives lose a request that comes too soon after their last answer. So what repeats or recovers
/// keeps a distance, which grows as long as it does not help. When it helps more often than by chance
/// (`SpacingEvidence`), all commands keep it from then on.
struct Spacing {
    /// Before a request, for what reason it is sent.
    enum Care {
        /// The distance that the drive is known to need.
        case usual
        /// The distance that is tried.
        case careful
    }

    private static let firstTrial: Int64 = 2_000_000
    private static let longestTrial: Int64 = 16_000_000
    /// How many commands in a row that come sooner are answered by a drive that needs no long trial.
    private static let readiness = 8

    /// The least distance by the configuration, in nanoseconds.
    var configured: Int64 = 0 {
        didSet { resetTrial() }
    }
    /// The distance that was found to help, in nanoseconds; 0 while none was.
    var learnt: Int64 = 0 {
        didSet { resetTrial() }
    }
    var lastSent: MonotonicInstant?
    private(set) var lastHeard: MonotonicInstant?
    /// The distance to be tried next.
    private var trial = firstTrial
    private var evidence = SpacingEvidence()
    private var answersInARow = 0

    /// The distance that commands keep.
    private var usual: Int64 { max(configured, learnt) }

    /// When a message may be sent.
    func earliest(_ care: Care) -> MonotonicInstant? {
        let distance = care == .usual ? usual : max(usual, trial)
        guard distance > 0 else { return nil }
        guard let lastHeard else { return lastSent?.advanced(byNanoseconds: distance) }
        return max(lastHeard, lastSent ?? lastHeard).advanced(byNanoseconds: distance)
    }

    mutating func noteHeard(at now: MonotonicInstant) { lastHeard = now }

    func hasHeard(after instant: MonotonicInstant) -> Bool {
        lastHeard.map { $0 > instant } ?? false
    }

    /// The distance of a message that is sent now from the drive's last; nil when it never sent any.
    func distance(at now: MonotonicInstant) -> Int64? {
        lastHeard.map { now.nanoseconds - $0.nanoseconds }
    }

    // MARK: What is learnt

    /// Notes that a command was answered at the first attempt.
    mutating func noteAnswered(at distance: Int64?) {
        guard let distance else { return }
        evidence.noteAnswered(at: distance)
        guard distance < trial else { return }
        answersInARow += 1
        if answersInARow >= Self.readiness { resetTrial() }
    }

    /// Notes that the repetition of a lost command was lost as well, though it kept the distance.
    mutating func noteLostAgain() {
        answersInARow = 0
        evidence.noteLostAgain()
        trial = min(trial * 2, Self.longestTrial)
    }

    /// Notes that the repetition of a command was answered.
    ///
    /// - Parameter lost: The distance at which it was lost before.
    /// - Returns: Whether the distance is known now to be what helps.
    mutating func noteHelped(_ lost: Int64) -> Bool {
        answersInARow = 0
        guard lost < trial else { return false }
        evidence.noteHelped(at: lost)
        guard evidence.isEnough else { return false }
        evidence = SpacingEvidence()
        learnt = max(usual, trial)
        return true
    }

    private mutating func resetTrial() {
        answersInARow = 0
        trial = min(max(Self.firstTrial, usual * 2), max(Self.longestTrial, usual))
    }
}
