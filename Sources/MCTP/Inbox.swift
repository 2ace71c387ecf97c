internal import EventLoop

/// The messages that have arrived for one exchange and the task that waits for them.
@LoopActor
final class Inbox {
    /// An honest endpoint sends two or three: More Processing Required and the result.
    static let capacity = 8

    private var arrived: [Result<[UInt8], TransportError>] = []
    private(set) var failure: TransportError?
    private var arrival: Promise<Void>?

    /// Puts a message, or the reason why it is missing, in line.
    ///
    /// - Returns: Whether there was room.
    func deliver(_ message: Result<[UInt8], TransportError>) -> Bool {
        guard arrived.count < Self.capacity, failure == nil else { return false }
        arrived.append(message)
        wakeReader()
        return true
    }

    /// Makes every wait fail once the messages that have arrived are read.
    func fail(_ error: TransportError) {
        guard failure == nil else { return }
        failure = error
        wakeReader()
    }

    /// Throws what has arrived away and says how much it was.
    func discard() -> Int {
        defer { arrived = [] }
        return arrived.count
    }

    /// Waits for the next message.
    func receive(
        until deadline: MonotonicInstant,
        from endpoint: EndpointAddress
    ) async throws(TransportError) -> [UInt8] {
        while true {
            if !arrived.isEmpty { return try arrived.removeFirst().get() }
            if let failure { throw failure }
            let arrival = arrival ?? Promise<Void>()
            self.arrival = arrival
            do {
                try await arrival.value(until: deadline)
            } catch {
                throw TransportError(
                    operation: "wait for the answer",
                    kind: error is DeadlineExceeded ? .timedOut : .cancelled,
                    endpoint: endpoint
                )
            }
        }
    }

    private func wakeReader() {
        arrival?.resolve()
        arrival = nil
    }
}
