internal import CDBus
internal import EventLoop

extension Connection {
    // MARK: Taking messages

    /// Takes what has come in and answers calls; called before each sleep of the loop.
    ///
    /// - Returns: Whether there is more to do at once.
    func turn() -> Bool {
        if shareTimer == nil {
            let end = EventLoop.main.now + Self.share
            switch takeMessages(until: end) {
            case .resumedTask: return true
            case .done: break
            }
            objects.serve(on: self, until: EventLoop.main.now + Self.share) {
                self.isOpen && !self.isCongested
            }
            objects.calls.waiting.detach()
            guard raw != nil else { return false }
            if objects.calls.waiting.hasTurn, !isCongested { leaveOthersTheirShare() }
        }
        guard let raw else { return false }
        if !isCongested { objects.tellChanges() }
        if !flushWaiters.isEmpty, dbus_connection_has_messages_to_send(raw) == 0 {
            for waiter in flushWaiters { waiter.resolve() }
            flushWaiters = []
        }
        return false
    }

    /// Goes on when descriptors and timers of others have had their share.
    private func leaveOthersTheirShare() {
        shareTimer = EventLoop.main.schedule(after: .zero) { self.shareTimer = nil }
    }

    /// Takes messages out of libdbus until there are none, so that nobody's wait there behind others'.
    private func takeMessages(until end: MonotonicInstant) -> Outcome {
        var count: Int
        repeat {
            count = 0
            while outgoingSize < limits.blockedOutgoingSize, let raw,
                let message = dbus_connection_pop_message(raw)
            {
                count += 1
                let isCall = dbus_message_get_type(message) == DBUS_MESSAGE_TYPE_METHOD_CALL
                let bounds = isCall ? limits.ofCalls : limits.ofMessages
                // A task that waited for this reply goes on before later messages are delivered: what
                // it reads in the reply is then never newer than what signals have told.
                if take(Message(adopting: message, bounds: bounds)) == .resumedTask {
                    return .resumedTask
                }
            }
            // libdbus reads a few at a time.
            if count >= Self.manyMessages { events?.readMore() }
        } while count >= Self.manyMessages && EventLoop.main.now < end
        return .done
    }

    private enum Outcome {
        case done, resumedTask
    }

    private func take(_ message: Message) -> Outcome {
        switch message.kind {
        case .methodCall:
            objects.receive(message, on: self)
        case .methodReturn, .error:
            if replies.complete(message) { return .resumedTask }
        case .signal:
            take(signal: message)
        case .unknown:
            break
        }
        return .done
    }

    private func take(signal: Message) {
        // Nobody has such a path, and everybody can send it.
        guard signal.hasPath(upTo: limits.textPerCall) else { return }
        let header = SignalHeader(signal)
        // Nobody but libdbus can send with this interface.
        if header.interface == "org.freedesktop.DBus.Local" {
            if header.member == "Disconnected" { disconnected() }
            return
        }
        if header.sender == BusName.bus.string {
            switch header.member {
            case "NameOwnerChanged": names.ownerChanged(signal)
            case "NameLost": nameLost(signal)
            default: break
            }
        }
        subscriptions.deliver(signal, header, names)
    }

    func disconnected() {
        let notify = onDisconnect
        onDisconnect = nil
        close()
        notify?()
    }

    private func nameLost(_ signal: Message) {
        guard let onNameLost, let text = try? signal.read(String.self),
            let name = try? BusName(text)
        else { return }
        onNameLost(name)
    }
}
