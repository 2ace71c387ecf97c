/// The isolation of everything that lives on the daemon's one thread.
///
/// Its executor is ``EventLoop/main``: code isolated to `LoopActor` runs on the thread that runs that
/// loop, never in parallel with other such code, and a call between two `LoopActor` functions is a plain call.
@globalActor
public actor LoopActor {
    /// The one instance that stands for the isolation.
    public static let shared = LoopActor()

    /// The executor of the isolation: the process's event loop.
    public static var sharedUnownedExecutor: UnownedSerialExecutor {
        EventLoop.main.asUnownedSerialExecutor()
    }

    /// The executor of the instance: the process's event loop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        EventLoop.main.asUnownedSerialExecutor()
    }

    private init() {}

    /// Runs `body` as `LoopActor` code from a context that the compiler cannot see to be on the loop's
    /// thread: C callbacks and `main`.
    ///
    /// Being on another thread is a programming error and stops the process.
    ///
    /// - Parameter body: What to run; it runs at once, on the calling thread.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func assumeIsolated<Success, Failure: Error>(
        _ body: @LoopActor () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        EventLoop.main.checkIsolated()
        // A custom global actor has no `assumeIsolated` of its own. Isolation is part of a closure's type
        // but not of its representation, so the cast only takes the name off.
        typealias Isolated = @LoopActor () throws(Failure) -> Success
        typealias Plain = () throws(Failure) -> Success
        let result: Result<Success, Failure> = withoutActuallyEscaping(body) {
            (isolated: @escaping Isolated) in
            let plain = unsafeBitCast(isolated, to: Plain.self)
            do throws(Failure) {
                return .success(try plain())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Runs `body` on the loop's thread and waits for it.
    ///
    /// - Parameter body: What to run.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func run<Success: Sendable, Failure: Error>(
        _ body: @LoopActor @Sendable () throws(Failure) -> Success
    ) async throws(Failure) -> Success {
        try await body()
    }
}
