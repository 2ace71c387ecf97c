import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Every way of misbehaving, and to whom it is limited.
final class FaultTests: XCTestCase {
    private let poll = SubsystemHealthStatusPoll()
    private var message: [UInt8] { poll.encode(slot: .zero) }

    private func bench(
        _ kind: Fault.Kind,
        _ change: (inout Fault) -> Void = { _ in }
    ) throws -> DriveBench {
        let bench = try DriveBench()
        var fault = Fault(kind)
        change(&fault)
        bench.drive.setFault(fault)
        return bench
    }

    /// What the drive sends without any fault.
    private func rightAnswer() throws -> [UInt8] {
        try XCTUnwrap(DriveBench().send(message).first).message
    }

    func testSlow() throws {
        let bench = try bench(.slow) { $0.delay = 250 }
        XCTAssertEqual(bench.send(message), [])
        XCTAssertEqual(bench.wait(249), [])
        XCTAssertEqual(bench.wait(1).map(\.message), [try rightAnswer()])
    }

    func testSlowPrimitive() throws {
        let bench = try bench(.slow) { $0.delay = 250 }
        XCTAssertEqual(bench.send(GetState(tag: 1).encode(slot: .zero)), [])
        XCTAssertEqual(bench.wait(250).count, 1)
    }

    func testMute() throws {
        let bench = try bench(.mute)
        bench.drive.setTemperature(36, at: 0)
        let clearing = SubsystemHealthStatusPoll(clearsStatus: true).encode(slot: .zero)
        XCTAssertEqual(bench.send(clearing), [])
        XCTAssertEqual(bench.wait(100_000), [])
        bench.drive.clearFaults()
        XCTAssertEqual(
            try bench.run(poll).compositeControllerStatus,
            .compositeTemperature
        )
    }

    func testLostAnswerOfACommandThatWasCarriedOut() throws {
        let bench = try bench(.lost) { $0.count = 1 }
        bench.drive.setTemperature(36, at: 0)
        let clearing = SubsystemHealthStatusPoll(clearsStatus: true).encode(slot: .zero)
        XCTAssertEqual(bench.send(clearing), [])
        XCTAssertEqual(try bench.run(poll).compositeControllerStatus, [])
        XCTAssertEqual(bench.drive.activeFaults, [])
    }

    func testLateAnswerLeavesTheSlotFree() throws {
        let bench = try bench(.late) {
            $0.delay = 300
            $0.count = 1
        }
        XCTAssertEqual(bench.send(message), [])
        XCTAssertEqual(bench.endpoint.nextDeadline, 300)
        XCTAssertEqual(bench.wait(100), [])
        XCTAssertEqual(try bench.run(ReadDataStructure()).count, 32)
        XCTAssertEqual(bench.wait(200).map(\.message), [try rightAnswer()])
        XCTAssertEqual(bench.drive.statistics.discarded, 0)
        XCTAssertNil(bench.endpoint.nextDeadline)
    }

    func testTwice() throws {
        let answer = try rightAnswer()
        XCTAssertEqual(try bench(.twice).send(message).map(\.message), [answer, answer])
        let bench = try bench(.twice) { $0.delay = 50 }
        XCTAssertEqual(bench.send(message).map(\.message), [answer])
        XCTAssertEqual(bench.wait(50).map(\.message), [answer])
    }

    func testWrongIntegrityCheck() throws {
        let sent = try XCTUnwrap(bench(.wrongMIC).send(message).first)
        XCTAssertEqual(sent.message.dropLast(4), try rightAnswer().dropLast(4))
        XCTAssertThrowsError(try Response.parse(sent.message))
    }

    func testWrongSlot() throws {
        let sent = try XCTUnwrap(bench(.wrongSlot).send(message).first)
        XCTAssertEqual(try Response.parse(sent.message).slot, .one)
    }

    func testWrongCategory() throws {
        let sent = try XCTUnwrap(bench(.wrongCategory).send(message).first)
        XCTAssertEqual(try Response.parse(sent.message).category, .controlPrimitive)
    }

    func testWrongType() throws {
        XCTAssertEqual(try bench(.wrongType).send(message).first?.message.first, 0x85)
        let other = try bench(.wrongType) { $0.messageType = 0x01 }
        XCTAssertEqual(other.send(message).first?.message.first, 0x01)
    }

    func testWrongTagAndSource() throws {
        XCTAssertEqual(try bench(.wrongTag).send(message).first?.requester.tag, 4)
        XCTAssertEqual(try bench(.wrongSource).send(message).first?.requester.destination, 10)
    }

    func testTruncated() throws {
        let bench = try bench(.truncated) { $0.bytes = 9 }
        XCTAssertEqual(bench.send(message).first?.message, Array(try rightAnswer().prefix(9)))
        let whole = try self.bench(.truncated) { $0.bytes = 60_000 }
        XCTAssertEqual(whole.send(message).first?.message, try rightAnswer())
    }

    func testShort() throws {
        let bench = try bench(.short) { $0.bytes = 3 }
        XCTAssertEqual(try bench.exchange(message).body.count, 5)
        let nothing = try self.bench(.short) { $0.bytes = 60_000 }
        XCTAssertEqual(nothing.send(message).first?.message.count, 8)
    }

    func testOversize() throws {
        let bench = try bench(.oversize) { $0.bytes = 3 }
        XCTAssertEqual(try bench.exchange(message).body.count, 11)
        XCTAssertEqual(try self.bench(.oversize).send(message).first?.message.count, 20 + 4_224)
    }

    func testUnaligned() throws {
        let bench = try bench(.unaligned)
        XCTAssertEqual(try bench.exchange(message).body.count, 7)
        let list = ReadDataStructure(.controllerList).encode(slot: .zero)
        XCTAssertEqual(try bench.exchange(list).body.count % 2, 1)
    }

    func testMoreProcessingOnce() throws {
        let bench = try bench(.moreProcessing) {
            $0.time = 250
            $0.delay = 400
        }
        let sent = try XCTUnwrap(bench.send(message).first)
        XCTAssertEqual(
            try Response.parse(sent.message).moreProcessingRequired?.milliseconds,
            300
        )
        XCTAssertEqual(bench.endpoint.slots[0].code, 2)
        XCTAssertEqual(bench.wait(399), [])
        XCTAssertEqual(bench.wait(1).map(\.message), [try rightAnswer()])
    }

    func testMoreProcessingForever() throws {
        let bench = try bench(.moreProcessingForever) { $0.delay = 100 }
        XCTAssertEqual(bench.send(message).count, 1)
        for _ in 0..<20 {
            let sent = bench.wait(100)
            XCTAssertEqual(sent.count, 1)
            XCTAssertEqual(
                try sent.first.map { try Response.parse($0.message).status },
                .moreProcessingRequired
            )
        }
        bench.drive.clearFaults()
        XCTAssertEqual(try bench.run(Abort(tag: 1)), .partiallyProcessed)
        XCTAssertEqual(bench.wait(1_000), [])
    }

    func testManagementStatus() throws {
        let bench = try bench(.status) {
            $0.status = 0x04
            $0.parameterByte = 11
            $0.parameterBit = 3
        }
        let response = try bench.exchange(message)
        XCTAssertEqual(response.status, .invalidParameter)
        XCTAssertEqual(
            response.parameterErrorLocation,
            ParameterErrorLocation(byte: 11, bit: 3)
        )
        let other = try self.bench(.status) { $0.status = 0xE5 }
        assertRefused(try other.exchange(message), ManagementStatus(rawValue: 0xE5))
        assertRefused(
            try other.exchange(GetState(tag: 1).encode(slot: .zero)),
            ManagementStatus(rawValue: 0xE5)
        )
    }

    func testStatusKeepsTheCommandFromBeingCarriedOut() throws {
        let bench = try bench(.status) { $0.count = 1 }
        bench.drive.setTemperature(36, at: 0)
        assertRefused(
            try bench.exchange(
                SubsystemHealthStatusPoll(clearsStatus: true).encode(slot: .zero)
            ),
            .internalError
        )
        XCTAssertEqual(
            try bench.run(poll).compositeControllerStatus,
            .compositeTemperature
        )
    }

    func testNVMeStatus() throws {
        let bench = try bench(.nvmeStatus) { $0.nvmeStatus = 0x4282 }
        let reply = try bench.complete(admin(.identify, dword10: 1, length: 4_096))
        XCTAssertEqual(reply.status.rawValue, 0x4282)
        XCTAssertEqual(reply.data, [])
        // Only Admin commands have such a status.
        XCTAssertEqual(try bench.exchange(message).status, .success)
    }

    func testReset() throws {
        let bench = try bench(.reset) { $0.count = 1 }
        var resets = 0
        bench.drive.onReset = { resets += 1 }
        XCTAssertEqual(bench.send(message), [])
        XCTAssertEqual(resets, 1)
        XCTAssertEqual(bench.drive.statistics.resets, 1)
        XCTAssertEqual(bench.send(message).count, 1)
    }

    // MARK: Limits

    func testOnlyCommandsOfACategoryOrOpcode() throws {
        let bench = try bench(.mute) {
            $0.category = .admin
            $0.opcode = 0x06
        }
        XCTAssertEqual(bench.send(message).count, 1)
        XCTAssertEqual(bench.send(admin(.identify, dword10: 1).encode(slot: .zero)), [])
        XCTAssertEqual(
            bench.send(admin(.getFeatures, dword10: 2).encode(slot: .zero)).count,
            1
        )
        bench.drive.clearFaults()
        var fault = Fault(.mute)
        fault.category = .control
        bench.drive.setFault(fault)
        XCTAssertEqual(bench.send(GetState(tag: 1).encode(slot: .zero)), [])
        XCTAssertEqual(bench.send(message).count, 1)
    }

    func testSkipAndCount() throws {
        let bench = try bench(.mute) {
            $0.skip = 2
            $0.count = 3
        }
        let answers = (0..<8).map { _ in bench.send(message).count }
        XCTAssertEqual(answers, [1, 1, 0, 0, 0, 1, 1, 1])
    }

    func testSameFaultForTheSameCommandsIsReplaced() throws {
        let bench = try bench(.slow) { $0.delay = 100 }
        var other = Fault(.slow)
        other.delay = 200
        bench.drive.setFault(other)
        XCTAssertEqual(bench.drive.activeFaults, [other])
        var narrower = other
        narrower.opcode = 1
        bench.drive.setFault(narrower)
        XCTAssertEqual(bench.drive.activeFaults.count, 2)
        // A count of none takes the fault back.
        narrower.count = 0
        bench.drive.setFault(narrower)
        XCTAssertEqual(bench.drive.activeFaults, [other])
    }

    func testFaultsAddUp() throws {
        let bench = try bench(.slow) { $0.delay = 100 }
        bench.drive.setFault(Fault(.wrongMIC))
        XCTAssertEqual(bench.send(message), [])
        let sent = try XCTUnwrap(bench.wait(100).first)
        XCTAssertThrowsError(try Response.parse(sent.message))
    }

    // MARK: Text

    func testFaultFromText() throws {
        let fault = try Fault(
            parsing: "status, category=admin, opcode=0x06, count=2, status=0x22, skip=1"
        )
        XCTAssertEqual(fault.kind, .status)
        XCTAssertEqual(fault.category, .admin)
        XCTAssertEqual(fault.opcode, 6)
        XCTAssertEqual(fault.count, 2)
        XCTAssertEqual(fault.skip, 1)
        XCTAssertEqual(fault.status, 0x22)
    }

    func testFaultTextsThatCannotBeUsed() {
        for (text, part) in [
            ("", "there is no fault ''"),
            ("broken", "there is no fault 'broken'"),
            ("slow,delay", "'delay' is not of the form option=value"),
            ("slow,pace=3", "a fault has no option 'pace'"),
            ("slow,delay-ms=fast", "delay-ms: 'fast' is not a number"),
            ("slow,opcode=256", "opcode: 256 is not in 0…255"),
            ("slow,category=some", "category: 'some' is not one of"),
        ] {
            XCTAssertThrowsError(try Fault(parsing: text)) { error in
                XCTAssertTrue("\(error)".contains(part), "\(error)")
            }
        }
    }
}
