import EventLoop
import MCTP
import NVMeMI
import XCTest

@testable import NVMeMIClient

private let poll = SubsystemHealthStatusPoll()
private let abort: UInt8 = 2
private let getState: UInt8 = 3

/// The course of a command without loop and clock.
final class DialogueTests: XCTestCase {
    private var bench = DialogueBench()

    override func setUp() { bench = DialogueBench() }

    /// A poll as the daemon makes it.
    private func healthPoll(_ limit: Duration = .seconds(2)) throws -> CourseID {
        try bench.begin(poll, CommandOptions(timeLimit: limit, priority: .health))
    }

    private func refusal(_ request: Request) -> [UInt8] {
        // A Generic Error Response: no tag.
        Response.encode(
            category: request.category,
            slot: request.slot,
            status: .invalidCommandOpcode
        )
    }

    private func assertPhase(
        _ course: CourseID,
        _ phase: TimeoutReport.Phase,
        line: UInt = #line
    ) {
        guard case .timedOut(let report) = bench.error(of: course) else {
            return XCTFail("\(bench.results[course] as Any)", line: line)
        }
        XCTAssertEqual(report.phase, phase, line: line)
    }

    private func assertEvidence(_ course: CourseID, _ evidence: Evidence, line: UInt = #line) {
        XCTAssertEqual(bench.error(of: course)?.evidence, evidence, line: line)
    }

    // MARK: Answers

    func testAnswer() throws {
        let course = try bench.begin(poll)
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(course))
        XCTAssertTrue(bench.open.isEmpty)
        XCTAssertEqual(bench.dialogue.wakeAt, .distantFuture, "nothing is waited for")
    }

    func testAnswerDuringAQuestionIsTakenWithinAMoment() throws {
        let course = try bench.begin(poll)
        try bench.pass(.seconds(2))
        XCTAssertEqual(bench.opcodes, [nil, getState])
        let command = try XCTUnwrap(bench.open.first)
        try bench.tell(
            .message(
                command.exchange,
                Arrival(message: ScriptedTransport.Received.answer(to: command.request))
            )
        )
        XCTAssertNil(bench.results[course], "the other answer gets a moment to come")
        try bench.pass(.milliseconds(20))
        XCTAssertTrue(bench.isAnswered(course))
        XCTAssertTrue(bench.open.isEmpty)
    }

    func testMessageOfAnEndedExchangeIsPassedOver() throws {
        _ = try bench.begin(poll)
        let exchange = try XCTUnwrap(bench.open.first)
        try bench.answer()
        let second = try bench.begin(SubsystemHealthStatusPoll(clearsStatus: true))
        try bench.tell(
            .message(
                exchange.exchange,
                Arrival(message: ScriptedTransport.Received.answer(to: exchange.request))
            )
        )
        XCTAssertNil(bench.results[second])
    }

    func testMoreProcessingThatCannotBeFollowedFails() throws {
        let course = try bench.begin(poll)
        let last = try XCTUnwrap(bench.open.last)
        let message = Response.encode(MoreProcessingRequired(time: 10), to: last.request)
        try bench.tell(.message(last.exchange, Arrival(message: message, isLast: true)))
        guard case .mismatch = bench.error(of: course) else {
            return XCTFail("\(bench.results[course] as Any)")
        }
    }

    // MARK: The carrier

    func testCarrierThatTakesNothingIsNoSilenceOfTheDrive() throws {
        bench.sendsAtOnce = false
        let course = try bench.begin(poll, CommandOptions(timeLimit: .milliseconds(100)))
        try bench.pass(.milliseconds(100))
        assertPhase(course, .sending)
        assertEvidence(course, .carrier)
        bench.sendsAtOnce = true
        _ = try bench.begin(poll)
        XCTAssertEqual(bench.opcodes, [nil, nil], "nothing was sent: no doubt, no Abort")
    }

    func testCommandThatWaitsForATagSaysSo() throws {
        bench.sendsAtOnce = false
        let course = try bench.begin(poll, CommandOptions(timeLimit: .milliseconds(100)))
        try bench.tell(.waitsForTag(try XCTUnwrap(bench.open.last).exchange))
        try bench.pass(.milliseconds(100))
        assertPhase(course, .tag)
        assertEvidence(course, .none)
    }

    func testCommandThatWaitsForTheCarrierIsSentAndAnswered() throws {
        bench.sendsAtOnce = false
        let course = try bench.begin(poll)
        try bench.pass(.milliseconds(50))
        try bench.tell(.sent(try XCTUnwrap(bench.open.last).exchange))
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(course))
    }

    // MARK: Polls that are lost

    func testLostPollIsRepeatedBeforeItCounts() throws {
        let course = try healthPoll()
        try bench.pass(.milliseconds(800))
        XCTAssertEqual(bench.opcodes, [nil, getState])
        try bench.pass(.milliseconds(400))
        XCTAssertEqual(bench.opcodes, [nil, getState, nil], "the drive says nothing at all")
        XCTAssertEqual(bench.open.map(\.transmissions), [2], "in the same exchange")
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(course))
        XCTAssertEqual(bench.dialogue.around.statistics.repetitions, 1)
        XCTAssertEqual(bench.dialogue.unansweredInARow, 0)
        _ = try healthPoll()
        XCTAssertEqual(bench.opcodes, [nil, getState, nil, nil], "tags tell answers apart")
    }

    func testSilenceIsToldAfterOneMissedPollAndItsRepetition() throws {
        let course = try healthPoll()
        try bench.pass(.milliseconds(1999))
        XCTAssertNil(bench.results[course])
        try bench.pass(.milliseconds(1))
        assertPhase(course, .answer)
        assertEvidence(course, .silent)
        XCTAssertEqual(bench.opcodes, [nil, getState, nil])
        XCTAssertEqual(bench.dialogue.unansweredInARow, 1)
    }

    func testWithoutTagsTheSlotOfARepeatedPollStaysInDoubt() throws {
        bench.isShared = true
        let course = try healthPoll()
        try bench.pass(.milliseconds(1200))
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(course))
        _ = try bench.begin(poll)
        XCTAssertEqual(bench.opcodes, [nil, getState, nil, abort])
    }

    func testLostPollIsRepeatedOfADriveWithoutControlPrimitives() throws {
        bench.dialogue.settings.usesControlPrimitives = false
        let course = try healthPoll()
        try bench.pass(.seconds(1))
        XCTAssertEqual(bench.opcodes, [nil, nil])
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(course))
    }

    func testOtherCommandsOfASilentDriveAreNotRepeated() throws {
        let course = try bench.begin(poll)
        try bench.pass(.seconds(5))
        assertPhase(course, .answer)
        XCTAssertEqual(bench.opcodes, [nil, getState, getState], "it is asked once more")
    }

    func testDriveThatComesBackIsAskedAgainAndGetsTheCommand() throws {
        let course = try bench.begin(poll)
        // Asked at 2 s until 3 s, and at 4 s again.
        try bench.pass(.seconds(4))
        try bench.answer()
        try bench.pass(.milliseconds(2))
        XCTAssertEqual(bench.opcodes, [nil, getState, getState, nil])
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(course))
    }

    func testBusyDriveIsNotSilent() throws {
        let course = try healthPoll()
        try bench.pass(.milliseconds(400))
        while bench.results[course] == nil {
            try bench.pass(.milliseconds(400))
            guard bench.open.count > 1 else { continue }
            try bench.answer { ScriptedTransport.Received.state(.process, to: $0) }
        }
        assertPhase(course, .answeringOtherwise)
        assertEvidence(course, .busy)
    }

    // MARK: A drive that has no control primitives

    func testRefusedPrimitiveIsAnAnswerAndNotAskedAgain() throws {
        let course = try bench.begin(poll, CommandOptions(timeLimit: .seconds(1)))
        try bench.pass(.milliseconds(400))
        try bench.answer(refusal)
        try bench.pass(.milliseconds(600))
        assertPhase(course, .answeringOtherwise)
        assertEvidence(course, .busy)

        let next = try bench.begin(poll)
        XCTAssertEqual(bench.opcodes, [nil, getState], "neither Abort nor Get State")
        try bench.pass(.seconds(1))
        XCTAssertEqual(bench.opcodes, [nil, getState, nil], "free after a short time")
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(next))
    }

    func testRefusedAbortFreesTheSlotSoon() throws {
        _ = try bench.begin(poll, CommandOptions(timeLimit: .seconds(1)))
        try bench.pass(.seconds(1))
        let course = try bench.begin(poll)
        for _ in 0..<2 {
            try bench.answer(refusal)
            try bench.pass(.milliseconds(2))
        }
        XCTAssertEqual(bench.opcodes.suffix(2), [abort, getState])
        try bench.pass(.seconds(1))
        XCTAssertEqual(bench.opcodes.suffix(3), [abort, getState, nil])
        try bench.answer()
        XCTAssertTrue(bench.isAnswered(course))
    }

    func testRefusalIsForgottenWithFailures() throws {
        _ = try bench.begin(poll)
        try bench.pass(.seconds(2))
        try bench.answer(refusal)
        try bench.pass(.seconds(3))
        bench.dialogue.forgetFailures()
        _ = try bench.begin(poll)
        XCTAssertEqual(bench.opcodes.last, abort)
    }

    func testSlotThatCannotBeAskedForIsNoSilence() throws {
        bench.dialogue.settings.usesControlPrimitives = false
        _ = try bench.begin(poll, CommandOptions(timeLimit: .seconds(1)))
        try bench.pass(.seconds(1))
        let course = try bench.begin(poll, CommandOptions(timeLimit: .milliseconds(500)))
        try bench.pass(.milliseconds(500))
        assertPhase(course, .rest)
        assertEvidence(course, .none)
    }

    // MARK: Cancellation

    func testCancelledCommandThatWasNotSentLeavesNoDoubt() throws {
        bench.sendsAtOnce = false
        let course = try bench.begin(poll)
        try bench.tell(.cancelled(course))
        guard case .cancelled = bench.error(of: course) else {
            return XCTFail("\(bench.results[course] as Any)")
        }
        XCTAssertTrue(bench.open.isEmpty)
        bench.sendsAtOnce = true
        _ = try bench.begin(poll)
        XCTAssertEqual(bench.opcodes, [nil, nil])
    }

    func testAbortForACallerThatHasLeftEndsAfterAWhile() throws {
        let course = try bench.begin(poll)
        try bench.tell(.cancelled(course))
        XCTAssertEqual(bench.opcodes, [nil, abort])
        try bench.tell(.cancelled(course))
        try bench.pass(.seconds(2))
        guard case .cancelled = bench.error(of: course) else {
            return XCTFail("\(bench.results[course] as Any)")
        }
        XCTAssertTrue(bench.open.isEmpty)
    }
}
