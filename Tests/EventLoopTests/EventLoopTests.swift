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
                    LoopActor.assertIsolated()
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
}
