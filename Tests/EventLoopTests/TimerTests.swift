import EventLoop
import TestSupport
import XCTest

import class EventLoop.Timer

final class TimerTests: XCTestCase {
    func testTimersRunInOrderOfDeadlineThenOfMaking() throws {
        try runLoop(virtualClock: true) {
            var order: [Int] = []
            let start = EventLoop.main.now
            for (index, delay) in [30, 10, 20, 10, 0].enumerated() {
                EventLoop.main.schedule(after: .milliseconds(delay)) { order.append(index) }
            }
            try await sleep(until: start + .milliseconds(30))
            XCTAssertEqual(order, [4, 1, 3, 2, 0])
            XCTAssertEqual(EventLoop.main.now - start, .milliseconds(30))
        }
    }

    func testAThousandTimersWithRandomCancellation() throws {
        try runLoop(virtualClock: true) {
            var random = SeededGenerator(seed: 1)
            var fired: [(deadline: MonotonicInstant, index: Int)] = []
            var timers: [Timer] = []
            let waiting = EventLoop.main.pendingTimers
            for index in 0..<1000 {
                let deadline =
                    EventLoop.main.now + .milliseconds(Int.random(in: 0...99, using: &random))
                timers.append(
                    EventLoop.main.schedule(at: deadline) { fired.append((deadline, index)) }
                )
            }
            var cancelled: Set<Int> = []
            for _ in 0..<400 {
                let index = Int.random(in: 0..<1000, using: &random)
                timers[index].cancel()
                cancelled.insert(index)
            }
            XCTAssertEqual(EventLoop.main.pendingTimers - waiting, 1000 - cancelled.count)
            try await sleep(for: .milliseconds(100))
            XCTAssertEqual(fired.count, 1000 - cancelled.count)
            XCTAssertTrue(cancelled.isDisjoint(with: fired.map(\.index)))
            for (earlier, later) in zip(fired, fired.dropFirst()) {
                XCTAssertTrue(
                    (earlier.deadline, earlier.index) < (later.deadline, later.index)
                )
            }
            XCTAssertEqual(EventLoop.main.pendingTimers, waiting)
        }
    }

    func testTimersCancelEachOther() throws {
        try runLoop(virtualClock: true) {
            var fired: [String] = []
            var second: Timer?
            EventLoop.main.schedule(after: .milliseconds(1)) {
                fired.append("first")
                second?.cancel()
                second?.cancel()
            }
            second = EventLoop.main.schedule(after: .milliseconds(1)) { fired.append("second") }
            try await sleep(for: .milliseconds(2))
            XCTAssertEqual(fired, ["first"])
        }
    }

    func testTimerThatRenewsItselfWithoutDelayStarvesNobody() throws {
        try runLoop {
            var count = 0
            let found = Promise<Int>()
            @LoopActor func renew() {
                count += 1
                if count < 10_000, !found.isResolved {
                    EventLoop.main.schedule(after: .zero, renew)
                }
            }
            renew()
            let pipe = try TestPipe()
            let watch = try EventLoop.main.watch(pipe.reading, for: .read) { _ in
                found.resolve(count)
            }
            defer { watch.cancel() }
            pipe.write([1])
            let countWhenFound = try await found.value
            XCTAssertLessThan(countWhenFound, 10_000)
        }
    }

    func testTimeInWhichTheLoopStoodStillIsNobodysSilence() throws {
        try runLoop(virtualClock: true) {
            let start = EventLoop.main.now
            var ends: [String: Duration] = [:]
            EventLoop.main.schedule(after: .seconds(5)) {
                ends["clock"] = EventLoop.main.now - start
            }
            EventLoop.main.schedule(afterSilence: .seconds(5)) {
                ends["short"] = EventLoop.main.now - start
            }
            EventLoop.main.schedule(afterSilence: .seconds(50)) {
                ends["not due"] = EventLoop.main.now - start
            }
            EventLoop.main.standStill(for: .seconds(12))
            try await sleep(for: .seconds(100))
            // Seven seconds late: once more no longer than it was to wait at all.
            XCTAssertEqual(
                ends,
                ["clock": .seconds(12), "short": .seconds(17), "not due": .seconds(50)]
            )
        }
    }

    func testMereLatenessOfALoopChangesNothing() throws {
        try runLoop(virtualClock: true) {
            let start = EventLoop.main.now
            var end: Duration?
            let timer = EventLoop.main.schedule(afterSilence: .seconds(5)) {
                end = EventLoop.main.now - start
            }
            EventLoop.main.standStill(for: .seconds(6))
            try await sleep(for: .zero)
            XCTAssertEqual(end, .seconds(6))
            XCTAssertFalse(timer.isPending)
        }
    }

    func testTimerThatWaitsOnceMoreCanBeCancelled() throws {
        try runLoop(virtualClock: true) {
            let waiting = EventLoop.main.pendingTimers
            let timer = EventLoop.main.schedule(afterSilence: .seconds(5)) { XCTFail("came") }
            EventLoop.main.standStill(for: .seconds(12))
            try await sleep(for: .seconds(1))
            XCTAssertTrue(timer.isPending)
            timer.cancel()
            XCTAssertEqual(EventLoop.main.pendingTimers, waiting)
            try await sleep(for: .seconds(100))
        }
    }

    func testDistantFutureKeepsNoTimer() throws {
        try runLoop(virtualClock: true) {
            let waiting = EventLoop.main.pendingTimers
            let timer = EventLoop.main.schedule(at: .distantFuture) { XCTFail("came") }
            XCTAssertEqual(EventLoop.main.pendingTimers, waiting)
            timer.cancel()
            XCTAssertFalse(timer.isPending)
        }
    }

    func testSleepEndsAtOnceWhenCancelled() throws {
        try runLoop(virtualClock: true) {
            let start = EventLoop.main.now
            let waiting = EventLoop.main.pendingTimers
            let sleeper = EventLoop.main.spawn { try await sleep(for: .seconds(60)) }
            try await sleep(for: .seconds(1))
            XCTAssertEqual(EventLoop.main.pendingTimers, waiting + 1)
            sleeper.cancel()
            XCTAssertEqual(EventLoop.main.pendingTimers, waiting)
            let result = await sleeper.result
            XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError) }
            XCTAssertEqual(EventLoop.main.now - start, .seconds(1))
        }
    }

    func testSleepInACancelledTaskDoesNotSleep() throws {
        try runLoop(virtualClock: true) {
            let start = EventLoop.main.now
            let sleeper = EventLoop.main.spawn { try await sleep(for: .seconds(60)) }
            sleeper.cancel()
            let result = await sleeper.result
            XCTAssertThrowsError(try result.get())
            XCTAssertEqual(EventLoop.main.now, start)
        }
    }

    func testInstantsSaturate() {
        let late = MonotonicInstant(nanoseconds: .max - 5)
        XCTAssertEqual(late + .seconds(1), .distantFuture)
        XCTAssertEqual(late - .seconds(-1), .distantFuture)
        let early = MonotonicInstant(nanoseconds: .min + 5)
        XCTAssertEqual((early - .seconds(1)).nanoseconds, .min)
        XCTAssertEqual((early + .seconds(-1)).nanoseconds, .min)
        XCTAssertEqual(Duration.seconds(Int64.max).wholeNanoseconds, .max)
        XCTAssertEqual(Duration.seconds(Int64.min).wholeNanoseconds, .min)
        XCTAssertEqual(Duration.milliseconds(-1500).wholeNanoseconds, -1_500_000_000)
        XCTAssertEqual(late - early, .nanoseconds(Int64.max - 5) - .nanoseconds(Int64.min + 5))
    }
}
