internal import CDBus
internal import EventLoop

/// The descriptors and time-outs that libdbus wants looked after, on the loop.
@LoopActor
final class LibraryEvents {
    private let connection: OpaquePointer
    private var watches: [OpaquePointer: Watch] = [:]
    private var timers: [OpaquePointer: Timer] = [:]

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
        ) { readiness in
            // False asks to be called again when there is memory; the descriptor stays ready.
            _ = dbus_watch_handle(watch, Self.flags(of: readiness))
        }
        guard let handle else { return false }
        watches[watch] = handle
        return true
    }

    /// Has libdbus read what there is to read now.
    func readMore() {
        for watch in watches.keys where Self.interest(of: watch).contains(.read) {
            _ = dbus_watch_handle(watch, DBUS_WATCH_READABLE.rawValue)
            return
        }
    }

    private func remove(watch: OpaquePointer) {
        watches.removeValue(forKey: watch)?.cancel()
    }

    private func update(watch: OpaquePointer) {
        watches[watch]?.interest = Self.interest(of: watch)
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
        timers[timeout] = EventLoop.main.schedule(after: interval) { [weak self] in
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
