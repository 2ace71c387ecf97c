internal import EventLoop

/// Who has calls open, and whether they are still there to hear the answer.
///
/// To learn that a caller has left costs a match rule at the bus. So only those are watched that
/// wait for answers for some time without a pause, and only until they have not for some time:
/// a caller whose calls are answered quickly costs the bus nothing. Calls that want no answer do not
/// count: who makes one and leaves wants it done all the same.
@LoopActor
final class Callers {
    weak var connection: Connection?
    /// Called when a caller with open calls has left.
    var onLeave: (@LoopActor (Caller) -> Void)?
    /// Called when a caller does not matter any more.
    var onForget: (@LoopActor (Caller) -> Void)?

    private var callers: [String: Caller] = [:]
    /// The last one that called, kept for its next call.
    private var latest: Caller?
    private var watched = 0
    private var timer: Timer?
    /// Whether the timer is for callers whose calls may take long, not for those that are idle.
    private var isTimerForBusy = false

    /// After this time, or twice that at most, a caller with a call open is watched.
    private static let patience = Duration.milliseconds(100)
    /// How long a caller without calls is watched on, as it is likely to call again.
    private static let lingering = Duration.seconds(3)
    /// Others need match rules as well, of which the bus allows a connection 512 on most systems.
    private static let maximumWatched = 256

    nonisolated init() {}

    func caller(named name: String) -> Caller {
        if let latest, latest.name == name { return latest }
        let caller = callers[name] ?? Caller(name)
        callers[name] = caller
        let previous = latest
        latest = caller
        if let previous { forgetIfUnused(previous) }
        return caller
    }

    /// Somebody who has called lately.
    func known(_ name: String) -> Caller? {
        if let latest, latest.name == name { latest } else { callers[name] }
    }

    func callOpened(by caller: Caller, isAwaited: Bool) {
        caller.openCalls += 1
        guard isAwaited else { return }
        caller.awaitedCalls += 1
        guard !isTimerForBusy, !caller.isWatched else { return }
        isTimerForBusy = true
        schedule(Self.patience)
    }

    func callClosed(by caller: Caller, isAwaited: Bool) {
        caller.openCalls -= 1
        if isAwaited { caller.awaitedCalls -= 1 }
        guard caller.awaitedCalls == 0 else { return }
        caller.wasBusy = false
        if !caller.isWatched {
            forgetIfUnused(caller)
        } else if isAwaited {
            caller.idleSince = EventLoop.main.now
            if timer == nil { schedule(Self.lingering) }
        }
    }

    func forgetIfUnused(_ caller: Caller) {
        guard caller.openCalls == 0, caller.waiting.isEmpty, !caller.isWatched, !caller.hasLeft,
            caller !== latest, callers.removeValue(forKey: caller.name) != nil
        else { return }
        onForget?(caller)
    }

    // MARK: Watching

    private func schedule(_ delay: Duration) {
        timer?.cancel()
        timer = EventLoop.main.schedule(after: delay) { [weak self] in self?.look() }
    }

    /// Finds whom to watch, and whom no more; the timer goes on only for what is left to find.
    private func look() {
        timer = nil
        isTimerForBusy = false
        let now = EventLoop.main.now
        var nextIdle: Duration?
        for caller in callers.values where caller.isWatched && caller.awaitedCalls == 0 {
            let rest = now.duration(to: caller.idleSince + Self.lingering)
            if rest > .zero {
                nextIdle = min(rest, nextIdle ?? rest)
            } else {
                stopWatching(caller)
                forgetIfUnused(caller)
            }
        }
        for caller in callers.values where !caller.isWatched && caller.awaitedCalls > 0 {
            if caller.wasBusy, watched < Self.maximumWatched {
                watch(caller)
            } else {
                caller.wasBusy = true
                isTimerForBusy = true
            }
        }
        if isTimerForBusy {
            schedule(Self.patience)
        } else if let nextIdle {
            schedule(nextIdle)
        }
    }

    private func watch(_ caller: Caller) {
        guard let connection else { return }
        watched += 1
        caller.watch = connection.watchClient(caller.name) { [weak self] in
            self?.left(caller)
        } refused: { _ in
            // Not to learn of its leaving is no reason to take its calls from it.
        }
    }

    private func stopWatching(_ caller: Caller) {
        watched -= 1
        caller.watch?.cancel()
        caller.watch = nil
    }

    private func left(_ caller: Caller) {
        stopWatching(caller)
        caller.hasLeft = true
        // The bus never gives a unique name again.
        callers[caller.name] = nil
        onForget?(caller)
        if latest === caller { latest = nil }
        if caller.awaitedCalls > 0 { onLeave?(caller) }
    }

    /// Ends all watching, with the connection.
    func removeAll() {
        timer?.cancel()
        timer = nil
        for caller in callers.values where caller.isWatched { stopWatching(caller) }
        callers = [:]
        latest = nil
    }
}
