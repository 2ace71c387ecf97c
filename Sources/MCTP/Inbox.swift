internal import EventLoop

/// The messages that have arrived for one exchange and the task that waits for them.
@LoopActor
final class Inbox: ExchangeOwner {
    /// An honest endpoint sends two or three: More Processing Required and the result.
    static let capacity = 8

    private let isOurs: @LoopActor ([UInt8]) -> Bool
    private var unread: [Result<[UInt8], TransportError>] = []
    private var failure: TransportError?
    private var arrival: Promise<Void>?
    private var transmission: Promise<Void>?

    init(matches: @escaping @LoopActor ([UInt8]) -> Bool) {
        isOurs = matches
    }

    func matches(_ message: [UInt8]) -> Bool { isOurs(message) }

    func sent() {
        transmission?.resolve()
        transmission = nil
    }

    func notSent(_ error: TransportError) {
        transmission?.fail(error)
        transmission = nil
    }

    func arrived(_ message: Result<[UInt8], TransportError>) -> Bool {
        guard unread.count < Self.capacity, failure == nil else { return false }
        unread.append(message)
        wakeReader()
        return true
    }

    /// Makes every wait fail once the messages that have arrived are read.
    func broke(_ error: TransportError) {
        guard failure == nil else { return }
        failure = error
        notSent(error)
        wakeReader()
    }

    func discard() -> Int {
        defer { unread = [] }
        return unread.count
    }

    /// Waits until a message is sent that could not be sent at once.
    func transmission(to endpoint: EndpointAddress) async throws(TransportError) {
        let transmission = Promise<Void>()
        self.transmission = transmission
        do {
            try await transmission.value
        } catch {
            throw error as? TransportError
                ?? TransportError(operation: "send", kind: .cancelled, endpoint: endpoint)
        }
    }

    /// Waits for the next message.
    func receive(
        until deadline: MonotonicInstant,
        from endpoint: EndpointAddress
    ) async throws(TransportError) -> [UInt8] {
        while true {
            if !unread.isEmpty { return try unread.removeFirst().get() }
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
