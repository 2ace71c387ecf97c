/// Something was not done in time.
public struct DeadlineExceeded: Error, Hashable, Sendable, CustomStringConvertible {
    /// When it should have been done.
    public let deadline: MonotonicInstant

    /// An error for a missed `deadline`.
    public init(deadline: MonotonicInstant) {
        self.deadline = deadline
    }

    /// What happened, in words.
    public var description: String { "the deadline has passed" }
}

/// Gives `body` until `deadline`.
///
/// At the deadline `body` is cancelled, and the call returns when it has ended: nothing of it goes on
/// unseen. A body that ends with a value all the same has done its work, and the value is returned.
///
/// - Parameters:
///   - deadline: When `body` has to be done.
///   - body: Runs as a task of its own on the loop; cancelled with the caller.
/// - Returns: What `body` returns.
/// - Throws: ``DeadlineExceeded`` when `body` was cancelled by the deadline, else what `body` throws.
@LoopActor
public func withDeadline<Value: Sendable>(
    _ deadline: MonotonicInstant,
    _ body: @escaping @LoopActor @Sendable () async throws -> Value
) async throws -> Value {
    guard EventLoop.main.now < deadline else { throw DeadlineExceeded(deadline: deadline) }
    let task = EventLoop.main.spawn(body)
    let timer = EventLoop.main.schedule(at: deadline) { task.cancel() }
    defer { timer.cancel() }
    do {
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    } catch {
        let isExpired = !timer.isPending && deadline != .distantFuture
        throw isExpired ? DeadlineExceeded(deadline: deadline) : error
    }
}
