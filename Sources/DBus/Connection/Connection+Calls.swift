internal import EventLoop

extension Connection {
    /// Calls a method and waits for the reply.
    ///
    ///     let reply = try await connection.call(
    ///         destination: "org.example.Service", path: "/org/example", interface: "org.example.Thing1",
    ///         member: "Rename", arguments: "old", "new", timeout: .seconds(5))
    ///     let count = try reply.read(UInt32.self)
    ///
    /// When the calling task is cancelled the call fails at once with `NoReply`; whether the method has run is
    /// unknown then, as it is after a time-out.
    ///
    /// - Parameters:
    ///   - destination: The connection to call.
    ///   - path: The object.
    ///   - interface: The interface.
    ///   - member: The method.
    ///   - arguments: What it takes, in order.
    ///   - timeout: How long to wait for the reply.
    /// - Returns: The reply.
    /// - Throws: The error reply, or `NoReply`, `Disconnected`, `LimitsExceeded`, `Failed`.
    public func call(
        destination: BusName,
        path: ObjectPath,
        interface: InterfaceName,
        member: MemberName,
        arguments: any DBusType...,
        timeout: Duration = .seconds(25)
    ) async throws(DBusError) -> Message {
        try await call(
            destination: destination,
            path: path,
            interface: interface,
            member: member,
            argumentList: arguments,
            timeout: timeout
        )
    }

    /// Calls a method, with arguments that are in an array already, and waits for the reply.
    ///
    /// - Parameters:
    ///   - destination: The connection to call.
    ///   - path: The object.
    ///   - interface: The interface.
    ///   - member: The method.
    ///   - argumentList: What it takes, in order.
    ///   - timeout: How long to wait for the reply.
    /// - Returns: The reply.
    /// - Throws: The error reply, or `NoReply`, `Disconnected`, `LimitsExceeded`, `Failed`.
    public func call(
        destination: BusName,
        path: ObjectPath,
        interface: InterfaceName,
        member: MemberName,
        argumentList: [any DBusType],
        timeout: Duration = .seconds(25)
    ) async throws(DBusError) -> Message {
        guard !Task.isCancelled else { throw .noReply("\(interface).\(member) was cancelled") }
        let message = try makeCall(destination, path, interface, member, argumentList)
        let deadline = EventLoop.main.now + timeout
        // The bus answers itself; only replies of other connections are counted.
        let needsSlot = destination != .bus
        if needsSlot {
            do {
                try await replies.takeSlot(of: limits.pendingReplies, until: deadline)
            } catch {
                throw .noReply("\(destination).\(member) was not sent in time")
            }
        }
        defer { if needsSlot { replies.releaseSlot() } }
        let reply = Promise<Message>()
        let serial = try sendCall(message)
        replies.expect(serial, reply)
        do {
            return try await reply.value(until: deadline)
        } catch let error as DBusError {
            throw error
        } catch is DeadlineExceeded {
            replies.forget(serial)
            throw .noReply("\(destination) did not answer \(interface).\(member) in \(timeout)")
        } catch {
            replies.forget(serial)
            throw .noReply("the wait for \(interface).\(member) was cancelled")
        }
    }

    /// Calls a method whose reply nobody wants.
    ///
    /// - Parameters:
    ///   - destination: The connection to call.
    ///   - path: The object.
    ///   - interface: The interface.
    ///   - member: The method.
    ///   - arguments: What it takes, in order.
    /// - Throws: `Disconnected`, `LimitsExceeded` or `Failed`.
    public func callWithoutReply(
        destination: BusName,
        path: ObjectPath,
        interface: InterfaceName,
        member: MemberName,
        arguments: any DBusType...
    ) throws(DBusError) {
        let message = try makeCall(destination, path, interface, member, arguments)
        message.setNoReply()
        _ = try sendCall(message)
    }

    /// Calls a method of the bus; `completion` runs in the order of the messages.
    func callBus(
        _ member: MemberName,
        _ arguments: [any DBusType],
        of interface: InterfaceName = busInterface,
        _ completion: @escaping PendingReplies.Completion
    ) {
        do throws(DBusError) {
            let message = try makeCall(.bus, Self.busPath, interface, member, arguments)
            replies.expect(try sendCall(message), completion)
        } catch {
            completion(.failure(error))
        }
    }

    /// Calls a method of the bus and waits.
    func callBus(
        _ member: MemberName,
        _ arguments: any DBusType...,
        timeout: Duration = busTimeout
    ) async throws(DBusError) -> Message {
        let message = try makeCall(.bus, Self.busPath, Self.busInterface, member, arguments)
        let reply = Promise<Message>()
        let serial = try sendCall(message)
        replies.expect(serial, reply)
        do {
            return try await reply.value(until: EventLoop.main.now + timeout)
        } catch let error as DBusError {
            throw error
        } catch {
            replies.forget(serial)
            throw .noReply("the bus did not answer \(member)")
        }
    }

    static let busPath: ObjectPath = "/org/freedesktop/DBus"
    static let busInterface: InterfaceName = "org.freedesktop.DBus"
    static let busTimeout = Duration.seconds(25)

    private func makeCall(
        _ destination: BusName,
        _ path: ObjectPath,
        _ interface: InterfaceName,
        _ member: MemberName,
        _ arguments: [any DBusType]
    ) throws(DBusError) -> OutgoingMessage {
        let message = try OutgoingMessage.methodCall(
            destination: destination,
            path: path,
            interface: interface,
            member: member
        )
        var writer = MessageWriter(appendingTo: message.raw, maximumSize: limits.messageSize)
        for argument in arguments { try argument.append(to: &writer) }
        return message
    }

    private func sendCall(_ message: OutgoingMessage) throws(DBusError) -> UInt32 {
        guard isOpen else { throw .disconnected("the connection to the bus is closed") }
        guard canPassFileDescriptors || !message.containsFileDescriptors else {
            throw .notSupported("the bus does not pass file descriptors")
        }
        guard let serial = send(message) else { throw .noMemory("no memory to send a call") }
        return serial
    }
}
