import EventLoop
import Logging

/// Tells the service manager again and again that the daemon serves, and only if it does.
///
/// A loop that runs is not enough: what is told follows from a probe, a call that takes the way of everybody's.
@LoopActor
final class Watchdog {
    /// Probes in the time after which the manager acts: two may fail.
    private static let probesPerInterval = 3

    private let period: Duration
    private let probe: @LoopActor @Sendable (Duration) async throws -> Void
    private let feed: @LoopActor @Sendable () -> Void
    private let logger: Logger

    /// A watchdog that is not fed yet.
    ///
    /// - Parameters:
    ///   - interval: How often it has to be fed at least.
    ///   - logger: Is told when it is not.
    ///   - probe: Returns if the daemon serves, within the time that it is given.
    ///   - feed: Tells so.
    init(
        interval: Duration,
        logger: Logger,
        probe: @escaping @LoopActor @Sendable (Duration) async throws -> Void,
        feed: @escaping @LoopActor @Sendable () -> Void
    ) {
        period = interval / Self.probesPerInterval
        self.logger = logger
        self.probe = probe
        self.feed = feed
    }

    /// Probes until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let next = EventLoop.main.now + period
            do {
                try await probe(period)
                feed()
            } catch {
                if Task.isCancelled { return }
                logger.warning(
                    "the bus does not pass on our own call: the watchdog is not fed",
                    metadata: ["error": "\(error)"]
                )
            }
            try? await sleep(until: next)
        }
    }
}
