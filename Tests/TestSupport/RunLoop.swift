internal import EventLoop

/// The body of ``runLoop(virtualClock:limit:_:)`` did not end in time.
public struct RunLoopTimedOut: Error, CustomStringConvertible {
    /// How long it had, on the machine's clock.
    public let limit: Duration

    /// What happened, in words.
    public var description: String { "the test was still running after \(limit)" }
}

/// Runs the event loop on the calling thread until `body` has ended: how a synchronous test method runs
/// asynchronous code.
///
/// What the body leaves behind (timers, watches) stays for the next call, unless it failed.
///
/// - Parameters:
///   - virtualClock: Whether the loop's time stands still while there is something to do and jumps to the
///     next timer when there is not. For tests without other processes: time does not wait for those.
///   - limit: After this time on the machine's clock the body is cancelled, and abandoned if that does not help.
///   - body: What to run on the loop.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or ``RunLoopTimedOut``.
@discardableResult
public func runLoop<Value: Sendable>(
    virtualClock: Bool = false,
    limit: Duration = .seconds(30),
    _ body: @escaping @LoopActor @Sendable () async throws -> Value
) throws -> Value {
    let run = TestRun<Value>(limit: limit)
    EventLoop.main.spawn {
        if virtualClock { EventLoop.main.useVirtualClock() }
        await run.perform(body)
        EventLoop.main.useMachineClock()
        EventLoop.main.stop()
    }
    EventLoop.main.run()
    return try LoopActor.assumeIsolated {
        if case .failure = run.result { EventLoop.main.discardLeftovers() }
        return try run.result.get()
    }
}

/// One call of ``runLoop(virtualClock:limit:_:)``.
@LoopActor
private final class TestRun<Value: Sendable> {
    private let limit: Duration
    private let ended = Promise<Void>()
    private(set) var result: Result<Value, any Error>

    nonisolated init(limit: Duration) {
        self.limit = limit
        result = .failure(RunLoopTimedOut(limit: limit))
    }

    func perform(_ body: @escaping @LoopActor @Sendable () async throws -> Value) async {
        var isTimedOut = false
        let task = EventLoop.main.spawn {
            let result: Result<Value, any Error>
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            if !isTimedOut { self.result = result }
            self.ended.resolve()
        }
        do {
            let alarm = try MachineAlarm(after: limit) {
                isTimedOut = true
                task.cancel()
            }
            // A body that does not heed its cancellation is left behind.
            let lastResort = try MachineAlarm(after: limit + .seconds(1)) { self.ended.resolve() }
            try await ended.value
            alarm.cancel()
            lastResort.cancel()
        } catch {
            result = .failure(error)
        }
    }
}
