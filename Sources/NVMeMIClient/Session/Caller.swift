import EventLoop
import NVMeMI

/// Who waits for a command's result.
@LoopActor
final class Caller {
    let course: CourseID
    private var result: Result<Response, SessionError>?
    private var continuation: UnsafeContinuation<Void, Never>?

    init(_ course: CourseID) {
        self.course = course
    }

    func finish(_ result: Result<Response, SessionError>) {
        self.result = result
        continuation?.resume()
        continuation = nil
    }

    /// The result, as soon as it is there.
    ///
    /// - Parameter cancel: Called when the task that waits is cancelled; the result comes all the same.
    /// - Returns: The drive's response.
    /// - Throws: Why there is none.
    func result(
        onCancel cancel: @escaping @LoopActor @Sendable () -> Void
    ) async throws(SessionError) -> Response {
        if let result { return try result.get() }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                if result == nil {
                    self.continuation = continuation
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            // At once on the loop's thread, so that the command is given up when `cancel()` returns.
            if EventLoop.main.isIsolatingCurrentContext() == true {
                LoopActor.assumeIsolated(cancel)
            } else {
                EventLoop.main.spawn(cancel)
            }
        }
        guard let result else { throw .cancelled }
        return try result.get()
    }
}
