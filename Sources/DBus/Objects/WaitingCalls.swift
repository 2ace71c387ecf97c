internal import EventLoop

/// Calls that have come in and wait for their turn.
///
/// Users are served in turn, each with the same share of the loop's time, and within a user its connections:
/// whoever calls without end makes itself wait and nobody else. A call waits as well until the bus has said
/// whose it is, which is asked once for each connection.
@LoopActor
final class WaitingCalls {
    /// How many calls, and what they take.
    struct Size {
        var count = 0
        var bytes = 0

        static func += (left: inout Size, call: WaitingCall) {
            left.count += 1
            left.bytes += call.size
        }

        static func -= (left: inout Size, call: WaitingCall) {
            left.count -= 1
            left.bytes -= call.size
        }
    }

    let users = Users()
    /// Users with calls that wait.
    private var active: [User] = []
    /// Connections of whom the bus has yet to say whose they are.
    private var unidentified: [String: Caller] = [:]
    private var waitingUnidentified = Size()
    private var total = Size()
    private var withFileDescriptors = 0
    /// Messages that have come since the last `detach`.
    private var fresh: [Message] = []
    /// The time of the user that was served last: who comes anew begins with it.
    private var time = Duration.zero
    /// What of the loop's time a call is taken for whose handler goes on in a task of its own.
    static let timeOfTask = Duration.microseconds(100)

    nonisolated init() {}

    var count: Int { total.count }
    /// Whether somebody could be served.
    var hasTurn: Bool { !active.isEmpty }

    /// Puts a call at the end of its sender's line.
    ///
    /// - Throws: `LimitsExceeded`, when the line is too long.
    func append(
        _ call: WaitingCall,
        of caller: Caller,
        limits: ConnectionLimits
    ) throws(DBusError) {
        let sender = limits.waitingCallsPerSender
        guard caller.waiting.count < sender else {
            throw .limitsExceeded("\(sender) calls of \(caller.name) wait already")
        }
        if let user = caller.user {
            let waiting = user.waiting
            guard waiting.count < limits.waitingCallsPerUser,
                waiting.bytes + call.size <= limits.waitingBytesPerUser
            else {
                throw .limitsExceeded("\(waiting.count) calls of \(user.name) wait already")
            }
        } else {
            try checkUnidentified(call, caller, limits)
        }
        let share = share(of: caller, limits)
        guard total.bytes + call.size <= share else {
            throw .limitsExceeded("\(total.count) calls wait already")
        }
        if call.identity.hasFileDescriptors {
            guard withFileDescriptors < limits.callsWithFileDescriptors else {
                throw .limitsExceeded(
                    "\(withFileDescriptors) calls with file descriptors wait already"
                )
            }
            withFileDescriptors += 1
        }
        total += call
        fresh.append(call.message)
        let wasIdle = caller.waiting.isEmpty
        caller.waiting.append(call)
        guard let user = caller.user else {
            unidentified[caller.name] = caller
            waitingUnidentified += call
            return
        }
        if wasIdle { join(caller, user) }
        user.waiting += call
    }

    /// Whether one more call of a connection may wait for the bus to say whose it is.
    ///
    /// A part is kept for connections with few calls: one that floods as soon as it is made does not have
    /// others refused that are as new.
    private func checkUnidentified(
        _ call: WaitingCall,
        _ caller: Caller,
        _ limits: ConnectionLimits
    ) throws(DBusError) {
        let part = hasFew(caller, limits) ? 4 : 3
        guard waitingUnidentified.count < limits.waitingCallsPerUser / 4 * part,
            waitingUnidentified.bytes + call.size <= limits.waitingBytesPerUser / 4 * part
        else {
            throw .limitsExceeded(
                "\(waitingUnidentified.count) calls of users whom the bus has yet to name wait already"
            )
        }
    }

    /// Bytes that may wait in all when this one adds to them: the more it has the less, so that whoever floods
    /// has nobody else refused.
    private func share(of caller: Caller, _ limits: ConnectionLimits) -> Int {
        let limit = limits.waitingBytes
        if caller.user?.isRoot == true { return limit }
        return limit - limit / (hasFew(caller, limits) ? 16 : 4)
    }

    /// Whether so little of it waits that it floods nobody.
    private func hasFew(_ caller: Caller, _ limits: ConnectionLimits) -> Bool {
        guard let user = caller.user else { return caller.waiting.count < Self.fewCalls }
        return user.waiting.bytes < limits.waitingBytesPerUser / 8
    }

    /// Calls that a connection which does not flood has waiting at once.
    private static let fewCalls = 16

    /// Takes note of whose connection it is: its calls may have their turn now.
    func identify(_ caller: Caller, as credentials: Credentials) {
        unidentified[caller.name] = nil
        caller.credentials = credentials
        let user = users[credentials.userID]
        user.connections += 1
        caller.user = user
        guard !caller.waiting.isEmpty else { return }
        join(caller, user)
        caller.waiting.modifyAll { call in
            user.waiting += call
            waitingUnidentified -= call
        }
    }

    private func join(_ caller: Caller, _ user: User) {
        if user.line.isEmpty {
            user.time = max(user.time, time)
            active.append(user)
        }
        user.line.append(caller)
    }

    /// Takes the call out whose turn it is.
    func next() -> (WaitingCall, Caller, User)? {
        guard let position = active.indices.min(by: { active[$0].time < active[$1].time }) else {
            return nil
        }
        let user = active[position]
        let caller = user.line.popFirst()
        let call = caller?.waiting.popFirst()
        if let caller, !caller.waiting.isEmpty { user.line.append(caller) }
        if user.line.isEmpty { active.remove(at: position) }
        guard let caller, let call else { return nil }
        user.waiting -= call
        total -= call
        if call.identity.hasFileDescriptors { withFileDescriptors -= 1 }
        return (call, caller, user)
    }

    /// Takes note of what serving a user has taken.
    func charge(_ user: User, _ duration: Duration) {
        time = max(time, user.time)
        user.time += duration
        users.forgetIfUnused(user)
    }

    /// Has what waits not count any more as received: libdbus reads nothing while too much is held of what it
    /// has read, and the answer to who a caller is would be among what is not read.
    func detach() {
        for position in fresh.indices where !isKnownUniquelyReferenced(&fresh[position]) {
            fresh[position].detach()
        }
        fresh.removeAll(keepingCapacity: fresh.count <= 64)
    }

    /// Lets go of somebody who does not matter any more.
    func forget(_ caller: Caller) {
        guard let user = caller.user else { return }
        user.connections -= 1
        users.forgetIfUnused(user)
    }

    func removeAll() {
        for user in active {
            while let caller = user.line.popFirst() { caller.waiting.removeAll() }
        }
        for caller in unidentified.values { caller.waiting.removeAll() }
        users.removeAll()
        fresh = []
        active = []
        unidentified = [:]
        waitingUnidentified = Size()
        total = Size()
        withFileDescriptors = 0
    }
}

/// A call that waits for its turn.
struct WaitingCall {
    let message: Message
    let identity: CallIdentity
    /// Bytes that it takes, roughly.
    let size: Int
}
