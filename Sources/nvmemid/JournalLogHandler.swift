import EventLoop
import Glibc
import Logging
import Synchronization

/// Writes each entry as one line to standard error.
///
/// An entry that cannot be written at once is lost and counted: whoever does not read the log must not
/// stop the daemon. Entries that come too often, of a kind or all together, are held back and counted, except
/// of the levels debug and trace: whoever wants those wants them all. What was held back or lost is told with
/// the next entry, and by an entry of its own when no other comes.
struct JournalLogHandler: LogHandler {
    /// How long after something was held back it is told of at the latest.
    private static let tellingDelay: Duration = .seconds(10)
    private static let level = Atomic<Int>(Logger.Level.info.place)
    private static let lost = Atomic<Int>(0)
    private static let isTellingScheduled = Atomic<Bool>(false)
    private static let limiter = Mutex(LogLimiter())
    private static let troubles = Mutex(TroubleCount())

    var metadata: Logger.Metadata = [:]

    /// One level for all loggers, also for those that were made before it was changed.
    var logLevel: Logger.Level {
        get { Logger.Level.allCases[Self.level.load(ordering: .relaxed)] }
        set { Self.level.store(newValue.place, ordering: .relaxed) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Entries that somebody has to see to.
    static var troublesOfLastHour: TroubleCount.Count {
        troubles.withLock { $0.lastHour(at: now) }
    }

    func log(event: LogEvent) {
        var line: LogLine
        if event.level >= .warning {
            Self.troubles.withLock { $0.add(isError: event.level > .warning, at: Self.now) }
        }
        switch event.level {
        case .debug, .trace:
            line = self.line(of: event)
        case .info, .notice, .warning:
            let endpoint = event.metadata?["endpoint"] ?? metadata["endpoint"]
            let kind = "\(event.message) \(endpoint?.description ?? "")"
            guard let heldBack = Self.admit(kind, isUrgent: false) else { return }
            line = self.line(of: event)
            line.append("suppressed", count: heldBack)
        case .error, .critical:
            // None may be held back for being like another: only what is the same in every word is.
            line = self.line(of: event)
            guard let heldBack = Self.admit(line.text, isUrgent: true) else { return }
            line.append("suppressed", count: heldBack)
        }
        Self.write(&line, Self.limiter.withLock { $0.takeUntold() })
    }

    private func line(of event: LogEvent) -> LogLine {
        var pairs = metadata
        if let more = event.metadata { pairs.merge(more) { _, new in new } }
        return LogLine(event.level, event.message.description, pairs)
    }

    /// How many entries of a kind were held back before this one; nil when it is held back too.
    private static func admit(_ kind: String, isUrgent: Bool) -> Int? {
        let heldBack = limiter.withLock { $0.admit(kind, isUrgent: isUrgent, at: now) }
        if heldBack == nil { scheduleTelling() }
        return heldBack
    }

    /// Writes a line with what was left out before it.
    private static func write(_ line: inout LogLine, _ untold: LogLimiter.Count) {
        line.append("left-out-before", count: untold.all)
        line.append("errors-left-out-before", count: untold.urgent)
        let lost = lost.exchange(0, ordering: .relaxed)
        line.append("lost-entries-before", count: lost)
        guard !line.write() else { return }
        // What this line would have told is lost with it.
        Self.lost.add(lost + 1 + untold.all, ordering: .relaxed)
        scheduleTelling()
    }

    /// Has what was left out told in a while, if nothing has told it by then.
    private static func scheduleTelling() {
        guard EventLoop.main.isIsolatingCurrentContext() == true,
            !isTellingScheduled.exchange(true, ordering: .relaxed)
        else { return }
        LoopActor.assumeIsolated {
            _ = EventLoop.main.schedule(after: tellingDelay) {
                isTellingScheduled.store(false, ordering: .relaxed)
                tellLeftOut()
            }
        }
    }

    /// Tells what was left out of the log and has not been told.
    ///
    /// - Parameter isEnd: Whether nothing will come any more that could tell it.
    static func tellLeftOut(isEnd: Bool = false) {
        let (untold, isRunning) = limiter.withLock {
            ($0.takeUntoldOfQuietKinds(at: isEnd ? .max : now), $0.hasUntold)
        }
        // Kinds that still come tell of themselves, or have grown quiet by the next time.
        if isRunning { scheduleTelling() }
        guard !untold.isEmpty || lost.load(ordering: .relaxed) > 0 else { return }
        var line = LogLine(untold.urgent > 0 ? .error : .notice, "entries of the log were left out")
        write(&line, untold)
    }

    /// Nanoseconds on the machine's clock.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension Logger.Level {
    /// Its place among all levels.
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
