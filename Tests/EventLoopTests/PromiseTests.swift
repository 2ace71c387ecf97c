import EventLoop
import TestSupport
import XCTest

final class PromiseTests: XCTestCase {
    private struct Oops: Error, Equatable {}

    func testEveryWaiterGetsTheFirstResolution() throws {
        try runLoop {
            let promise = Promise<Int>()
            let waiters = (0..<3).map { _ in
                EventLoop.main.spawn { try await promise.value }
            }
            try await sleep(for: .zero)
            XCTAssertFalse(promise.isResolved)
            XCTAssertTrue(promise.resolve(1))
            XCTAssertFalse(promise.resolve(2))
            XCTAssertFalse(promise.fail(Oops()))
            for waiter in waiters {
                let value = try await waiter.value
                XCTAssertEqual(value, 1)
            }
            let value = try await promise.value
            XCTAssertEqual(value, 1)
        }
    }

    func testErrorsReachEveryWaiter() throws {
        try runLoop {
            let promise = Promise<Void>()
            let waiter = EventLoop.main.spawn { try await promise.value }
            await Task.yield()
            promise.fail(Oops())
            XCTAssertFalse(promise.resolve())
            let result = await waiter.result
            XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? Oops, Oops()) }
        }
    }

    func testCancellationEndsOneWaitOnly() throws {
        try runLoop(virtualClock: true) {
            let promise = Promise<Int>()
            let impatient = EventLoop.main.spawn { try await promise.value }
            let patient = EventLoop.main.spawn { try await promise.value }
            try await sleep(for: .zero)
            impatient.cancel()
            let result = await impatient.result
            XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError) }
            promise.resolve(3)
            let value = try await patient.value
            XCTAssertEqual(value, 3)
        }
    }

    func testDeadlineEndsOneWaitOnly() throws {
        try runLoop(virtualClock: true) {
            let promise = Promise<Int>()
            let start = EventLoop.main.now
            let deadline = start + .seconds(2)
            do {
                _ = try await promise.value(until: deadline)
                XCTFail("nobody resolved it")
            } catch {
                XCTAssertEqual(error as? DeadlineExceeded, DeadlineExceeded(deadline: deadline))
            }
            XCTAssertEqual(EventLoop.main.now, deadline)
            let timers = EventLoop.main.pendingTimers
            EventLoop.main.schedule(after: .seconds(1)) { promise.resolve(4) }
            let value = try await promise.value(until: deadline + .seconds(2))
            XCTAssertEqual(value, 4)
            XCTAssertEqual(EventLoop.main.now, deadline + .seconds(1))
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
        }
    }

    func testWaitersFromOtherThreadsAreCancelledToo() throws {
        try runLoop {
            let promise = Promise<Int>()
            let waiter = EventLoop.main.spawn { try await promise.value }
            try await sleep(for: .zero)
            let canceller = Task.detached { waiter.cancel() }
            let result = await waiter.result
            XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError) }
            await canceller.value
        }
    }
}
