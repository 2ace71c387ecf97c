import EventLoop
import Logging
import TestSupport
import XCTest

@testable import nvmemid

final class WatchdogTests: XCTestCase {
    private struct Deaf: Error {}

    /// Lets a watchdog of a minute run for an hour; how often it was fed after each probe, by what came of
    /// that.
    private func fedInAnHour(
        _ probe: @escaping @LoopActor @Sendable (Int, Duration) async throws -> Void
    ) throws -> (probes: Int, fed: Int) {
        try runLoop(virtualClock: true) {
            var (probes, fed) = (0, 0)
            let watchdog = Watchdog(
                interval: .seconds(60),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { limit in
                probes += 1
                try await probe(probes, limit)
            } feed: {
                fed += 1
            }
            let run = EventLoop.main.spawn { await watchdog.run() }
            try await sleep(for: .seconds(3600) - .seconds(1))
            run.cancel()
            await run.value
            return (probes, fed)
        }
    }

    func testFedWhileItServes() throws {
        let (probes, fed) = try fedInAnHour { _, _ in }
        XCTAssertEqual(probes, 180)
        XCTAssertEqual(fed, 180)
    }

    func testNotFedWhileItDoesNotServe() throws {
        XCTAssertEqual(try fedInAnHour { _, _ in throw Deaf() }.fed, 0)
        // As long as an answer may take, one after another.
        let late = try fedInAnHour { _, limit in
            try await sleep(for: limit)
            throw Deaf()
        }
        XCTAssertEqual(late.fed, 0)
        XCTAssertEqual(late.probes, 180)
        XCTAssertEqual(try fedInAnHour { number, _ in if number > 10 { throw Deaf() } }.fed, 10)
    }

    func testTwoProbesMayFail() throws {
        let (_, fed) = try fedInAnHour { number, _ in if number % 3 != 0 { throw Deaf() } }
        XCTAssertEqual(fed, 60)
    }
}
