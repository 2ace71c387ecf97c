import EventLoop

/// When the directory is asked to recover an endpoint that stays silent: not before it has been silent for a
/// while, and then with growing pauses.
struct RecoverySchedule {
    private let patience: Duration
    private let firstPause: Duration
    private let lastPause: Duration
    private var pause: Duration
    private var silentSince: MonotonicInstant?
    private var notBefore: MonotonicInstant?
    /// How much longer the drive is given, for what is known to have happened to it.
    private var extraPatience: Duration = .zero
    /// How long the directory takes to bring an endpoint back, with what it asks before.
    private static let timeToRecover = Duration.seconds(15)
    /// The directory does not do it.
    var isRefused = false

    init(_ settings: FleetSettings) {
        patience = settings.recoverAfter
        firstPause = settings.firstRecoverPause
        lastPause = settings.lastRecoverPause
        pause = firstPause
    }

    /// Whether it is time to ask.
    func isDue(at now: MonotonicInstant) -> Bool {
        guard firstPause > .zero, !isRefused, let silentSince,
            silentSince + patience + extraPatience <= now
        else { return false }
        return notBefore.map { $0 <= now } ?? true
    }

    /// When it will first be time to ask; nil where that is never, or has been.
    func firstTime(after now: MonotonicInstant) -> MonotonicInstant? {
        guard firstPause > .zero, !isRefused, notBefore == nil, let silentSince else { return nil }
        let time = silentSince + patience + extraPatience
        return time > now ? time : nil
    }

    /// Whether the drive has told, or was told, of something after which it is silent for as long as now.
    func isSilenceExpected(at now: MonotonicInstant) -> Bool {
        extraPatience > .zero
            && (silentSince ?? now) + patience + extraPatience + Self.timeToRecover > now
    }

    /// The endpoint was asked, and nothing came.
    mutating func silent(at now: MonotonicInstant) {
        silentSince = silentSince ?? now
    }

    /// The endpoint has answered.
    mutating func heard() {
        silentSince = nil
        pause = firstPause
        notBefore = nil
        extraPatience = .zero
    }

    /// The drive does something after which it may be silent for as long again.
    mutating func expectLongSilence() {
        extraPatience = patience
    }

    /// The directory was asked; the next time is later, and the one after that later still.
    mutating func tried(at now: MonotonicInstant) {
        notBefore = now + pause
        pause = min(pause * 2, max(firstPause, lastPause))
    }
}
