import EventLoop
import NVMeMI
import XCTest

@testable import NVMeMIClient

private let poll = SubsystemHealthStatusPoll()

/// Drives that lose a request which comes too soon after their last answer.
final class SpacingTests: XCTestCase {
    /// Carries a command out with a drive that loses what comes within a gap of its last answer.
    private func perform(
        _ bench: inout DialogueBench,
        _ command: any Command = poll,
        gap: Duration,
        _ heard: inout MonotonicInstant?
    ) throws -> CourseID {
        let course = try bench.begin(command)
        var seen = Set<ExchangeID>()
        while bench.results[course] == nil {
            if let last = bench.open.last, seen.insert(last.exchange).inserted,
                heard.map({ bench.now - $0 >= gap }) ?? true
            {
                try bench.pass(.microseconds(100))
                heard = bench.now
                try bench.answer()
            } else {
                try bench.pass(bench.dialogue.wakeAt - bench.now)
            }
        }
        return course
    }

    private func learnt(_ bench: DialogueBench) -> Duration {
        .nanoseconds(bench.dialogue.around.spacing.learnt)
    }

    func testDistanceThatHelpsIsRemembered() throws {
        var bench = DialogueBench()
        var heard: MonotonicInstant?
        for _ in 0..<3 {
            let course = try perform(&bench, gap: .microseconds(1200), &heard)
            XCTAssertTrue(bench.isAnswered(course))
        }
        XCTAssertEqual(bench.gaps, [.milliseconds(2)])
        XCTAssertEqual(learnt(bench), .milliseconds(2))

        let losses = bench.dialogue.around.statistics.lostAnswers
        for _ in 0..<20 { _ = try perform(&bench, gap: .microseconds(1200), &heard) }
        XCTAssertEqual(bench.dialogue.around.statistics.lostAnswers, losses, "no more")
        XCTAssertEqual(bench.gaps.count, 1)
    }

    func testDistanceGrowsUntilItHelps() throws {
        var bench = DialogueBench()
        var heard: MonotonicInstant?
        for _ in 0..<12 { _ = try perform(&bench, gap: .milliseconds(6), &heard) }
        XCTAssertEqual(learnt(bench), .milliseconds(8))
        let course = try perform(&bench, gap: .milliseconds(6), &heard)
        XCTAssertTrue(bench.isAnswered(course))
    }

    func testCommandsAfterAnAbortKeepTheDistance() throws {
        var bench = DialogueBench()
        var heard: MonotonicInstant?
        _ = try bench.begin(poll, CommandOptions(timeLimit: .seconds(1)))
        try bench.pass(.seconds(1))
        let start = bench.now
        let course = try perform(&bench, gap: .microseconds(1200), &heard)
        XCTAssertTrue(bench.isAnswered(course))
        XCTAssertLessThan(bench.now - start, .milliseconds(10), "nothing of it is lost")
    }

    func testAnswersThatAreLostByChanceTeachNothing() throws {
        var bench = DialogueBench()
        var heard: MonotonicInstant?
        for _ in 0..<10 {
            // Every second command's answer is lost, however long ago the last came.
            _ = try perform(&bench, gap: .zero, &heard)
            let course = try bench.begin(poll)
            try bench.pass(.seconds(2))
            try bench.answer()
            try bench.pass(.milliseconds(50))
            try bench.answer()
            heard = bench.now
            XCTAssertTrue(bench.isAnswered(course))
        }
        XCTAssertEqual(learnt(bench), .zero)
        XCTAssertTrue(bench.gaps.isEmpty)
    }

    func testAGapThatIsKnownIsKept() throws {
        var bench = DialogueBench()
        bench.dialogue.setLearntGap(3_000_000)
        for _ in 0..<3 {
            _ = try bench.begin(poll)
            try bench.pass(.milliseconds(3))
            try bench.answer()
        }
        for (earlier, later) in zip(bench.sent, bench.sent.dropFirst()) {
            XCTAssertGreaterThanOrEqual(later.at - earlier.at, .milliseconds(3))
        }
        XCTAssertTrue(bench.gaps.isEmpty, "told only when it is found out")
    }
}
