import EventLoop
import Foundation
import TestSupport
import XCTest

final class EventLoopTests: XCTestCase {
    private static var threads: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? -1
    }

    func testOneThreadUnderLoad() throws {
        let threads = Self.threads
        try runLoop {
            let gate = Promise<Int>()
            var ended = 0
            let tasks = (0..<1000).map { index in
                EventLoop.main.spawn {
                    try await sleep(for: .microseconds(index % 7))
                    let value = try await gate.value
                    try await withDeadline(EventLoop.main.now + .seconds(5)) {
                        try await sleep(for: .microseconds(value))
                    }
                    LoopActor.preconditionIsolated()
                    ended += 1
                }
            }
            try await sleep(for: .milliseconds(2))
            gate.resolve(1)
            for task in tasks { try await task.value }
            XCTAssertEqual(ended, 1000)
            XCTAssertEqual(Self.threads, threads)
        }
    }

    func testChildTasksAndConcurrentFunctionsStayOnTheThread() throws {
        let threads = Self.threads
        try runLoop {
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...100 {
                    group.addTask { try await Self.doubledLater(number) }
                }
                var sum = 0
                for try await number in group { sum += number }
                return sum
            }
            XCTAssertEqual(sum, 10100)
            XCTAssertEqual(Self.threads, threads)
        }
    }

    @LoopActor
    private static func doubledLater(_ number: Int) async throws -> Int {
        try await sleep(for: .microseconds(number))
        return await doubled(number)
    }

    @concurrent
    private static func doubled(_ number: Int) async -> Int {
        XCTAssertEqual(EventLoop.main.isIsolatingCurrentContext(), true)
        return 2 * number
    }

    func testJobThatNeverEndsStarvesNeitherTimersNorDescriptors() throws {
        try runLoop {
            let pipe = try TestPipe()
            var found = false
            let watch = try EventLoop.main.watch(pipe.reading, for: .read) { _ in found = true }
            defer { watch.cancel() }
            let busy = EventLoop.main.spawn {
                while !Task.isCancelled { await Task.yield() }
            }
            try await sleep(for: .milliseconds(1))
            pipe.write([1])
            while !found { await Task.yield() }
            busy.cancel()
            await busy.value
        }
    }

    func testHookThatAlwaysHasMoreStarvesNobody() throws {
        try runLoop {
            var calls = 0
            let hook = EventLoop.main.beforeSleep {
                calls += 1
                return true
            }
            try await sleep(for: .milliseconds(1))
            XCTAssertGreaterThan(calls, 1)
            hook.cancel()
            await Task.yield()
            XCTAssertTrue(hook.isCancelled)
            let before = calls
            try await sleep(for: .milliseconds(1))
            XCTAssertEqual(calls, before)
        }
    }

    func testHookRunsAfterJobsAndItsJobsRunBeforeSleep() throws {
        try runLoop(virtualClock: true) {
            var events: [String] = []
            let start = EventLoop.main.now
            let hook = EventLoop.main.beforeSleep {
                guard events == ["job"] else { return false }
                events.append("hook")
                EventLoop.main.spawn { events.append("job of hook") }
                return false
            }
            defer { hook.cancel() }
            EventLoop.main.spawn { events.append("job") }
            let timer = EventLoop.main.schedule(after: .seconds(1)) { events.append("timer") }
            try await sleep(for: .seconds(1))
            XCTAssertFalse(timer.isPending)
            XCTAssertEqual(events, ["job", "hook", "job of hook", "timer"])
            XCTAssertEqual(EventLoop.main.now - start, .seconds(1))
        }
    }

    func testLoopSleepsAtRest() throws {
        try runLoop {
            var turns = 0
            let hook = EventLoop.main.beforeSleep {
                turns += 1
                return false
            }
            defer { hook.cancel() }
            let quiet = Promise<Void>()
            let alarm = try MachineAlarm(after: .milliseconds(50)) { quiet.resolve() }
            defer { alarm.cancel() }
            try await quiet.value
            // One turn to fall asleep and one in which the alarm wakes it.
            XCTAssertLessThanOrEqual(turns, 3)
        }
    }

    func testOtherThreadsReachTheLoop() throws {
        XCTAssertEqual(EventLoop.main.isIsolatingCurrentContext(), true)
        try runLoop {
            let arrived = Promise<String>()
            let thread = Thread {
                XCTAssertEqual(EventLoop.main.isIsolatingCurrentContext(), false)
                EventLoop.main.spawn {
                    LoopActor.preconditionIsolated()
                    arrived.resolve("from another thread")
                }
            }
            thread.start()
            let value = try await arrived.value
            XCTAssertEqual(value, "from another thread")
        }
    }

    func testTasksOfOtherExecutorsReachTheLoop() throws {
        try runLoop {
            let task = Task.detached {
                await LoopActor.run { EventLoop.main.isIsolatingCurrentContext() }
            }
            let isIsolated = await task.value
            XCTAssertEqual(isIsolated, true)
        }
    }

    func testAssumeIsolatedPassesValuesAndErrors() throws {
        struct Oops: Error, Equatable {}
        try runLoop {
            @Sendable nonisolated func plain(_ fails: Bool) throws(Oops) -> Int {
                try LoopActor.assumeIsolated { () throws(Oops) in
                    if fails { throw Oops() }
                    return EventLoop.main.now.nanoseconds > 0 ? 7 : 0
                }
            }
            XCTAssertEqual(try plain(false), 7)
            XCTAssertThrowsError(try plain(true)) { XCTAssertEqual($0 as? Oops, Oops()) }
        }
    }

    func testStopBeforeRunIsNotLost() {
        EventLoop.main.stop()
        EventLoop.main.run()
    }

    func testRunLoopGivesUpOnBodiesThatHang() throws {
        XCTAssertThrowsError(
            try runLoop(virtualClock: true, limit: .milliseconds(10)) {
                try await Promise<Void>().value
            }
        ) { XCTAssertTrue($0 is RunLoopTimedOut) }
        try runLoop {}
    }
}
