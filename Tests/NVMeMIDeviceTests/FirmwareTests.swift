import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Firmware Image Download and Firmware Commit.
final class FirmwareTests: XCTestCase {
    private func status(of command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

    private func download(_ image: [UInt8], to bench: DriveBench) throws {
        for start in stride(from: 0, to: image.count, by: 4_096) {
            let piece = Array(image[start..<min(start + 4_096, image.count)])
            let command = admin(
                .firmwareImageDownload,
                dword10: UInt32(piece.count / 4 - 1),
                dword11: UInt32(start / 4),
                data: piece
            )
            XCTAssertEqual(try status(of: command, by: bench), .success)
        }
    }

    private func image(_ revision: String, size: Int = 8_192) -> [UInt8] {
        let start = Array("SIMULATED-FIRMWARE \(revision)\n".utf8)
        return start + Array(repeating: 0xF1, count: size - start.count)
    }

    func testPiecesBeginWhereTheGranularityHasThem() throws {
        let bench = try DriveBench()
        XCTAssertEqual(try bench.run(Identify.controller(0)).firmwareUpdateGranularity, 1)
        for (dwords, expected) in [
            (1, NVMeStatus.invalidField), (1023, .invalidField), (1024, .success), (2048, .success),
        ] as [(UInt32, NVMeStatus)] {
            let command = admin(
                .firmwareImageDownload,
                dword10: 0,
                dword11: dwords,
                data: [1, 2, 3, 4]
            )
            XCTAssertEqual(try status(of: command, by: bench), expected, "\(dwords)")
        }
    }

    func testFirmwareUpdateWithReset() throws {
        let bench = try DriveBench()
        try download(image("2.0.0"), to: bench)
        // Slot 2, replace and activate at reset.
        let commit = admin(.firmwareCommit, dword10: 0x0A)
        XCTAssertEqual(try status(of: commit, by: bench), .firmwareNeedsSubsystemReset)
        var log = try bench.run(GetLogPage.firmwareSlots(on: 0))
        XCTAssertEqual([log.activeSlot, log.nextActiveSlot], [1, 2])
        XCTAssertEqual(log.slot2, "2.0.0")
        XCTAssertEqual(try bench.run(Identify.controller(0)).firmwareRevision, "1.0.0")
        bench.drive.reset(at: 0)
        XCTAssertEqual(try bench.run(Identify.controller(0)).firmwareRevision, "2.0.0")
        log = try bench.run(GetLogPage.firmwareSlots(on: 0))
        XCTAssertEqual([log.activeSlot, log.nextActiveSlot], [2, 0])
        XCTAssertTrue(
            try bench.run(SubsystemHealthStatusPoll()).compositeControllerStatus
                .contains(.firmwareActivated)
        )
        XCTAssertEqual(bench.drive.errorLog.count, 3)
    }

    func testFirmwareUpdateAtOnce() throws {
        let bench = try DriveBench()
        try download(image("3.1"), to: bench)
        XCTAssertEqual(
            try status(of: admin(.firmwareCommit, dword10: 0x1B), by: bench),
            .success
        )
        XCTAssertEqual(try bench.run(Identify.controller(0)).firmwareRevision, "3.1")
        XCTAssertEqual(try bench.run(GetLogPage.firmwareSlots(on: 0)).activeSlot, 3)
    }

    func testFirmwareThatCannotBeCommitted() throws {
        let bench = try DriveBench()
        let commit = admin(.firmwareCommit, dword10: 0x0A)
        XCTAssertEqual(try status(of: commit, by: bench), .invalidFirmwareImage)
        try download(Array(repeating: 0, count: 64), to: bench)
        XCTAssertEqual(try status(of: commit, by: bench), .invalidFirmwareImage)
        // An image with a hole.
        let gap = admin(
            .firmwareImageDownload,
            dword10: 0,
            dword11: 1024,
            data: [0, 0, 0, 0]
        )
        try download(image("9"), to: bench)
        XCTAssertEqual(
            try status(of: gap, by: bench).rawValue,
            0x114,
            "overlaps with what is there"
        )
        XCTAssertEqual(
            try status(of: admin(.firmwareCommit, dword10: 0x0C), by: bench),
            .invalidFirmwareSlot
        )
        // Slot 3 is empty, so that it cannot be activated as it is.
        XCTAssertEqual(
            try status(of: admin(.firmwareCommit, dword10: 0x13), by: bench),
            .invalidFirmwareSlot
        )
        XCTAssertEqual(
            try status(of: admin(.firmwareCommit, dword10: 0x32), by: bench),
            .invalidField
        )
    }

    func testReadOnlyFirmwareSlot() throws {
        var description = DriveDescription()
        description.isFirstFirmwareSlotReadOnly = true
        let bench = try DriveBench(description)
        try download(image("4"), to: bench)
        XCTAssertEqual(
            try status(of: admin(.firmwareCommit, dword10: 0x09), by: bench),
            .invalidFirmwareSlot
        )
    }
}
