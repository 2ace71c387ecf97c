import XCTest

@testable import nvmemid

final class LogLimiterTests: XCTestCase {
    private static let millisecond: Int64 = 1_000_000
    private static let second: Int64 = 1_000_000_000

    func testBurstThenSomeInASecond() {
        var limiter = LogLimiter()
        let atOnce = (0..<1000).compactMap { _ in limiter.admit("late", at: 0) }
        XCTAssertEqual(atOnce, Array(repeating: 0, count: 20))
        // A flood of a minute, a thousand entries a second.
        var written = 0
        var told = 0
        for millisecond in Int64(1)...60_000 {
            guard let before = limiter.admit("late", at: millisecond * Self.millisecond) else {
                continue
            }
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

    func testAllKindsTogetherAreTwentyASecond() {
        // A hundred bad drives with five different entries each, every millisecond for five seconds.
        var limiter = LogLimiter()
        var written = 0
        var told = 0
        var perSecond: [Int64: Int] = [:]
        for millisecond in Int64(0)..<5000 {
            for drive in 0..<100 {
                let kind = "\(Int64(drive) + millisecond % 5) of \(drive)"
                guard let before = limiter.admit(kind, at: millisecond * Self.millisecond) else {
                    continue
                }
                written += 1
                told += before + limiter.takeUntold().all
                perSecond[millisecond / 1000, default: 0] += 1
            }
        }
        XCTAssertLessThanOrEqual(perSecond[0] ?? 0, 100)
        XCTAssertLessThanOrEqual(perSecond.filter { $0.key > 0 }.values.max() ?? 0, 21)
        // Not one is lost without a word.
        let rest = limiter.takeUntoldOfQuietKinds(at: .max).all
        XCTAssertEqual(written + told + rest, 5000 * 100)
        XCTAssertFalse(limiter.hasUntold)
    }

    func testAKindIsNotForgottenWhileItsScheduleRuns() {
        var limiter = LogLimiter()
        for _ in 0..<20 { XCTAssertEqual(limiter.admit("late", at: 0), 0) }
        // More other kinds than are told apart, as fast as all together may come.
        for number in Int64(0)..<1000 {
            let now = number * 50 * Self.millisecond
            _ = limiter.admit("entry \(number)", at: now)
            if number < 4 { XCTAssertNil(limiter.admit("late", at: now / 2)) }
        }
        // Two that hold out while more come at once than there is room for.
        var second = LogLimiter()
        for _ in 0..<20 { _ = second.admit("late", at: 0) }
        for number in 0..<10_000 { _ = second.admit("entry \(number)", at: 0) }
        XCTAssertNil(second.admit("late", at: Self.second / 10))
    }

    func testErrorsHaveAPartOfTheirOwn() {
        var limiter = LogLimiter()
        let ordinary = (0..<1000).compactMap { limiter.admit("entry \($0)", at: 0) }
        XCTAssertEqual(ordinary.count, 80)
        let errors = (0..<1000).compactMap { limiter.admit("error \($0)", isUrgent: true, at: 0) }
        XCTAssertEqual(errors.count, 20)
        XCTAssertEqual(limiter.takeUntold(), LogLimiter.Count(all: 920 + 980, urgent: 980))
        XCTAssertTrue(limiter.takeUntold().isEmpty)
    }

    func testWhatIsForgottenIsStillCounted() {
        var limiter = LogLimiter()
        for _ in 0..<50 { _ = limiter.admit("late", isUrgent: true, at: 0) }
        XCTAssertTrue(limiter.takeUntoldOfQuietKinds(at: Self.second).isEmpty)
        XCTAssertTrue(limiter.hasUntold)
        let count = limiter.takeUntoldOfQuietKinds(at: 60 * Self.second)
        XCTAssertEqual(count, LogLimiter.Count(all: 30, urgent: 30))
        XCTAssertFalse(limiter.hasUntold)
    }
}
