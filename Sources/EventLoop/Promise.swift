/// A value that will be known later, and that any number of tasks can wait for.
@LoopActor
public final class Promise<Value: Sendable> {
    private var result: Result<Value, any Error>?
    private var waiters: [Suspension] = []

    /// A promise that is not yet resolved.
    public nonisolated init() {}

    /// Whether it is resolved.
    public var isResolved: Bool { result != nil }

    /// Resolves it with a value.
    ///
    /// - Parameter value: What everybody who waits gets.
    /// - Returns: Whether this was the first resolution; later ones change nothing.
    @discardableResult
    public func resolve(_ value: Value) -> Bool {
        resolve(with: .success(value))
    }

    /// Resolves it with an error.
    ///
    /// - Parameter error: What everybody who waits gets thrown.
    /// - Returns: Whether this was the first resolution; later ones change nothing.
    @discardableResult
    public func fail(_ error: any Error) -> Bool {
        resolve(with: .failure(error))
    }

    /// Resolves it with a value or an error.
    ///
    /// - Parameter result: What everybody who waits gets.
    /// - Returns: Whether this was the first resolution; later ones change nothing.
    @discardableResult
    public func resolve(with result: Result<Value, any Error>) -> Bool {
        guard self.result == nil else { return false }
        self.result = result
        let waiters = waiters
        self.waiters = []
        for waiter in waiters { waiter.resume() }
        return true
    }

    /// Waits for the value.
    ///
    /// Throws the error that it was resolved with, or `CancellationError` as soon as the waiting task is
    /// cancelled; the promise and its other waiters stay as they are.
    public var value: Value {
        get async throws { try await value(until: .distantFuture) }
    }

    /// Waits for the value, but not beyond a deadline.
    ///
    /// - Parameter deadline: When to give up.
    /// - Returns: The value.
    /// - Throws: The error that it was resolved with, ``DeadlineExceeded``, or `CancellationError` as soon
    ///   as the waiting task is cancelled; the promise and its other waiters stay as they are.
    public func value(until deadline: MonotonicInstant) async throws -> Value {
        while true {
            if let result { return try result.get() }
            let waiter = Suspension()
            waiters.append(waiter)
            switch await waiter.wait(until: deadline) {
            case .resumed:
                // The result is there.
                continue
            case .timedOut:
                forget(waiter)
                throw DeadlineExceeded(deadline: deadline)
            case .cancelled:
                forget(waiter)
                throw CancellationError()
            }
        }
    }

    private func forget(_ waiter: Suspension) {
        waiters.removeAll { $0 === waiter }
    }
}

extension Promise where Value == Void {
    /// Resolves a promise that stands for an event only.
    ///
    /// - Returns: Whether this was the first resolution; later ones change nothing.
    @discardableResult
    public func resolve() -> Bool {
        resolve(with: .success(()))
    }
}
