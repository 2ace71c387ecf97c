internal import CLinux
internal import Glibc

/// All watches, and the array for `ppoll` that goes with them and is kept up to date in place.
@LoopActor
final class WatchSet {
    private var watches: [Watch] = []
    /// One entry for each watch, at the same index.
    private var entries: [pollfd] = []
    private var found: [(watch: Watch, readiness: Readiness)] = []

    nonisolated init() {}

    var count: Int { watches.count }

    func add(
        _ descriptor: Int32,
        _ interest: Interest,
        _ handler: @escaping @LoopActor (Readiness) -> Void
    ) throws(SystemCallError) -> Watch {
        try systemCall("watch a descriptor") { fcntl(descriptor, F_GETFD) }
        let watch = Watch(
            descriptor: descriptor,
            interest: interest,
            set: self,
            position: watches.count,
            handler: handler
        )
        watches.append(watch)
        entries.append(Self.entry(of: watch))
        return watch
    }

    func update(_ watch: Watch) {
        entries[watch.position] = Self.entry(of: watch)
    }

    func remove(_ watch: Watch) {
        let lastWatch = watches.removeLast()
        let lastEntry = entries.removeLast()
        guard lastWatch !== watch else { return }
        watches[watch.position] = lastWatch
        entries[watch.position] = lastEntry
        lastWatch.position = watch.position
    }

    func removeAll() {
        while let watch = watches.last { watch.cancel() }
    }

    /// Waits until a watch has something or the time is over, and notes what was found.
    ///
    /// - Parameter timeout: Nanoseconds; nil waits without an end.
    /// - Returns: Whether anything was found.
    func poll(timeout: Int64?) -> Bool {
        let number = entries.withUnsafeMutableBufferPointer { buffer in
            guard let timeout else {
                return ppoll(buffer.baseAddress, nfds_t(buffer.count), nil, nil)
            }
            var time = timespec()
            time.tv_sec = time_t(clamping: timeout / 1_000_000_000)
            time.tv_nsec = Int(timeout % 1_000_000_000)
            return ppoll(buffer.baseAddress, nfds_t(buffer.count), &time, nil)
        }
        // A signal is no error: the loop goes round and comes back. The others (no memory in the kernel)
        // leave nothing better to do either.
        guard number > 0 else { return false }
        var missing = number
        for position in entries.indices where entries[position].revents != 0 {
            found.append((watches[position], Self.readiness(of: entries[position].revents)))
            missing -= 1
            if missing == 0 { break }
        }
        return true
    }

    /// Calls the handlers of what the last ``poll(timeout:)`` found.
    func deliver() {
        // Handlers add and cancel watches; one that is cancelled meanwhile stays silent by itself.
        for (watch, readiness) in found {
            watch.deliver(readiness)
        }
        found.removeAll(keepingCapacity: true)
    }

    private static func entry(of watch: Watch) -> pollfd {
        // The kernel passes over negative numbers; an entry that only has no events would report errors.
        guard !watch.interest.isEmpty else { return pollfd(fd: -1, events: 0, revents: 0) }
        var events: Int16 = 0
        if watch.interest.contains(.read) { events |= Int16(POLLIN) }
        if watch.interest.contains(.write) { events |= Int16(POLLOUT) }
        return pollfd(fd: watch.descriptor, events: events, revents: 0)
    }

    private static func readiness(of events: Int16) -> Readiness {
        var readiness: Readiness = []
        if events & Int16(POLLIN) != 0 { readiness.insert(.read) }
        if events & Int16(POLLOUT) != 0 { readiness.insert(.write) }
        if events & Int16(POLLERR) != 0 { readiness.insert(.error) }
        if events & Int16(POLLHUP) != 0 { readiness.insert(.hangUp) }
        if events & Int16(POLLNVAL) != 0 { readiness.insert(.invalidDescriptor) }
        return readiness
    }
}
