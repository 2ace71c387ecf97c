internal import EventLoop

/// An exchange for a task that waits for what happens in it.
///
/// The carrier does not hold it, only its inbox, so that letting go of an exchange ends it.
@LoopActor
final class AwaitedExchange: Exchange {
    private let exchange: any OpenExchange
    private let inbox: Inbox
    private let address: EndpointAddress
    private var isEnded = false

    init(_ exchange: any OpenExchange, _ inbox: Inbox, with address: EndpointAddress) {
        self.exchange = exchange
        self.inbox = inbox
        self.address = address
    }

    isolated deinit {
        end()
    }

    var outlivesFirstAnswer: Bool { exchange.outlivesFirstAnswer }

    func send(_ message: [UInt8]) async throws(TransportError) {
        if isEnded { throw closedError("send") }
        if try exchange.send(message) { return }
        do {
            try await inbox.transmission(to: address)
        } catch {
            // Nobody waits any more for what has not been sent.
            if error.kind == .cancelled { exchange.stopSending() }
            throw error
        }
    }

    func receive(until deadline: MonotonicInstant) async throws(TransportError) -> [UInt8] {
        if isEnded { throw closedError("wait for the answer") }
        return try await inbox.receive(until: deadline, from: address)
    }

    func end() { end(nil) }

    func end(answersMayCome: Bool) { end(answersMayCome) }

    private func end(_ answersMayCome: Bool?) {
        guard !isEnded else { return }
        isEnded = true
        exchange.end(answersMayCome: answersMayCome)
        inbox.broke(closedError("wait for the answer"))
    }

    private func closedError(_ operation: String) -> TransportError {
        TransportError(operation: operation, kind: .closed, endpoint: address)
    }
}

extension Transport {
    /// Begins an exchange for a task that waits for what happens in it.
    ///
    /// - Parameters:
    ///   - address: Whom to talk to.
    ///   - type: The type of all its messages.
    ///   - matches: Whether a message can belong to this exchange. Asked only when several exchanges are
    ///     open that the carrier cannot tell apart by a tag.
    /// - Returns: The exchange; it has to be ended.
    /// - Throws: ``TransportError`` when it cannot begin.
    public func begin(
        to address: EndpointAddress,
        type: MessageType,
        matches: @escaping @LoopActor ([UInt8]) -> Bool
    ) throws(TransportError) -> any Exchange {
        let inbox = Inbox(matches: matches)
        return AwaitedExchange(
            try begin(to: address, type: type, owner: inbox),
            inbox,
            with: address
        )
    }
}
