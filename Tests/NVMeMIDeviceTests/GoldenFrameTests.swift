import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Whole messages whose bytes were computed outside of this project.
final class GoldenFrameTests: XCTestCase {
    private let identifyController =
        "84 10 00 00 06 03 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "

    private func answer(
        to frame: String,
        by description: DriveDescription = DriveDescription()
    ) throws -> [UInt8] {
        let sent = try DriveBench(description).send(bytes(frame))
        return try XCTUnwrap(sent.first).message
    }

    func testSubsystemInformation() throws {
        XCTAssertEqual(
            try answer(to: "84 08 00 00 00 00 00 00 00 00 00 00 00 00 00 00 e2 00 06 07"),
            bytes(
                """
                84 88 00 00 00 20 00 00 01 01 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 3c f8 db 52
                """
            )
        )
    }

    /// The port of a drive that others have written down: 120 bytes, 1 MHz, VPD at A6h.
    func testPortInformation() throws {
        var description = DriveDescription()
        description.ports[1].maximumTransmissionUnit = 120
        description.ports[1].vpdFrequency = .fastPlus
        description.ports[1].maximumFrequency = .fastPlus
        let message = try answer(
            to: "84 08 00 00 00 00 00 00 00 00 01 01 00 00 00 00 57 04 27 d0",
            by: description
        )
        XCTAssertEqual(
            Array(message.dropLast(4)),
            bytes("84 88 00 00 00 20 00 00 02 00 78 00 00 00 00 00 a6 03 3a 03 01")
                + Array(repeating: 0, count: 19)
        )
    }

    func testControllerListIsAsShortAsItCanBe() throws {
        let message = try answer(
            to: "84 08 00 00 00 00 00 00 00 00 00 02 00 00 00 00 ba df 24 77"
        )
        XCTAssertEqual(
            Array(message.dropLast(4)),
            bytes("84 88 00 00 00 04 00 00 01 00 00 00")
        )
    }

    func testControllerInformation() throws {
        let message = try answer(
            to: "84 08 00 00 00 00 00 00 00 00 00 03 00 00 00 00 16 b0 35 4f"
        )
        XCTAssertEqual(
            Array(message.dropLast(4)),
            bytes("84 88 00 00 00 20 00 00 00 00 00 00 00 01 00 01 e5 1d a0 51 e5 1d 01 00")
                + Array(repeating: 0, count: 16)
        )
    }

    func testSubsystemHealth() throws {
        var description = DriveDescription()
        description.ports[0].currentLinkSpeed = 0
        description.health.temperature = 46
        description.health.percentageUsed = 1
        let bench = try DriveBench(description)
        bench.drive.note(.ready)
        bench.endpoint.compositeFlags.remove(.controllerStatus)
        let sent = bench.send(
            bytes("84 08 00 00 01 00 00 00 00 00 00 00 00 00 00 80 aa ef 81 b4")
        )
        XCTAssertEqual(
            sent.first?.message,
            bytes("84 88 00 00 00 00 00 00 30 ff 2e 01 01 00 00 00 11 a7 bd b0")
        )
    }

    func testControllerHealth() throws {
        let message = try answer(
            to: "84 08 00 00 02 00 00 00 00 00 fe 81 00 00 00 00 57 57 dd 6d"
        )
        XCTAssertEqual(
            Array(message.dropLast(4)),
            bytes("84 88 00 00 00 00 00 01 00 00 21 00 34 01 01 64 00 00 00 00 00 00 00 00")
        )
    }

    func testTransmissionUnit() throws {
        let bench = try DriveBench()
        let get = bytes("84 08 00 00 04 00 00 00 03 00 00 01 00 00 00 00 e7 b8 94 21")
        let set = bytes("84 08 00 00 03 00 00 00 03 00 00 01 fa 00 00 00 7e e7 a5 39")
        XCTAssertEqual(
            try XCTUnwrap(bench.send(get).first).message.prefix(8),
            bytes("84 88 00 00 00 40 00 00")[...]
        )
        XCTAssertEqual(
            bench.send(set).first?.message,
            bytes("84 88 00 00 00 00 00 00 24 55 77 22")
        )
        XCTAssertEqual(
            try XCTUnwrap(bench.send(get).first).message.prefix(8),
            bytes("84 88 00 00 00 fa 00 00")[...]
        )
    }

    func testIdentifyController() throws {
        let rest =
            "00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
        let whole = try answer(
            to: identifyController + "00 00 00 00 00 10 00 00 " + rest + "00 00 00 00 a2 46 94 65"
        )
        XCTAssertEqual(whole.count, 20 + 4_096 + 4)
        let start = try answer(
            to: identifyController + "00 00 00 00 48 00 00 00 " + rest + "00 00 00 00 2d e1 50 22"
        )
        XCTAssertEqual(start.count, 20 + 72 + 4)
        XCTAssertEqual(start.dropLast(4), whole.prefix(92))
        XCTAssertEqual(
            String(decoding: start[24..<44], as: UTF8.self),
            "SIM00000001         "
        )
        XCTAssertEqual(String(decoding: start[84..<92], as: UTF8.self), "1.0.0   ")
    }

    func testSmartLog() throws {
        let message = try answer(
            to: """
                84 10 00 00 02 03 00 00 ff ff ff ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                00 00 00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 02 00 7f 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 74 bd 95 c2
                """
        )
        XCTAssertEqual(message.count, 20 + 512 + 4)
        // Critical warning, 308 K, spare, its threshold, life used.
        XCTAssertEqual(message[20..<26], bytes("00 34 01 64 0a 01")[...])
        // Sensors at 36 and 41 degrees.
        XCTAssertEqual(message[220..<224], bytes("35 01 3a 01")[...])
    }

    func testGetState() throws {
        XCTAssertEqual(
            try answer(to: "84 00 00 00 03 5a 00 00 21 be ef 3b"),
            bytes("84 80 00 00 00 5a 00 00 ec 39 a3 ac")
        )
    }

    func testAbortOfIdleSlot() throws {
        XCTAssertEqual(
            try answer(to: "84 01 00 00 02 01 00 00 b4 3b 11 eb").dropLast(4),
            bytes("84 81 00 00 00 01 00 00")[...]
        )
    }

    func testRefusals() throws {
        let bench = try DriveBench()
        XCTAssertEqual(
            bench.send(unsealed: "84 08 00 00 0f 00 00 00 00 00 00 00 00 00 00 00").first?.message,
            bytes("84 88 00 00 03 00 00 00 1d dc 55 40")
        )
        XCTAssertEqual(
            bench.send(unsealed: "84 08 00 00 04 00 00 00 05 00 00 00 00 00 00 00").first?.message,
            bytes("84 88 00 00 04 00 08 00 6f a7 41 c4")
        )
        XCTAssertEqual(
            bench.send(unsealed: "84 08 00 00 01 00 00 00 00 00 00 00").first?.message,
            bytes("84 88 00 00 05 00 00 00 6f ce 10 84")
        )
        XCTAssertEqual(
            bench.send(unsealed: "84 08 00 00 01 00 00 00 00 00 00 00 00 00 00 00 aa")
                .first?.message,
            bytes("84 88 00 00 06 00 00 00 56 47 32 e6")
        )
    }

    func testCompletionWithError() throws {
        let bench = try DriveBench()
        let command = admin(.identify, dword10: 0x77, length: 4_096)
        XCTAssertEqual(
            bench.send(command.encode(slot: .zero)).first?.message,
            bytes(
                "84 90 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 04 80 e3 17 7c 44"
            )
        )
    }

    func testMoreProcessingRequired() throws {
        let bench = try DriveBench()
        var fault = Fault(.moreProcessing)
        fault.time = 3_000
        bench.drive.setFault(fault)
        let command = admin(.identify, dword10: 1, length: 72)
        XCTAssertEqual(
            bench.send(command.encode(slot: .zero)).first?.message,
            bytes("84 90 00 00 01 00 1e 00 62 9b 5a e6")
        )
    }
}
