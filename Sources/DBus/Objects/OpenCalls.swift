internal import EventLoop

/// The calls that have been taken and not yet answered.
///
/// A call is answered by taking it out of here, which works once: that is what makes sure of
/// exactly one reply.
@LoopActor
final class OpenCalls {
    private var calls: [UInt64: OpenCall] = [:]
    let callers = Callers()
    let waiting = WaitingCalls()
    let unread = UnreadAnswers()
    private var countWithFileDescriptors = 0
    private var nextNumber: UInt64 = 0
    private var empty: Promise<Void>?
    /// Whether calls that would wait are refused, because the service is stopping.
    var isDraining = false

    nonisolated init() {}

    var users: Users { waiting.users }

    var count: Int { calls.count }

    /// Takes a call in, if the limits allow.
    func admit(
        _ identity: CallIdentity,
        of caller: Caller,
        limits: ConnectionLimits
    ) throws(DBusError) -> OpenCall {
        if isDraining { throw .serviceUnknown("the service is stopping") }
        let user = caller.user ?? users[nil]
        let share = Users.share(
            of: limits.callsInFlight,
            for: user,
            havingNone: user.openCalls == 0
        )
        guard calls.count < share else {
            throw .limitsExceeded("\(calls.count) calls are under way already")
        }
        guard user.isRoot || user.openCalls < limits.callsInFlightPerUser else {
            throw .limitsExceeded("\(user.openCalls) calls of \(user.name) are under way already")
        }
        guard caller.openCalls < limits.callsInFlightPerSender else {
            throw .limitsExceeded(
                "\(caller.openCalls) calls of \(caller.name) are under way already"
            )
        }
        if identity.hasFileDescriptors {
            // Half for each, so that nobody has all.
            guard user.callsWithFileDescriptors < (limits.callsWithFileDescriptors + 1) / 2,
                countWithFileDescriptors < limits.callsWithFileDescriptors
            else {
                throw .limitsExceeded(
                    "\(countWithFileDescriptors) calls with file descriptors are under way already"
                )
            }
            countWithFileDescriptors += 1
            user.callsWithFileDescriptors += 1
        }
        let call = OpenCall(number: nextNumber, identity: identity, caller: caller, user: user)
        nextNumber += 1
        calls[call.number] = call
        user.openCalls += 1
        callers.callOpened(by: caller, isAwaited: identity.wantsReply)
        return call
    }

    /// Takes a call out in order to answer it.
    ///
    /// - Returns: False when it has been answered already.
    func close(_ call: OpenCall) -> Bool {
        guard calls.removeValue(forKey: call.number) != nil else { return false }
        callers.callClosed(by: call.caller, isAwaited: call.identity.wantsReply)
        call.user.openCalls -= 1
        if call.identity.hasFileDescriptors {
            countWithFileDescriptors -= 1
            call.user.callsWithFileDescriptors -= 1
        }
        users.forgetIfUnused(call.user)
        if calls.isEmpty { stopWaiting() }
        return true
    }

    /// Waits until there are none.
    ///
    /// - Returns: False when the deadline or `stopWaiting` came first.
    func waitUntilEmpty(_ deadline: MonotonicInstant) async -> Bool {
        if calls.isEmpty { return true }
        let promise = empty ?? Promise<Void>()
        empty = promise
        try? await promise.value(until: deadline)
        return calls.isEmpty
    }

    /// Ends the wait for their end.
    func stopWaiting() {
        empty?.resolve()
        empty = nil
    }

    func cancelAll() {
        for call in calls.values { call.task?.cancel() }
    }

    /// The open calls in the order of their arrival.
    var all: [OpenCall] { calls.values.sorted { $0.number < $1.number } }

    /// Cancels the calls of a caller that has left; not those whose answer it did not want.
    func cancelCalls(of caller: Caller) {
        for call in all where call.caller === caller && call.identity.wantsReply {
            call.task?.cancel()
        }
    }
}

/// A call that has been taken and not yet answered.
@LoopActor
final class OpenCall {
    let number: UInt64
    let identity: CallIdentity
    let caller: Caller
    let user: User
    var task: Task<Void, Never>?

    init(number: UInt64, identity: CallIdentity, caller: Caller, user: User) {
        self.number = number
        self.identity = identity
        self.caller = caller
        self.user = user
    }

    /// Whether somebody waits for the answer.
    var wantsReply: Bool { identity.wantsReply && !caller.hasLeft }
}
