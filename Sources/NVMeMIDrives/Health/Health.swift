public import EventLoop
public import NVMeMI

/// How an endpoint says that its subsystem is: what the polls have brought, and when the next is due.
@LoopActor
public final class Health: ModelObject {
    /// Time from one poll to the next as configured; zero polls never.
    var configuredInterval: Duration
    /// The same as somebody wants it instead, until the configuration is read again.
    var wantedInterval: Duration?
    /// What the last answered poll said; nil before the first.
    public private(set) var latest: SubsystemHealth?
    /// When the last poll was answered, in milliseconds of Unix time; 0 before the first.
    public private(set) var updated: UInt64 = 0
    /// When one last said something new, in milliseconds of Unix time.
    public private(set) var changed: UInt64 = 0
    /// Flags that the last poll had and the one before had not.
    private(set) var newFlags: ControllerStatusFlags = []
    private var lastPoll: MonotonicInstant?
    /// The least spare, in percent, that a controller says is left; nil while none has told.
    public private(set) var availableSpare: UInt8?
    /// When the controllers are asked for it again; nil for never, as they have refused.
    private var nextSpare: MonotonicInstant?
    /// What the drive has counted in its life; nil while nobody has asked.
    public private(set) var counters: DriveCounters?
    /// When ``counters`` were told, in milliseconds of Unix time.
    public private(set) var countersUpdated: UInt64 = 0
    /// When they were asked for last.
    private var countersAsked: MonotonicInstant?
    private var areCountersRefused = false
    /// Whose health it is.
    public internal(set) weak var endpoint: Endpoint?
    /// Called when the next poll is due at another time.
    var onReschedule: (@LoopActor () -> Void)?
    /// Those who want no polls now, with what ends the watch over each.
    private var pauses: [String: @LoopActor () -> Void] = [:]

    init(interval: Duration) {
        configuredInterval = interval
        nextSpare = EventLoop.main.now
    }

    /// What is said before the first poll: a drive that is not known to have any trouble.
    public static let unknown: SubsystemHealth = {
        var health = SubsystemHealth()
        health.status = [.driveFunctional, .resetNotRequired]
        return health
    }()

    /// Time from one poll to the next; zero polls never.
    public var interval: Duration { wantedInterval ?? configuredInterval }

    /// Whether somebody has paused the polls.
    public var isPaused: Bool { !pauses.isEmpty }

    /// When the next poll is due; nil when none is.
    var nextPoll: MonotonicInstant? {
        guard interval > .zero, pauses.isEmpty else { return nil }
        return lastPoll.map { $0 + interval } ?? EventLoop.main.now
    }

    /// Has the health polled at another interval until the configuration is read again; zero polls never.
    public func setInterval(_ interval: Duration) {
        wantedInterval = interval
        onReschedule?()
    }

    /// Takes what a poll said.
    func take(_ new: SubsystemHealth) {
        lastPoll = EventLoop.main.now
        updated = WallClock.nanoseconds / 1_000_000
        newFlags =
            latest.map {
                new.compositeControllerStatus.subtracting($0.compositeControllerStatus)
            } ?? []
        guard new != latest else { return }
        // The spare has changed, or whether it is enough.
        if newFlags.contains(.availableSpare)
            || new.warnings.contains(.availableSpare)
                != latest?.warnings.contains(.availableSpare)
        {
            if nextSpare != nil { nextSpare = lastPoll }
        }
        latest = new
        changed = updated
    }

    /// Whether the controllers are to be asked for their spare: it changes over months.
    func isSpareDue(at now: MonotonicInstant) -> Bool { nextSpare.map { $0 <= now } ?? false }

    /// Takes what the controllers said of their spare; whether it is another than before.
    func take(spare: UInt8?) -> Bool {
        nextSpare = EventLoop.main.now + Self.sparePause
        guard let spare, spare != availableSpare else { return false }
        availableSpare = spare
        return true
    }

    /// The controllers did not tell their spare: they are asked later, or not again when they have refused.
    func missedSpare(isRefused: Bool) {
        nextSpare = isRefused ? nil : EventLoop.main.now + Self.sparePause
    }

    /// Has the controllers asked for their spare again, also after a refusal.
    func forgetRefusals() {
        nextSpare = EventLoop.main.now
        areCountersRefused = false
    }

    /// Whether the drive is to be asked what it has counted, which it is from time to time unless it has refused.
    func areCountersDue(every interval: Duration, at now: MonotonicInstant) -> Bool {
        interval > .zero && !areCountersRefused
            && (countersAsked.map { $0 + interval <= now } ?? true)
    }

    /// Takes what the drive has counted.
    func take(_ counters: DriveCounters) {
        self.counters = counters
        countersUpdated = WallClock.nanoseconds / 1_000_000
        countersAsked = EventLoop.main.now
    }

    /// The drive did not tell what it has counted; one that has refused is not asked again.
    func missedCounters(isRefused: Bool) {
        areCountersRefused = isRefused
        countersAsked = EventLoop.main.now
    }

    private static let sparePause = Duration.seconds(600)

    /// A poll had no answer; the next is due at its usual time.
    func missed() {
        lastPoll = EventLoop.main.now
        newFlags = []
    }

    /// Pauses the polls for somebody, unless they are for him; several can.
    func pause(for name: String, _ watch: () -> @LoopActor () -> Void) {
        guard pauses[name] == nil else { return }
        pauses[name] = watch()
    }

    /// Ends somebody's pause; false when there was none.
    func resume(for name: String) -> Bool {
        guard let endWatch = pauses.removeValue(forKey: name) else { return false }
        endWatch()
        return true
    }

    /// Ends all pauses for good.
    func end() {
        for endWatch in pauses.values { endWatch() }
        pauses = [:]
    }
}

extension Endpoint {
    /// Pauses the health polls for somebody, until they are resumed or he has gone.
    ///
    /// - Parameters:
    ///   - requester: For whom.
    ///   - watch: Begins to watch over him, has what it is given called when he has gone, and returns what ends
    ///     the watch.
    public func pauseHealthPolling(
        for requester: Requester,
        _ watch: (_ gone: @escaping @LoopActor () -> Void) -> @LoopActor () -> Void
    ) {
        health.pause(for: requester.name) {
            watch { [weak self] in _ = self?.resumeHealthPolling(for: requester) }
        }
        healthPollingChanged()
    }

    /// Ends somebody's pause of the health polls.
    ///
    /// - Returns: False when there was none.
    @discardableResult
    public func resumeHealthPolling(for requester: Requester) -> Bool {
        guard health.resume(for: requester.name) else { return false }
        healthPollingChanged()
        return true
    }
}
