internal import EventLoop
internal import Glibc

extension DemuxTransport {
    // MARK: Sending

    func attempt(
        _ sending: inout Sending,
        for record: ExchangeRecord
    ) throws(TransportError) -> MonotonicInstant? {
        // What is here already cannot be an answer to what is sent now.
        if !record.hasSent { receiveMessages(limit: Self.messagesInQueue) }
        if let failure = record.failure { throw failure }
        guard let connection else {
            throw TransportError(operation: "send", kind: .linkDown, endpoint: record.address)
        }
        let packet = [record.address.endpoint.rawValue] + sending.message
        do throws(SystemCallError) {
            try systemCall("send") {
                Glibc.send(connection.descriptor, packet, packet.count, Int32(MSG_NOSIGNAL))
            }
        } catch {
            let giveUp = sending.since + Self.patience
            guard error.errno == .wouldBlock, EventLoop.main.now < giveUp else {
                counts.failedSends += 1
                throw giveUpSending(error, record)
            }
            counts.repeatedSends += 1
            sending.failures += 1
            connection.watch.interest = [.read, .write]
            return giveUp
        }
        record.noteSent()
        counts.sentMessages += 1
        observe(.sent, record.address.endpoint, sending.message)
        return nil
    }

    private func giveUpSending(
        _ error: SystemCallError,
        _ record: ExchangeRecord
    ) -> TransportError {
        let kind = TransportError.Kind(demux: error.errno)
        // Without room for a whole second, the daemon does not read: it is as good as gone.
        if kind == .linkDown { disconnect(kind, error.errno) }
        return TransportError(
            operation: error.operation,
            kind: kind,
            errno: error.errno,
            endpoint: record.address
        )
    }

    // MARK: Receiving

    func handle(_ readiness: Readiness) {
        if readiness.contains(.write) {
            connection?.watch.interest = .read
            for record in records.values.joined() { record.tryAgain() }
        }
        if !readiness.isDisjoint(with: [.read, .hangUp, .error]) {
            receiveMessages(limit: Self.messagesPerTurn)
        }
    }

    private func receiveMessages(limit: Int) {
        var left = limit
        while left > 0, let connection {
            left -= 1
            let length: Int
            do throws(SystemCallError) {
                length = try systemCall("receive") {
                    recv(
                        connection.descriptor,
                        buffer.baseAddress,
                        buffer.count,
                        Int32(MSG_TRUNC)
                    )
                }
            } catch {
                guard error.errno != .wouldBlock else { return }
                counts.receiveErrors += 1
                return disconnect(.linkDown, error.errno)
            }
            // The daemon never sends an empty packet: this is the end.
            guard length > 0 else { return disconnect(.linkDown, nil) }
            guard length <= buffer.count else {
                count(\.oversizedMessages, from: EndpointID(buffer[0]))
                continue
            }
            pause = Self.firstPause
            accept([UInt8](buffer[..<length]))
        }
    }

    private func accept(_ packet: [UInt8]) {
        guard let first = packet.first else { return }
        let source = EndpointID(first)
        let message = Array(packet.dropFirst())
        observe(.received, source, message)
        guard message.first == registration else {
            return count(\.unmatchedMessages, from: source)
        }
        let candidates = records[source]?.filter(\.hasSent) ?? []
        guard !candidates.isEmpty else { return count(\.lateMessages, from: source) }
        // A single exchange gets everything: its owner knows better what a strange answer means.
        let record =
            candidates.first { $0.matches(message) }
            ?? (candidates.count == 1 ? candidates.first : nil)
        guard let record else { return count(\.unmatchedMessages, from: source) }
        if record.deliver(.success(message)) {
            counts.receivedMessages += 1
        } else {
            count(\.oversizedMessages, from: source)
        }
    }

    private func observe(
        _ direction: CarriedMessage.Direction,
        _ endpoint: EndpointID,
        _ message: [UInt8]
    ) {
        tap?(
            CarriedMessage(
                direction,
                endpoint: EndpointAddress(network: .unspecified, endpoint: endpoint),
                tag: nil,
                bytes: message
            )
        )
    }

    /// Counts a message that is dropped.
    func count(
        _ reason: WritableKeyPath<TransportStatistics, UInt64>,
        from endpoint: EndpointID
    ) {
        counts[keyPath: reason] += 1
        droppedMessages[endpoint, default: 0] += 1
    }
}
