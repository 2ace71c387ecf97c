internal import EventLoop

extension Connection {
    /// Has a handler called when a client is not on the bus, now or from some time on.
    ///
    /// It is called once, never before this returns, and also when the client had left before. All
    /// watches of one client share one rule at the bus, which ends with the last of them or with
    /// the client. Nothing is told when the connection closes.
    ///
    /// - Parameters:
    ///   - name: The client's unique name, as `Invocation.sender` has it, or a well-known name; the
    ///     client is then whoever owns that, and has left when nobody does.
    ///   - gone: Called when the client has left; quick.
    ///   - refused: Called when the bus would not tell of that, as when it takes no more rules from us.
    ///     The watch goes on, and may yet find that the client had left before. Without this handler
    ///     `gone` is called: what is held for the client would else be held for ever.
    /// - Returns: The subscription, to be cancelled when it does not matter any more.
    public func watchClient(
        _ name: String,
        gone: @escaping @LoopActor () -> Void,
        refused: (@LoopActor (DBusError) -> Void)? = nil
    ) -> Subscription {
        guard let name = try? BusName(name) else {
            let timer = EventLoop.main.schedule(after: .zero, gone)
            return Subscription { timer.cancel() }
        }
        let watch = ClientWatch(names, name, gone, refused)
        return Subscription { watch.end() }
    }
}

/// One wish to be told when a client has left.
@LoopActor
private final class ClientWatch {
    private let names: NameTracker
    private let tracked: NameTracker.TrackedName
    private var gone: (@LoopActor () -> Void)?
    private var refused: (@LoopActor (DBusError) -> Void)?
    private var observer: UInt64?
    private var timer: Timer?

    init(
        _ names: NameTracker,
        _ name: BusName,
        _ gone: @escaping @LoopActor () -> Void,
        _ refused: (@LoopActor (DBusError) -> Void)?
    ) {
        self.names = names
        self.gone = gone
        self.refused = refused
        tracked = names.track(name)
        observer = names.observe(tracked) { self.take($0) }
        // What the bus has said already is told a little later.
        let known: Result<String?, DBusError>? =
            tracked.isAbsent ? .success(nil) : tracked.failure.map { .failure($0) }
        if let known { timer = EventLoop.main.schedule(after: .zero) { self.take(known) } }
    }

    private func take(_ result: Result<String?, DBusError>) {
        switch result {
        case .success(nil): leave()
        case .success: break
        case .failure(let error): if let refused { refused(error) } else { leave() }
        }
    }

    private func leave() {
        let gone = gone
        end()
        gone?()
    }

    func end() {
        gone = nil
        refused = nil
        timer?.cancel()
        guard let observer else { return }
        self.observer = nil
        names.stopObserving(tracked, observer)
        names.release(tracked)
    }
}
