internal import EventLoop

/// Our own calls that wait for their replies, by serial.
///
/// Not libdbus's pending calls: these keep the loop's deadlines, and their completion in the order
/// of the messages.
@LoopActor
final class PendingReplies {
    typealias Completion = @LoopActor (Result<Message, DBusError>) -> Void

    private enum Waiter {
        /// A task that waits.
        case task(Promise<Message>)
        /// Something to be called while the message is delivered.
        case callback(Completion)
    }

    private var waiters: [UInt32: Waiter] = [:]
    private var slotsTaken = 0
    private var slotWaiters: [Promise<Void>] = []

    nonisolated init() {}

    func expect(_ serial: UInt32, _ promise: Promise<Message>) {
        waiters[serial] = .task(promise)
    }

    func expect(_ serial: UInt32, _ completion: @escaping Completion) {
        waiters[serial] = .callback(completion)
    }

    func forget(_ serial: UInt32) {
        waiters[serial] = nil
    }

    /// Hands a reply to whoever waits for it; one that nobody waits for is dropped.
    ///
    /// - Returns: Whether a task goes on because of it.
    func complete(_ reply: Message) -> Bool {
        guard let waiter = waiters.removeValue(forKey: reply.replySerial) else { return false }
        let result: Result<Message, DBusError> =
            reply.kind == .error ? .failure(reply.error) : .success(reply)
        return finish(waiter, result)
    }

    func failAll(_ error: DBusError) {
        let all = waiters.sorted { $0.key < $1.key }
        waiters = [:]
        for (_, waiter) in all { _ = finish(waiter, .failure(error)) }
    }

    private func finish(_ waiter: Waiter, _ result: Result<Message, DBusError>) -> Bool {
        switch waiter {
        case .task(let promise):
            promise.resolve(with: result.mapError { $0 })
            return true
        case .callback(let completion):
            completion(result)
            return false
        }
    }

    // MARK: The bus's limit

    /// Waits until one more call may be under way.
    ///
    /// - Throws: `DeadlineExceeded` or `CancellationError`; no slot is taken then.
    func takeSlot(of limit: Int, until deadline: MonotonicInstant) async throws {
        if slotsTaken < limit {
            slotsTaken += 1
            return
        }
        let turn = Promise<Void>()
        slotWaiters.append(turn)
        do {
            try await turn.value(until: deadline)
        } catch {
            // Handed over at the very moment of giving up: hand on.
            if turn.isResolved { releaseSlot() }
            slotWaiters.removeAll { $0 === turn }
            throw error
        }
    }

    func releaseSlot() {
        if slotWaiters.isEmpty {
            slotsTaken -= 1
        } else {
            slotWaiters.removeFirst().resolve()
        }
    }
}
