internal import EventLoop

extension Connection {
    /// Asks for a well-known name.
    ///
    /// Publish objects first: clients look at them as soon as the name appears.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - replaceExisting: Whether to take it from an owner that allows that.
    /// - Returns: True; false when the name was ours already.
    /// - Throws: `FileExists` when another connection owns the name, `AccessDenied` when the bus's
    ///   policy does not allow us to, or another error of the bus.
    @discardableResult
    public func requestName(
        _ name: BusName,
        replaceExisting: Bool = false
    ) async throws(DBusError) -> Bool {
        // 4: do not queue. 2: replace the present owner.
        let flags: UInt32 = 4 | (replaceExisting ? 2 : 0)
        let reply = try await callBus("RequestName", name.string, flags)
        switch try reply.read(UInt32.self) {
        case 1: return true
        case 4: return false
        default: throw .nameTaken("the name \(name) belongs to another connection")
        }
    }

    /// Gives a well-known name back.
    ///
    /// Does not wait long: a bus that does not answer takes the name when the connection closes.
    ///
    /// - Parameter name: The name.
    /// - Throws: The bus's error; not when the name was not ours.
    public func releaseName(_ name: BusName) async throws(DBusError) {
        _ = try await callBus("ReleaseName", name.string, timeout: .seconds(1))
    }

    /// Has handlers called when a name gets an owner and when it loses it.
    ///
    /// One of them is called before this returns, for how things are now. When the name goes from
    /// one owner to another, both are called.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - appeared: Called with the owner's unique name.
    ///   - vanished: Called when there is no owner.
    /// - Returns: The subscription, to be cancelled.
    /// - Throws: The bus's error.
    @discardableResult
    public func watchName(
        _ name: BusName,
        appeared: @escaping @LoopActor (String) -> Void,
        vanished: @escaping @LoopActor () -> Void
    ) async throws(DBusError) -> Subscription {
        let tracked = names.track(name)
        let state = NameWatch(appeared: appeared, vanished: vanished)
        let isKnown = tracked.isAnswered
        let observer = names.observe(tracked) { result in
            if case .success(let owner) = result { state.ownerIs(owner) }
        }
        if isKnown { state.ownerIs(tracked.owner) }
        let subscription = Subscription {
            self.names.stopObserving(tracked, observer)
            self.names.release(tracked)
        }
        do throws(DBusError) {
            try await tracked.waitUntilKnown()
        } catch {
            subscription.cancel()
            throw error
        }
        return subscription
    }

    /// Asks who is behind a connection; what was asked before is remembered.
    ///
    /// - Parameter sender: The unique name of the connection.
    /// - Returns: Its user and process.
    /// - Throws: `NameHasNoOwner` when it has left, or another error of the bus.
    public func credentials(of sender: String) async throws(DBusError) -> Credentials {
        if let known = credentialsCache[sender] { return known }
        let reply = try await callBus("GetConnectionCredentials", sender)
        let credentials = Credentials(try reply.read(VariantDictionary.self))
        credentialsCache.insert(credentials, for: sender)
        return credentials
    }

    /// Asks who is behind a connection, and calls `completion` while the answer is delivered; with nil when
    /// the bus does not know.
    func askForCredentials(
        of sender: String,
        _ completion: @escaping @LoopActor (Credentials?) -> Void
    ) {
        callBus("GetConnectionCredentials", [sender]) { result in
            guard let reply = try? result.get(),
                let dictionary = try? reply.read(VariantDictionary.self)
            else { return completion(nil) }
            let credentials = Credentials(dictionary)
            self.credentialsCache.insert(credentials, for: sender)
            completion(credentials)
        }
    }
}

/// What one `watchName` has told last.
@LoopActor
private final class NameWatch {
    private let appeared: @LoopActor (String) -> Void
    private let vanished: @LoopActor () -> Void
    private var told: String??

    init(
        appeared: @escaping @LoopActor (String) -> Void,
        vanished: @escaping @LoopActor () -> Void
    ) {
        self.appeared = appeared
        self.vanished = vanished
    }

    func ownerIs(_ owner: String?) {
        guard told != .some(owner) else { return }
        let hadOwner = (told ?? nil) != nil
        let isFirst = told == nil
        told = .some(owner)
        guard let owner else { return vanished() }
        if hadOwner && !isFirst { vanished() }
        appeared(owner)
    }
}
