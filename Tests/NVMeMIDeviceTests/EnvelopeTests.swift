import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// What is not a request is not answered, and nothing that arrives stops the drive.
final class EnvelopeTests: XCTestCase {
    func testWrongIntegrityCheckLeavesATrace() throws {
        let bench = try DriveBench()
        var message = SubsystemHealthStatusPoll().encode(slot: .zero)
        message[message.count - 1] ^= 1
        XCTAssertEqual(bench.send(message), [])
        XCTAssertEqual(bench.drive.statistics.dropped, 1)
        let state = try bench.run(GetState(tag: 1, clearsErrors: true))
        XCTAssertEqual(state.errors, .badMessageIntegrityCheck)
        XCTAssertEqual(try bench.run(GetState(tag: 2)).errors, [])
    }

    func testResponsesEventsAndOtherTypesAreIgnored() throws {
        let bench = try DriveBench()
        XCTAssertEqual(bench.send(unsealed: "84 88 00 00 01 00 00 00 00 00 00 00 00 00 00 00"), [])
        XCTAssertEqual(bench.send(unsealed: "84 28 00 00 01 00 11 00 00 07 08"), [])
        XCTAssertEqual(bench.send(unsealed: "04 08 00 00 01 00 00 00 00 00 00 00 00 00 00 00"), [])
        XCTAssertEqual(bench.send(unsealed: "7e 08 00 00 01 00 00 00 00 00 00 00 00 00 00 00"), [])
        XCTAssertEqual(bench.send([]), [])
        XCTAssertEqual(bench.send([0x84]), [])
        XCTAssertEqual(bench.send(ResponseMessage.seal(Array(repeating: 0x84, count: 5_000))), [])
        XCTAssertEqual(bench.drive.statistics.answers, 0)
    }

    func testAnswerKeepsCategoryAndSlot() throws {
        let bench = try DriveBench()
        for (request, response) in [
            ("84 09 00 00 01 00 00 00 00 00 00 00 00 00 00 00", "84 89 00 00 00"),
            ("84 11 00 00 77", "84 91 00 00 05"),
            ("84 18 00 00 00", "84 98 00 00 03"),
            ("84 21 00 00 00 00 00 00", "84 a1 00 00 03"),
            ("84 08 00 00", "84 88 00 00 05"),
            ("84 00 00 00", "84 80 00 00 05"),
        ] {
            let sent = bench.send(unsealed: request)
            XCTAssertEqual(sent.first.map { Array($0.message.prefix(5)) }, bytes(response))
            XCTAssertEqual(sent.first?.requester, bench.requester)
        }
    }

    /// Every prefix of every request, with a right integrity check, is refused and never traps.
    func testPrefixesOfRequests() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        for opcode in UInt8(0)...0x10 {
            for count in 4...20 {
                let message = bytes("84 08 00 00") + [opcode] + Array(repeating: 0, count: 16)
                _ = bench.send(ResponseMessage.seal(Array(message.prefix(count))))
            }
        }
        for opcode in [UInt8](0...255) {
            for count in [5, 8, 44, 67, 68, 69, 72] {
                let message = bytes("84 10 00 00") + [opcode] + Array(repeating: 0, count: 67)
                _ = bench.send(ResponseMessage.seal(Array(message.prefix(count))))
            }
        }
        XCTAssertEqual(try bench.run(SubsystemHealthStatusPoll()).percentageUsed, 4)
    }

    /// Requests of random bytes, most of them of a form that gets far.
    func testRandomRequests() throws {
        var random = SeededGenerator(seed: 0x5EED)
        let models = DriveDescription.models.map(\.description)
        var benches = try models.map { try DriveBench($0) }
        for round in 0..<20_000 {
            let bench = benches[round % benches.count]
            var message =
                bytes("84 08 00 00") + random.bytes(Int.random(in: 1...80, using: &random))
            message[1] = UInt8.random(in: 0...0x2F, using: &random)
            if message[1] >> 3 == 2, message.count > 68 {
                // Small selectors reach more than random ones do.
                message[6] = 0
                message[7] = 0
                for index in 45..<48 { message[index] &= 0x03 }
            }
            _ = bench.send(ResponseMessage.seal(message))
            bench.now += UInt64.random(in: 0...50, using: &random)
            _ = bench.wait(1)
            if round % 997 == 0 { benches = try models.map { try DriveBench($0) } }
        }
    }
}
