public import EventLoop

extension ObjectTree {
    /// Answers a call, at once or when its handler has ended.
    func dispatch(_ call: WaitingCall, of caller: Caller, on connection: Connection) {
        // Nobody would hear the answer.
        guard !caller.hasLeft || !call.identity.wantsReply else { return }
        do throws(DBusError) {
            guard try reads(caller, call.identity, connection.limits) else { return }
            try start(call.message, call.identity, of: caller, on: connection)
        } catch {
            answer(call.identity, with: error)
        }
    }

    private func start(
        _ message: Message,
        _ identity: CallIdentity,
        of caller: Caller,
        on connection: Connection
    ) throws(DBusError) {
        let (path, member) = try target(of: message)
        let (method, object) = try resolve(path, message.interface, member)
        let credentials = caller.credentials ?? Credentials()
        try check(method.right, of: credentials) {
            "\(message.interface ?? "")\(message.interface == nil ? "" : ".")\(member)"
        }
        try check(message.signature.string, against: method)
        let call = Invocation(
            connection: connection,
            sender: identity.sender,
            credentials: credentials,
            path: path,
            member: member,
            arrival: EventLoop.main.now
        )
        switch method.body {
        case .immediate(let body):
            try reply(to: identity, message) { (reader, writer) in
                try body(object, call, &reader, &writer)
            }
        case .composed(let body):
            guard identity.wantsReply else { return }
            answer(identity, try body(object, call, identity))
        case .either(let body):
            var work: MethodBody.Work?
            let reply = try composeReply(to: message) { (reader, writer) in
                work = try body(object, call, &reader, &writer)
            }
            if let work {
                run(work, for: try calls.admit(identity, of: caller, limits: connection.limits))
            } else if identity.wantsReply {
                answer(identity, reply)
            }
        case .suspending(let body):
            let open = try calls.admit(identity, of: caller, limits: connection.limits)
            do throws(DBusError) {
                var reader = MessageReader(message)
                run(try body(object, call, &reader), for: open)
            } catch {
                _ = calls.close(open)
                throw error
            }
        }
    }

    /// Refuses what a caller has no right to.
    func check(
        _ right: Right,
        of credentials: Credentials,
        _ action: () -> String
    ) throws(DBusError) {
        guard !right.isEverybodys, let reason = authorize(right, credentials) else { return }
        throw .accessDenied(
            "\(action()) needs the right to \(right), which \(credentials) has not: \(reason)"
        )
    }

    // MARK: Finding the method

    /// What a call is for.
    func target(of message: Message) throws(DBusError) -> (ObjectPath, String) {
        guard let path = message.path, let member = message.member else {
            throw .invalidArgs("a method call without path or member")
        }
        return (path, member)
    }

    /// Whether a call does nothing but tell its caller something.
    func onlyTells(_ message: Message) -> Bool {
        guard let (path, member) = try? target(of: message),
            let (method, _) = try? resolve(path, message.interface, member)
        else { return true }
        return method.right == .reading
    }

    private func resolve(
        _ path: ObjectPath,
        _ interface: String?,
        _ member: String
    ) throws(DBusError) -> (InterfaceTable.MethodEntry, any AnyObject & Sendable) {
        guard let interface else { return try resolve(path, member) }
        guard let node = node(at: path.string) else {
            // A peer is the process, whatever the path.
            if interface == StandardInterfaces.peer.string {
                return (try method(member, of: StandardInterfaces.peerTable), root)
            }
            throw .unknownObject("there is no object at \(Excerpt(path.string))")
        }
        if let published = node.interface(named: interface) {
            return (try method(member, of: published.table), published.object)
        }
        guard let table = node.standardTable(named: interface) else {
            throw .unknownInterface("\(path) does not have the interface \(interface)")
        }
        return (try method(member, of: table), node)
    }

    private func method(
        _ member: String,
        of table: InterfaceTable
    ) throws(DBusError) -> InterfaceTable.MethodEntry {
        guard let method = table.methods[member] else {
            throw .unknownMethod("\(table.description.name) does not have the method \(member)")
        }
        return method
    }

    /// Finds the method of a call that does not name an interface: the first that has the name.
    private func resolve(
        _ path: ObjectPath,
        _ member: String
    ) throws(DBusError) -> (InterfaceTable.MethodEntry, any AnyObject & Sendable) {
        guard let node = node(at: path.string) else {
            throw .unknownObject("there is no object at \(Excerpt(path.string))")
        }
        for published in node.interfaces {
            if let method = published.table.methods[member] { return (method, published.object) }
        }
        for table in node.standardTables {
            if let method = table.methods[member] { return (method, node) }
        }
        throw .unknownMethod("no interface at \(path) has the method \(member)")
    }

    private func check(
        _ signature: String,
        against method: InterfaceTable.MethodEntry
    ) throws(DBusError) {
        guard signature != method.inputSignature else { return }
        let inputs = method.description.inputs
        let given = Signature(unchecked: signature).completeTypes
        for (position, (input, type)) in zip(inputs, given).enumerated()
        where input.signature != type {
            throw .invalidArgs(
                "argument \(position + 1) (\(input.name)) of \(method.description.name): "
                    + "expected \"\(input.signature)\", got \"\(type)\""
            )
        }
        throw .invalidArgs(
            "\(method.description.name) takes \(inputs.count) arguments "
                + "(\"\(method.inputSignature)\"), got \(given.count) (\"\(signature)\")"
        )
    }

    // MARK: Answering

    private func reply(
        to identity: CallIdentity,
        _ message: Message,
        _ body: @LoopActor (inout MessageReader, inout MessageWriter) throws -> Void
    ) throws(DBusError) {
        let reply = try composeReply(to: message, body)
        if identity.wantsReply { answer(identity, reply) }
    }

    private func composeReply(
        to message: Message,
        _ body: @LoopActor (inout MessageReader, inout MessageWriter) throws -> Void
    ) throws(DBusError) -> OutgoingMessage {
        try compose {
            () throws(DBusError) in
            try .methodReturn(to: message)
        } body: {
            (writer) throws(DBusError) in
            var reader = MessageReader(message)
            do {
                try body(&reader, &writer)
            } catch {
                throw self.translate(error)
            }
        }
    }

    private func run(_ work: @escaping MethodBody.Work, for call: OpenCall) {
        call.task = EventLoop.main.spawn {
            do {
                let encode = try await work()
                self.finish(call, encode)
            } catch {
                self.finish(call, with: self.translate(error))
            }
        }
    }

    private func finish(_ call: OpenCall, with error: @autoclosure () -> DBusError) {
        guard calls.close(call), call.wantsReply else { return }
        answer(call.identity, with: error())
    }

    private func finish(_ call: OpenCall, _ encode: MethodBody.Encoder) {
        guard calls.close(call), call.wantsReply else { return }
        do throws(DBusError) {
            let reply = try compose {
                () throws(DBusError) in
                try .methodReturn(to: call.identity)
            } body: {
                (writer) throws(DBusError) in
                try encode(&writer)
            }
            answer(call.identity, reply)
        } catch {
            answer(call.identity, with: error)
        }
    }

    private func answer(_ identity: CallIdentity, _ reply: OutgoingMessage) {
        connection?.send(reply)
        let user = calls.callers.known(identity.sender)?.user ?? calls.users[nil]
        calls.unread.sent(reply.size, to: identity.sender, of: user)
    }

    func answer(_ identity: CallIdentity, with answer: DBusError) {
        guard identity.wantsReply, let connection else { return }
        let maximumSize = connection.limits.messageSize
        do throws(DBusError) {
            self.answer(identity, try .error(answer, to: identity, maximumSize: maximumSize))
        } catch {
            // Details that cannot be sent must not cost the caller the answer.
            let bare = DBusError(name: answer.name, message: answer.message)
            guard let reply = try? OutgoingMessage.error(bare, to: identity, maximumSize: .max)
            else { return }
            self.answer(identity, reply)
        }
    }

    /// What a caller sees of an error that a handler threw.
    func translate(_ error: any Error) -> DBusError {
        (error as? DBusError) ?? mapError(error)
    }

    // MARK: Stopping

    /// How many calls have been taken and not yet answered.
    public var openCalls: Int { calls.count }

    /// How many calls wait for their turn.
    public var waitingCalls: Int { calls.waiting.count }

    /// Lets the calls that are under way come to an end.
    ///
    /// From now on calls whose handlers may wait are refused; properties can still be read. At the
    /// deadline the handlers are cancelled, and callers whose handlers do not heed that get a
    /// `NoReply` error: every call has its answer when this returns.
    ///
    /// - Parameter deadline: How long handlers may take.
    public func drain(_ deadline: MonotonicInstant) async {
        calls.isDraining = true
        if await calls.waitUntilEmpty(deadline) { return }
        calls.cancelAll()
        if await calls.waitUntilEmpty(EventLoop.main.now + Self.graceAfterCancellation) { return }
        for call in calls.all {
            finish(call, with: .noReply("the service stopped before the call had ended"))
        }
    }

    /// Makes a `drain` that is under way act as if its deadline had come.
    public func hurryDrain() {
        if calls.isDraining { calls.stopWaiting() }
    }

    private static let graceAfterCancellation = Duration.milliseconds(100)
}
