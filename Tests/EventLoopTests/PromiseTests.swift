import EventLoop
import TestSupport
import XCTest

final class PromiseTests: XCTestCase {
    func testEveryWaiterGetsTheFirstResolution() throws {
        try runLoop {
            let promise = Promise<Int>()
            let waiters = (0..<3).map { _ in
                EventLoop.main.spawn { try await promise.value }
            }
            try await sleep(for: .zero)
            XCTAssertTrue(promise.resolve(1))
            XCTAssertFalse(promise.resolve(2))
            XCTAssertFalse(promise.fail(CancellationError()))
            for waiter in waiters {
                let value = try await waiter.value
                XCTAssertEqual(value, 1)
            }
        }
    }
}
