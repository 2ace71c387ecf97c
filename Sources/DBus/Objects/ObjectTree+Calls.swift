internal import EventLoop

extension ObjectTree {
    /// Takes a call from the bus into its sender's line, or refuses it.
    func receive(_ message: Message, on connection: Connection) {
        let identity = CallIdentity(message)
        do throws(DBusError) {
            try takeIn(message, identity, connection)
        } catch {
            answer(identity, with: error)
        }
    }

    private func takeIn(
        _ message: Message,
        _ identity: CallIdentity,
        _ connection: Connection
    ) throws(DBusError) {
        let limits = connection.limits
        let caller = calls.callers.caller(named: identity.sender)
        if caller.user == nil, let known = connection.credentialsCache[identity.sender] {
            calls.waiting.identify(caller, as: known)
        }
        guard try reads(caller, identity, limits) else { return }
        guard message.hasPath(upTo: limits.textPerCall) else {
            throw .unknownObject(
                "there is no object at a path of more than \(limits.textPerCall) bytes"
            )
        }
        guard let size = message.argumentSize(upTo: limits.argumentsPerCall) else {
            throw .limitsExceeded(
                "the arguments take more than \(limits.argumentsPerCall) bytes, which no method needs"
            )
        }
        if !identity.wantsReply, onlyTells(message) { return }
        let call = WaitingCall(message: message, identity: identity, size: Self.fixedSize + size)
        try calls.waiting.append(call, of: caller, limits: limits)
        if caller.user == nil { identify(caller, on: connection) }
    }

    /// Whether a caller seems to read what it is answered.
    ///
    /// - Throws: `LimitsExceeded`, which it may be told; false means that it may be told nothing.
    func reads(
        _ caller: Caller,
        _ identity: CallIdentity,
        _ limits: ConnectionLimits
    ) throws(DBusError) -> Bool {
        guard let user = caller.user, identity.wantsReply else { return true }
        switch calls.unread.verdict(on: caller.name, of: user, limits: limits) {
        case .answer: return true
        case .refusal(let reason): throw .limitsExceeded(reason)
        case .silence: return false
        }
    }

    /// What a call that waits takes beside its arguments, roughly.
    private static let fixedSize = 1024

    /// Has the bus say who a caller is.
    private func identify(_ caller: Caller, on connection: Connection) {
        guard !caller.isAskedFor else { return }
        caller.isAskedFor = true
        connection.askForCredentials(of: caller.name) { credentials in
            // Nothing is known of one that has left; it has the rights of everybody.
            self.calls.waiting.identify(caller, as: credentials ?? Credentials())
        }
    }

    /// Answers calls in turn.
    ///
    /// - Parameters:
    ///   - connection: Where they came in.
    ///   - end: When others want the loop's time; the call that is being answered then is the last.
    ///   - mayGoOn: Asked before each call.
    func serve(
        on connection: Connection,
        until end: MonotonicInstant,
        while mayGoOn: () -> Bool
    ) {
        var now = EventLoop.main.now
        while now < end, calls.waiting.hasTurn, mayGoOn() {
            guard let (call, caller, user) = calls.waiting.next() else { continue }
            let openCalls = user.openCalls
            dispatch(call, of: caller, on: connection)
            let later = EventLoop.main.now
            let taken = now.duration(to: later)
            calls.waiting.charge(
                user,
                user.openCalls > openCalls ? taken + WaitingCalls.timeOfTask : taken
            )
            calls.callers.forgetIfUnused(caller)
            now = later
        }
    }
}
