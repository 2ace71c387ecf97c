import EventLoop
import TestSupport
import XCTest

final class DeadlineTests: XCTestCase {
    private struct Oops: Error {}

    func testValueAndErrorInTime() throws {
        try runLoop(virtualClock: true) {
            let timers = EventLoop.main.pendingTimers
            let value = try await withDeadline(EventLoop.main.now + .seconds(2)) {
                try await sleep(for: .seconds(1))
                return 5
            }
            XCTAssertEqual(value, 5)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
            do {
                try await withDeadline(.distantFuture) { throw Oops() }
                XCTFail("no error")
            } catch {
                XCTAssertTrue(error is Oops)
            }
        }
    }

    func testDeadlineCancelsTheBody() throws {
        try runLoop(virtualClock: true) {
            let deadline = EventLoop.main.now + .seconds(1)
            do {
                try await withDeadline(deadline) { try await sleep(for: .seconds(60)) }
                XCTFail("no error")
            } catch {
                XCTAssertEqual(error as? DeadlineExceeded, DeadlineExceeded(deadline: deadline))
            }
            XCTAssertEqual(EventLoop.main.now, deadline)
        }
    }

    func testBodyThatEndsAllTheSameIsHeard() throws {
        try runLoop(virtualClock: true) {
            let value = try await withDeadline(EventLoop.main.now + .seconds(1)) {
                try? await sleep(for: .seconds(60))
                return 6
            }
            XCTAssertEqual(value, 6)
        }
    }

    func testPastDeadlineDoesNotStartTheBody() throws {
        try runLoop(virtualClock: true) {
            do {
                try await withDeadline(EventLoop.main.now) { XCTFail("started") }
                XCTFail("no error")
            } catch {
                XCTAssertTrue(error is DeadlineExceeded)
            }
        }
    }

    func testCancellationOfTheCallerReachesTheBody() throws {
        try runLoop(virtualClock: true) {
            let start = EventLoop.main.now
            let task = EventLoop.main.spawn {
                try await withDeadline(start + .seconds(60)) {
                    try await sleep(for: .seconds(30))
                }
            }
            try await sleep(for: .seconds(1))
            task.cancel()
            let result = await task.result
            XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError) }
            XCTAssertEqual(EventLoop.main.now, start + .seconds(1))
        }
    }
}
