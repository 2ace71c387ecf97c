import EventLoop
import Glibc

/// Tells a person at a terminal that something is going on, once it has taken a second.
@LoopActor
enum Progress {
    /// Runs work; what has been done so far is asked for twice a second.
    static func show<Value: Sendable>(
        _ title: String,
        done: @escaping @LoopActor @Sendable () -> String = { "" },
        _ work: () async throws -> Value
    ) async throws -> Value {
        guard isatty(STDERR_FILENO) == 1 else { return try await work() }
        let start = EventLoop.main.now
        let ticker = EventLoop.main.spawn {
            try await sleep(for: .seconds(1))
            while true {
                let elapsed = (EventLoop.main.now - start).components.seconds
                write("\r\u{1B}[K\(title): \(done()) \(elapsed) s")
                try await sleep(for: .milliseconds(500))
            }
        }
        defer {
            ticker.cancel()
            write("\r\u{1B}[K")
        }
        return try await work()
    }

    private static func write(_ text: String) {
        try? Descriptor.write(Array(text.utf8), to: STDERR_FILENO, name: "standard error")
    }
}
