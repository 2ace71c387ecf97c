/// Waits until `deadline`.
///
/// - Parameter deadline: When to go on; an instant in the past still lets other work run first.
/// - Throws: `CancellationError` as soon as the task is cancelled.
@LoopActor
public func sleep(until deadline: MonotonicInstant) async throws(CancellationError) {
    let outcome = await Suspension().wait(until: deadline)
    if case .cancelled = outcome { throw CancellationError() }
}

/// Waits for `duration`.
///
/// - Parameter duration: How long; zero or less still lets other work run first.
/// - Throws: `CancellationError` as soon as the task is cancelled.
@LoopActor
public func sleep(for duration: Duration) async throws(CancellationError) {
    try await sleep(until: EventLoop.main.now.advanced(by: duration))
}
