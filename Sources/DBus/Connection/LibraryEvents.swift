internal import CDBus
internal import EventLoop

/// The descriptors and time-outs that libdbus wants looked after, on the loop.
@LoopActor
final class LibraryEvents {
    private let connection: OpaquePointer
    private var watches: [OpaquePointer: Watch] = [:]
    private var timers: [OpaquePointer: Timer] = [:]
    /// When the bus last took something of what waited for it.
    var lastWrite = EventLoop.main.now
    /// Called with what is wrong, for a log.
    var onProblem: (@LoopActor (String) -> Void)?
    /// Called with the reason when the connection cannot go on.
    var onEnd: (@LoopActor (String) -> Void)?
    /// Watches that libdbus had no memory for, and since when.
    private var failures: [OpaquePointer: MonotonicInstant] = [:]
    /// Those of them that rest, and what ends it.
    private var rests: [OpaquePointer: Timer] = [:]

    /// How long a watch rests that libdbus had no memory for: to go on at once would do nothing but spin.
    private static let rest = Duration.milliseconds(100)
    /// After so long without memory the connection is at its end.
    private static let longestFailure = Duration.seconds(5)

    /// Attaches to a connection; nil when libdbus has no memory.
    init?(_ connection: OpaquePointer) {
        self.connection = connection
        // Not retained: `detach` runs before this object goes.
        let this = Unmanaged.passUnretained(self).toOpaque()
        let hasWatches = dbus_connection_set_watch_functions(
            connection,
            { watch, this in
                LibraryEvents.with(watch, this, 1) { $0.add(watch: $1) ? 1 : 0 }
            },
            { watch, this in LibraryEvents.with(watch, this, ()) { $0.remove(watch: $1) } },
            { watch, this in LibraryEvents.with(watch, this, ()) { $0.update(watch: $1) } },
            this,
            nil
        )
        let hasTimeouts = dbus_connection_set_timeout_functions(
            connection,
            { timeout, this in
                LibraryEvents.with(timeout, this, 1) {
                    $0.update(timeout: $1)
                    return 1
                }
            },
            { timeout, this in LibraryEvents.with(timeout, this, ()) { $0.remove(timeout: $1) } },
            { timeout, this in LibraryEvents.with(timeout, this, ()) { $0.update(timeout: $1) } },
            this,
            nil
        )
        guard hasWatches != 0, hasTimeouts != 0 else {
            detach()
            return nil
        }
    }

    /// Ends libdbus's calls to this object.
    func detach() {
        _ = dbus_connection_set_watch_functions(connection, nil, nil, nil, nil, nil)
        _ = dbus_connection_set_timeout_functions(connection, nil, nil, nil, nil, nil)
        for watch in watches.values { watch.cancel() }
        for timer in timers.values { timer.cancel() }
        for timer in rests.values { timer.cancel() }
        rests = [:]
        watches = [:]
        timers = [:]
    }

    /// Goes from a C callback to the object.
    private nonisolated static func with<Result: Sendable>(
        _ thing: OpaquePointer?,
        _ this: UnsafeMutableRawPointer?,
        _ fallback: Result,
        _ body: @LoopActor (LibraryEvents, OpaquePointer) -> Result
    ) -> Result {
        guard let thing, let this else { return fallback }
        nonisolated(unsafe) let (pointer, object) = (thing, this)
        return LoopActor.assumeIsolated {
            body(Unmanaged<LibraryEvents>.fromOpaque(object).takeUnretainedValue(), pointer)
        }
    }

    // MARK: Descriptors

    private func add(watch: OpaquePointer) -> Bool {
        let handle = try? EventLoop.main.watch(
            dbus_watch_get_unix_fd(watch),
            for: Self.interest(of: watch)
        ) { [unowned self] readiness in
            self.handle(watch, Self.flags(of: readiness))
        }
        guard let handle else { return false }
        watches[watch] = handle
        return true
    }

    private func handle(_ watch: OpaquePointer, _ flags: UInt32) {
        if flags & DBUS_WATCH_WRITABLE.rawValue != 0 { lastWrite = EventLoop.main.now }
        guard dbus_watch_handle(watch, flags) == 0 else {
            if !failures.isEmpty { failures[watch] = nil }
            return
        }
        // libdbus has had no memory, and the descriptor stays ready.
        let now = EventLoop.main.now
        if failures.isEmpty {
            onProblem?("libdbus has no memory: the connection to the bus rests")
        }
        let start = failures[watch] ?? now
        failures[watch] = start
        guard start.duration(to: now) < Self.longestFailure else {
            onEnd?("libdbus has had no memory for \(start.duration(to: now).components.seconds) s")
            return
        }
        rests[watch] = EventLoop.main.schedule(after: Self.rest) { [weak self] in
            self?.rests[watch] = nil
            self?.update(watch: watch)
        }
        update(watch: watch)
    }

    /// Has libdbus read what there is to read now.
    func readMore() {
        guard let watch = watches.first(where: { $0.value.interest.contains(.read) })?.key else {
            return
        }
        handle(watch, DBUS_WATCH_READABLE.rawValue)
    }

    private func remove(watch: OpaquePointer) {
        watches.removeValue(forKey: watch)?.cancel()
        rests.removeValue(forKey: watch)?.cancel()
        failures[watch] = nil
    }

    private func update(watch: OpaquePointer) {
        watches[watch]?.interest = rests[watch] == nil ? Self.interest(of: watch) : []
    }

    private static func interest(of watch: OpaquePointer) -> Interest {
        guard dbus_watch_get_enabled(watch) != 0 else { return [] }
        let flags = dbus_watch_get_flags(watch)
        var interest: Interest = []
        if flags & DBUS_WATCH_READABLE.rawValue != 0 { interest.insert(.read) }
        if flags & DBUS_WATCH_WRITABLE.rawValue != 0 { interest.insert(.write) }
        return interest
    }

    private static func flags(of readiness: Readiness) -> UInt32 {
        var flags: UInt32 = 0
        if readiness.contains(.read) { flags |= DBUS_WATCH_READABLE.rawValue }
        if readiness.contains(.write) { flags |= DBUS_WATCH_WRITABLE.rawValue }
        if readiness.contains(.error) || readiness.contains(.invalidDescriptor) {
            flags |= DBUS_WATCH_ERROR.rawValue
        }
        if readiness.contains(.hangUp) { flags |= DBUS_WATCH_HANGUP.rawValue }
        return flags
    }

    // MARK: Time-outs

    /// Starts a time-out anew, or ends it when libdbus has switched it off.
    private func update(timeout: OpaquePointer) {
        remove(timeout: timeout)
        guard dbus_timeout_get_enabled(timeout) != 0 else { return }
        let interval = Duration.milliseconds(max(1, dbus_timeout_get_interval(timeout)))
        timers[timeout] = EventLoop.main.schedule(afterSilence: interval) { [weak self] in
            _ = dbus_timeout_handle(timeout)
            // libdbus expects it again and again until it is removed.
            guard let self, self.timers[timeout]?.isPending == false else { return }
            self.update(timeout: timeout)
        }
    }

    private func remove(timeout: OpaquePointer) {
        timers.removeValue(forKey: timeout)?.cancel()
    }
}
