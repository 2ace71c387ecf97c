import EventLoop

/// When mctpd is asked to recover an endpoint that stays silent.
struct RecoverySchedule {
    private let firstPause: Duration
    private let lastPause: Duration
    private var pause: Duration
    private var notBefore: MonotonicInstant?
    /// Consecutive looks at the endpoint that failed.
    private(set) var failedLooks = 0
    /// Those of them, up to the last, that had no answer.
    private(set) var silentLooks = 0
    /// mctpd does not do it.
    var isRefused = false

    init(_ settings: BridgeSettings) {
        firstPause = settings.firstRecoverPause
        lastPause = settings.lastRecoverPause
        pause = firstPause
    }

    /// Whether it is time to ask.
    @LoopActor var isDue: Bool {
        guard firstPause > .zero, !isRefused else { return false }
        return notBefore.map { $0 <= EventLoop.main.now } ?? true
    }

    /// A look failed, for want of an answer or because of it.
    mutating func failed(isSilent: Bool) {
        failedLooks += 1
        silentLooks = isSilent ? silentLooks + 1 : 0
    }

    /// A look succeeded.
    mutating func succeeded() {
        failedLooks = 0
        silentLooks = 0
        pause = firstPause
        notBefore = nil
    }

    /// mctpd was asked; the next time is later, and the one after that later still.
    @LoopActor mutating func tried() {
        notBefore = EventLoop.main.now + pause
        pause = min(pause * 2, max(firstPause, lastPause))
    }
}
