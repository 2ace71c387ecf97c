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

    func testRequestsThatAreLostByChanceTeachNothing() throws {
        var generator = Chance(state: 0xACE)
        var bench = DialogueBench()
        for _ in 0..<300 {
            let course = try bench.begin(poll)
            var seen = Set<ExchangeID>()
            // A fourth of all is lost, repetitions as well, however long ago the last answer came.
            while bench.results[course] == nil {
                if let last = bench.open.last, seen.insert(last.exchange).inserted,
                    generator.below(4) != 0
                {
                    try bench.pass(.microseconds(100))
                    try bench.answer()
                } else {
                    try bench.pass(bench.dialogue.wakeAt - bench.now)
                }
            }
        }
        XCTAssertGreaterThan(bench.dialogue.around.statistics.repetitions, 30)
        XCTAssertEqual(learnt(bench), .zero)
        XCTAssertTrue(bench.gaps.isEmpty)
    }

    /// On a busy machine requests come later than they were sent.
    func testAnEarlyAnswerIsOutweighedByLosses() throws {
        var bench = DialogueBench()
        var heard: MonotonicInstant?
        for _ in 0..<2 { _ = try perform(&bench, gap: .zero, &heard) }
        var needed = 0
        while learnt(bench) == .zero, needed < 20 {
            needed += 1
            _ = try perform(&bench, gap: .microseconds(1200), &heard)
        }
        XCTAssertEqual(learnt(bench), .milliseconds(2))
        XCTAssertLessThan(needed, 10)
    }

    func testADistanceIsLearntThoughManyAreAnsweredThatComeSooner() throws {
        for seed in UInt64(1)...20 {
            var bench = DialogueBench()
            var heard: MonotonicInstant?
            var generator = Chance(state: seed)
            for _ in 0..<100 where learnt(bench) == .zero {
                let isEarly = generator.below(2) == 0
                _ = try perform(&bench, gap: isEarly ? .zero : .microseconds(1200), &heard)
            }
            XCTAssertEqual(learnt(bench), .milliseconds(2), "\(seed)")
        }
    }

    func testLossesByChanceAreNoEvidenceHoweverLongTheyGoOn() {
        var generator = Chance(state: 0xACE)
        var evidence = SpacingEvidence()
        // Commands at the usual distances, of which a tenth is lost after a while, and so are repetitions.
        for _ in 0..<500 { evidence.noteAnswered(at: Int64(generator.below(3_000_000))) }
        for round in 0..<300_000 {
            let distance = Int64(generator.below(3_000_000))
            if generator.below(10) != 0 {
                evidence.noteAnswered(at: distance)
            } else if generator.below(10) == 0 {
                evidence.noteLostAgain()
            } else {
                evidence.noteHelped(at: distance)
                if evidence.isEnough { return XCTFail("after \(round)") }
            }
        }
    }

    func testADriveThatChangesIsFoundOut() {
        var evidence = SpacingEvidence()
        for _ in 0..<100_000 { evidence.noteAnswered(at: 300_000) }
        var losses = 0
        while !evidence.isEnough, losses < 100 {
            evidence.noteHelped(at: 300_000)
            losses += 1
        }
        XCTAssertLessThan(losses, 30)
    }

    func testDistancesOfAnySize() {
        var evidence = SpacingEvidence()
        for distance in [Int64.min, -1, 0, 1, 1 << 16, 1 << 24, .max] {
            for _ in 0..<300 { evidence.noteAnswered(at: distance) }
            evidence.noteHelped(at: distance)
            XCTAssertFalse(evidence.isEnough)
        }
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

/// Numbers that are the same in each run.
private struct Chance {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
    }
}
