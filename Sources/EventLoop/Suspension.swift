/// One task's wait for one event, ended by whichever comes first: the event, a deadline, cancellation.
///
/// Every wait of this module is one of these, so the rules of continuations (resume once, and not after
/// cancellation) are kept in one place. What the event brings is kept by whoever resumes: a generic type
/// would have its metadata looked up at every wait, which costs as much as the wait.
@LoopActor
final class Suspension {
    enum Outcome: Sendable {
        case resumed
        case timedOut
        case cancelled
    }

    private var outcome: Outcome?
    private var continuation: UnsafeContinuation<Outcome, Never>?
    private var timer: Timer?

    /// Ends the wait as the event came; ignored when it is over.
    func resume() {
        finish(.resumed)
    }

    /// Waits; at most once for each suspension.
    func wait(until deadline: MonotonicInstant = .distantFuture) async -> Outcome {
        if deadline != .distantFuture, outcome == nil {
            timer = EventLoop.main.schedule(at: deadline) { self.finish(.timedOut) }
        }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                if let outcome {
                    continuation.resume(returning: outcome)
                } else {
                    self.continuation = continuation
                }
            }
        } onCancel: {
            // At once on the loop's thread, so that a resource is free when `cancel()` returns.
            if EventLoop.main.isIsolatingCurrentContext() == true {
                LoopActor.assumeIsolated { finish(.cancelled) }
            } else {
                EventLoop.main.spawn { self.finish(.cancelled) }
            }
        }
    }

    private func finish(_ outcome: Outcome) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        timer?.cancel()
        timer = nil
        continuation?.resume(returning: outcome)
        continuation = nil
    }
}
