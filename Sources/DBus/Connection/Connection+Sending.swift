internal import CDBus
public import EventLoop

extension Connection {
    /// Queues a message; libdbus writes it at once if the socket takes it.
    ///
    /// - Returns: Its serial; nil when it could not be queued.
    @discardableResult
    func send(_ message: OutgoingMessage) -> UInt32? {
        guard let raw else { return nil }
        var serial: UInt32 = 0
        guard dbus_connection_send(raw, message.raw, &serial) != 0 else { return nil }
        let size = outgoingSize
        mayBeCongested = size > limits.outgoingSize
        if size > 0 { watchOutgoing() }
        if size > limits.maximumOutgoingSize {
            // The bus has not read for a long time. Going on would take all memory; leaving out
            // messages would let clients believe in what is no longer so.
            EventLoop.main.spawn {
                self.giveUp("\(size) bytes wait for the bus to take them")
            }
        }
        return serial
    }

    /// Bytes that wait for the bus to read them.
    public var outgoingSize: Int {
        guard let raw else { return 0 }
        return Int(dbus_connection_get_outgoing_size(raw))
    }

    /// Whether the bus is behind with reading.
    var isCongested: Bool {
        guard mayBeCongested, let raw else { return false }
        // A bus that has gone away reads nothing more; its end is the next message.
        mayBeCongested =
            outgoingSize > limits.outgoingSize && dbus_connection_get_is_connected(raw) != 0
        return mayBeCongested
    }

    /// Waits until all that was sent so far has left the process, noted property changes included.
    ///
    /// - Parameter deadline: When to give up.
    public func flush(_ deadline: MonotonicInstant) async {
        objects.tellChanges()
        guard let raw, dbus_connection_has_messages_to_send(raw) != 0 else { return }
        let sent = Promise<Void>()
        flushWaiters.append(sent)
        try? await sent.value(until: deadline)
        flushWaiters.removeAll { $0 === sent }
    }

    // MARK: A bus that takes nothing

    /// Looks from time to time whether what waits gets less, until nothing waits.
    private func watchOutgoing() {
        guard outgoingTimer == nil else { return }
        events?.lastWrite = EventLoop.main.now
        isStallTold = false
        lookAtOutgoingLater()
    }

    private func lookAtOutgoingLater() {
        let pause = min(limits.stallUntilTold, limits.stallUntilEnd) / 4
        outgoingTimer = EventLoop.main.schedule(afterSilence: pause) { self.lookAtOutgoing() }
    }

    private func lookAtOutgoing() {
        outgoingTimer = nil
        guard let raw, let events, dbus_connection_get_is_connected(raw) != 0 else { return }
        let size = outgoingSize
        guard size > 0 else { return }
        let stall = events.lastWrite.duration(to: EventLoop.main.now)
        if stall >= limits.stallUntilEnd {
            return giveUp("the bus has taken nothing for \(stall.wholeSeconds) s")
        }
        if stall < limits.stallUntilTold {
            isStallTold = false
        } else if !isStallTold {
            isStallTold = true
            onProblem?(
                "the bus has taken nothing for \(stall.wholeSeconds) s; \(size) bytes wait, and calls are "
                    + "not answered"
            )
        }
        lookAtOutgoingLater()
    }

    /// Ends a connection that cannot be used any more, as if the bus had.
    func giveUp(_ reason: String) {
        guard isOpen else { return }
        onProblem?("\(reason): the connection is given up")
        disconnected()
    }
}

extension Duration {
    /// Without the fraction.
    fileprivate var wholeSeconds: Int64 { components.seconds }
}
