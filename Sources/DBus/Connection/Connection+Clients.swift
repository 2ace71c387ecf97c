internal import EventLoop

extension Connection {
    /// Has a handler called when a client is not on the bus, now or from some time on.
    ///
    /// It is called once, never before this returns, and also when the client had left before. All
    /// watches of one client share one rule at the bus, which ends with the last of them or with
    /// the client. When the bus refuses the rule because we have too many, only a client that has
    /// left already is told of. Nothing is told when the connection closes.
    ///
    /// - Parameters:
    ///   - uniqueName: The client's unique name, as `Invocation.sender` has it.
    ///   - gone: Called when the client has left; quick.
    /// - Returns: The subscription, to be cancelled when it does not matter any more.
    public func watchClient(
        _ uniqueName: String,
        gone: @escaping @LoopActor () -> Void
    ) -> Subscription {
        guard let name = try? BusName(uniqueName) else {
            let timer = EventLoop.main.schedule(after: .zero, gone)
            return Subscription { timer.cancel() }
        }
        let watch = ClientWatch(names, name, gone)
        return Subscription { watch.end() }
    }
}

/// One wish to be told when a client has left.
@LoopActor
private final class ClientWatch {
    private let names: NameTracker
    private let tracked: NameTracker.TrackedName
    private var gone: (@LoopActor () -> Void)?
    private var observer: UInt64?
    private var timer: Timer?

    init(_ names: NameTracker, _ name: BusName, _ gone: @escaping @LoopActor () -> Void) {
        self.names = names
        self.gone = gone
        tracked = names.track(name)
        observer = names.observe(tracked) { owner in
            if owner == nil { self.tell() }
        }
        if tracked.isAbsent { timer = EventLoop.main.schedule(after: .zero) { self.tell() } }
    }

    private func tell() {
        let gone = gone
        end()
        gone?()
    }

    func end() {
        gone = nil
        timer?.cancel()
        guard let observer else { return }
        self.observer = nil
        names.stopObserving(tracked, observer)
        names.release(tracked)
    }
}
