import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// The two command slots and the control primitives that act on them.
final class CommandSlotTests: XCTestCase {
    /// A drive that takes 100 ms for each command.
    private func slowBench(
        _ change: (inout DriveDescription) -> Void = { _ in }
    ) throws -> DriveBench {
        var description = DriveDescription()
        change(&description)
        let bench = try DriveBench(description)
        var fault = Fault(.slow)
        fault.category = .management
        fault.delay = 100
        bench.drive.setFault(fault)
        return bench
    }

    private let poll = SubsystemHealthStatusPoll()

    func testSlowCommandIsInProcess() throws {
        let bench = try slowBench()
        XCTAssertEqual(bench.send(poll.encode(slot: .one)), [])
        XCTAssertEqual(bench.endpoint.nextDeadline, 100)
        XCTAssertEqual(try bench.run(GetState(tag: 1), slot: .one).slotState, .process)
        XCTAssertEqual(try bench.run(GetState(tag: 1)).slotState, .idle)
        XCTAssertEqual(bench.wait(99), [])
        let sent = bench.wait(1)
        XCTAssertEqual(try Response.parse(try XCTUnwrap(sent.first).message).slot, .one)
        XCTAssertNil(bench.endpoint.nextDeadline)
        XCTAssertEqual(try bench.run(GetState(tag: 1), slot: .one).slotState, .idle)
    }

    func testSlotsAreIndependent() throws {
        let bench = try slowBench()
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        XCTAssertEqual(bench.wait(40), [])
        XCTAssertEqual(bench.send(poll.encode(slot: .one)), [])
        let first = try XCTUnwrap(bench.wait(60).first)
        XCTAssertEqual(try Response.parse(first.message).slot, .zero)
        let second = try XCTUnwrap(bench.wait(40).first)
        XCTAssertEqual(try Response.parse(second.message).slot, .one)
    }

    func testCommandToBusySlotDisplacesTheEarlierOne() throws {
        let bench = try slowBench()
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        XCTAssertEqual(bench.wait(50), [])
        XCTAssertEqual(bench.send(ReadDataStructure().encode(slot: .zero)), [])
        XCTAssertEqual(bench.wait(50), [])
        let sent = bench.wait(50)
        XCTAssertEqual(sent.count, 1)
        XCTAssertEqual(sent.first?.message.count, 8 + 32 + 4)
        XCTAssertEqual(bench.drive.statistics.discarded, 1)
        let state = try bench.run(GetState(tag: 1, clearsErrors: true))
        XCTAssertEqual(state.errors, .commandToBusySlot)
        XCTAssertEqual(try bench.run(GetState(tag: 1), slot: .one).errors, [])
        XCTAssertEqual(try bench.run(GetState(tag: 1)).errors, [])
    }

    func testMessageThatArrivesOccupiesItsSlot() throws {
        let bench = try DriveBench()
        let message = poll.encode(slot: .zero)
        bench.endpoint.noteStart(ofMessage: message.prefix(10))
        XCTAssertEqual(try bench.run(GetState(tag: 1)).slotState, .receive)
        // The rest of the same message does not displace its own beginning.
        XCTAssertEqual(bench.send(message).count, 1)
        XCTAssertEqual(try bench.run(GetState(tag: 1)).errors, [])
        XCTAssertEqual(try bench.run(GetState(tag: 1)).slotState, .idle)
    }

    func testPrimitivesDoNotOccupyASlot() throws {
        let bench = try slowBench()
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        XCTAssertEqual(try bench.run(GetState(tag: 9)).slotState, .process)
        XCTAssertEqual(bench.wait(100).count, 1)
    }

    func testPauseHoldsAnswersAndResumeSendsThem() throws {
        let bench = try slowBench()
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        try bench.run(Pause(tag: 1))
        XCTAssertTrue(try bench.run(GetState(tag: 1)).isPaused)
        XCTAssertFalse(try bench.run(GetState(tag: 1), slot: .one).isPaused)
        XCTAssertEqual(bench.wait(200), [])
        XCTAssertEqual(try bench.run(GetState(tag: 1)).slotState, .transmit)
        let sent = bench.send(Resume(tag: 2).encode(slot: .zero))
        XCTAssertEqual(sent.count, 2)
        XCTAssertEqual(try Response.parse(sent[0].message).category, .controlPrimitive)
        XCTAssertEqual(try Response.parse(sent[1].message).category, .managementInterface)
        XCTAssertFalse(try bench.run(GetState(tag: 1)).isPaused)
    }

    func testPauseOfIdleSlotsHasNoEffect() throws {
        let bench = try DriveBench()
        try bench.run(Pause(tag: 1))
        XCTAssertFalse(try bench.run(GetState(tag: 1)).isPaused)
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)).count, 1)
    }

    func testPauseIsForTheFirstSlot() throws {
        let bench = try DriveBench()
        assertRefused(
            try bench.exchange(Pause(tag: 1).encode(slot: .one)),
            .invalidParameter
        )
    }

    func testAbort() throws {
        let bench = try slowBench()
        XCTAssertEqual(try bench.run(Abort(tag: 1)), .completeOrNothing)
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        XCTAssertEqual(try bench.run(Abort(tag: 1)), .beforeProcessing)
        XCTAssertEqual(bench.wait(500), [])
        XCTAssertEqual(try bench.run(GetState(tag: 1)).rawValue, 0)
    }

    func testAbortOfACommandThatAskedForTime() throws {
        let bench = try DriveBench()
        bench.drive.setFault(Fault(.moreProcessing))
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)).count, 1)
        bench.drive.clearFaults()
        XCTAssertEqual(try bench.run(Abort(tag: 1)), .partiallyProcessed)
        XCTAssertEqual(bench.wait(5_000), [])
    }

    func testAbortEndsAPause() throws {
        let bench = try slowBench()
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        try bench.run(Pause(tag: 1))
        XCTAssertEqual(bench.wait(100), [])
        XCTAssertEqual(try bench.run(Abort(tag: 1)), .completeOrNothing)
        XCTAssertEqual(try bench.run(GetState(tag: 1)).rawValue, 0)
        XCTAssertEqual(bench.send(Resume(tag: 2).encode(slot: .zero)).count, 1)
    }

    func testReplay() throws {
        let bench = try DriveBench()
        XCTAssertFalse(try bench.run(Replay(tag: 1)))
        let first = try XCTUnwrap(bench.send(poll.encode(slot: .zero)).first)
        bench.requester.tag = 5
        let sent = bench.send(Replay(tag: 1).encode(slot: .zero))
        XCTAssertEqual(sent.count, 2)
        XCTAssertEqual(sent[1], first)
        XCTAssertEqual(sent[1].requester.tag, 3)
        XCTAssertFalse(try bench.run(Replay(tag: 1), slot: .one))
    }

    func testReplayFromALaterPacketBeginsWithTheHeader() throws {
        let bench = try DriveBench()
        let message = try XCTUnwrap(
            bench.send(admin(.identify, dword10: 1, length: 512).encode(slot: .zero)).first
        ).message
        let sent = bench.send(Replay(tag: 1, from: 2).encode(slot: .zero))
        XCTAssertEqual(sent.last?.message, Array(message.prefix(4) + message.dropFirst(128)))
        XCTAssertEqual(bench.send(Replay(tag: 1, from: 200).encode(slot: .zero)).count, 1)
    }

    func testReplayOfMoreProcessingTellsTheTimeThatIsLeft() throws {
        let bench = try DriveBench()
        var fault = Fault(.moreProcessing)
        fault.category = .management
        fault.delay = 3_000
        bench.drive.setFault(fault)
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)).count, 1)
        XCTAssertEqual(bench.wait(1_950), [])
        let sent = bench.send(Replay(tag: 1).encode(slot: .zero))
        XCTAssertEqual(sent.count, 2)
        XCTAssertEqual(
            try Response.parse(sent[1].message).moreProcessingRequired?.milliseconds,
            1_100
        )
        XCTAssertEqual(bench.wait(1_050).count, 1)
    }

    func testUnknownPrimitiveKeepsItsTag() throws {
        let bench = try DriveBench()
        let sent = bench.send(unsealed: "84 00 00 00 05 77 00 00")
        XCTAssertEqual(
            sent.first.map { Array($0.message.prefix(8)) },
            bytes("84 80 00 00 03 77 00 00")
        )
    }

    func testSizeOfPrimitives() throws {
        let bench = try DriveBench()
        assertRefused(
            try bench.exchange(unsealed: "84 00 00 00 03 00 00"),
            .invalidCommandSize
        )
        assertRefused(
            try bench.exchange(unsealed: "84 00 00 00 03 00 00 00 00"),
            .invalidCommandInputDataSize
        )
    }

    func testCommandInitiatedAutoPause() throws {
        let pausing = "84 08 02 00 01 00 00 00 00 00 00 00 00 00 00 00"
        let without = try DriveBench()
        XCTAssertEqual(without.send(unsealed: pausing).count, 1)
        var description = DriveDescription()
        description.ports[1].supportsAutoPause = true
        let bench = try DriveBench(description)
        XCTAssertEqual(bench.send(unsealed: pausing), [])
        XCTAssertEqual(try bench.run(GetState(tag: 1)).slotState, .transmit)
        XCTAssertTrue(try bench.run(GetState(tag: 1)).isPaused)
        XCTAssertEqual(bench.send(Resume(tag: 1).encode(slot: .zero)).count, 2)
    }

    func testPacketErrorsAreTold() throws {
        for error in EndpointErrorFlag.allCases {
            let bench = try DriveBench()
            bench.endpoint.note(error)
            let state = try bench.run(GetState(tag: 1))
            XCTAssertEqual(state.errors.rawValue, 1 << error.rawValue)
        }
    }

    func testDriveWithoutSecondSlotIgnoresIt() throws {
        let bench = try slowBench { $0.secondSlot = .ignored }
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        XCTAssertEqual(bench.send(poll.encode(slot: .one)), [])
        XCTAssertEqual(bench.wait(100).count, 1)
        XCTAssertEqual(bench.drive.statistics.discarded, 0)
    }

    func testDriveThatTakesTheSecondSlotForTheFirst() throws {
        let bench = try slowBench { $0.secondSlot = .mistaken }
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        XCTAssertEqual(bench.send(poll.encode(slot: .one)), [])
        let sent = bench.wait(100)
        XCTAssertEqual(sent.count, 1)
        XCTAssertEqual(try Response.parse(sent[0].message).slot, .zero)
        XCTAssertEqual(bench.drive.statistics.discarded, 1)
    }

    func testDrivesWithoutPrimitives() throws {
        var description = DriveDescription()
        description.controlPrimitives = .refused
        assertRefused(
            try DriveBench(description).exchange(GetState(tag: 0).encode(slot: .zero)),
            .invalidCommandOpcode
        )
        description.controlPrimitives = .ignored
        XCTAssertEqual(
            try DriveBench(description).send(GetState(tag: 0).encode(slot: .zero)),
            []
        )
    }

    func testLatencyOfTheDrive() throws {
        var description = DriveDescription()
        description.latency = 20
        let bench = try DriveBench(description)
        XCTAssertEqual(bench.send(poll.encode(slot: .zero)), [])
        XCTAssertEqual(bench.send(GetState(tag: 0).encode(slot: .zero)), [])
        XCTAssertEqual(bench.endpoint.nextDeadline, 20)
        XCTAssertEqual(bench.wait(20).count, 2)
    }
}
