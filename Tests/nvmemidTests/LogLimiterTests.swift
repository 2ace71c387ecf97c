import XCTest

@testable import nvmemid

final class LogLimiterTests: XCTestCase {
    private static let second: Int64 = 1_000_000_000

    func testBurstThenSomeInASecond() {
        var limiter = LogLimiter()
        let atOnce = (0..<1000).compactMap { _ in limiter.admit("late", at: 0) }
        XCTAssertEqual(atOnce, Array(repeating: 0, count: 20))
        // A flood of a minute, a thousand entries a second.
        var written = 0
        var told = 0
        for millisecond in Int64(1)...60_000 {
            guard let before = limiter.admit("late", at: millisecond * 1_000_000) else { continue }
            written += 1
            told += before
        }
        XCTAssertEqual(written, 300)
        // What came since the last that was written is told with the next.
        let later = limiter.admit("late", at: 70 * Self.second)
        XCTAssertEqual(980 + 60_000 - written, told + (later ?? 0))
    }

    func testQuietBringsTheBurstBack() {
        var limiter = LogLimiter()
        for _ in 0..<100 { _ = limiter.admit("late", at: 0) }
        let held = limiter.admit("late", at: 10 * Self.second)
        XCTAssertEqual(held, 80)
        let next = (0..<100).compactMap { _ in limiter.admit("late", at: 10 * Self.second) }
        XCTAssertEqual(next, Array(repeating: 0, count: 19))
    }

    func testKindsDoNotDisturbEachOther() {
        var limiter = LogLimiter()
        for _ in 0..<1000 { _ = limiter.admit("late 1:9", at: 0) }
        XCTAssertEqual(limiter.admit("late 1:10", at: 0), 0)
    }

    func testDifferentEntriesAllGetThroughAndCostBoundedMemory() {
        var limiter = LogLimiter()
        for number in 0..<10_000 {
            XCTAssertEqual(limiter.admit("entry \(number)", at: Int64(number)), 0)
        }
        XCTAssertEqual(limiter.takeForgotten(), 0)
    }

    func testWhatIsForgottenIsStillCounted() {
        var limiter = LogLimiter()
        for _ in 0..<50 { _ = limiter.admit("late", at: 0) }
        for number in 0..<100 { _ = limiter.admit("entry \(number)", at: 60 * Self.second) }
        XCTAssertEqual(limiter.takeForgotten(), 30)
        XCTAssertEqual(limiter.takeForgotten(), 0)
    }
}
