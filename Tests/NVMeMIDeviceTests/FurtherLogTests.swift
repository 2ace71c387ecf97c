import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Log pages that only some drives have: what stands in them follows from what the drive is and did.
final class FurtherLogTests: XCTestCase {
    private func complete() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("complete")))
    }

    /// A log page by its number, with the specific field (LSP) and identifier (LSI) that select its content.
    private func log(
        _ identifier: UInt32,
        by bench: DriveBench,
        specific: UInt32 = 0,
        selecting element: UInt32 = 0,
        namespace: UInt32 = 0,
        length: UInt32 = 512,
        retains: Bool = true
    ) throws -> AdminReply {
        try bench.complete(
            admin(
                .getLogPage,
                namespace: namespace,
                dword10: identifier | specific << 8 | (retains ? 1 << 15 : 0)
                    | (length / 4 - 1) << 16,
                dword11: element << 16,
                length: length
            )
        )
    }

    private func integer(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> UInt64 {
        bytes[offset..<offset + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func testPagesOfAnEnduranceGroupWantOneThatExists() throws {
        let bench = try complete()
        for identifier in [0x09, 0x0A, 0x16, 0x20, 0x21, 0x22, 0x23] as [UInt32] {
            XCTAssertEqual(
                try log(identifier, by: bench, selecting: 1).status,
                .success,
                "\(identifier)"
            )
            XCTAssertEqual(
                try log(identifier, by: bench, selecting: 7).status.withoutAdvice,
                .invalidField,
                "\(identifier)"
            )
        }
        let group = try log(0x09, by: bench, selecting: 1).data
        XCTAssertEqual(integer(group, 160, 8), bench.drive.description.capacity)
        XCTAssertEqual(group[5], 4)
    }

    func testAccessGroupsDependOnTheController() throws {
        let bench = try complete()
        let page = try log(0x0C, by: bench, length: 1_024).data
        XCTAssertEqual(integer(page, 8, 2), 2)
        // Namespaces 1 and 2 and 4 are attached to controller 0: group 1 with the odd, 2 with the even.
        XCTAssertEqual(integer(page, 16, 4), 1)
        XCTAssertEqual(integer(page, 20, 4), 1)
        XCTAssertEqual(page[32], 1)
        XCTAssertEqual(integer(page, 48, 4), 1)
        let groupsOnly = try log(0x0C, by: bench, specific: 1, length: 1_024).data
        XCTAssertEqual(integer(groupsOnly, 20, 4), 0)
        let before = integer(page, 0, 8)
        bench.drive.noteChange(ofNamespace: 1, controllers: [0])
        XCTAssertEqual(
            integer(try log(0x0C, by: bench, length: 1_024).data, 0, 8),
            before + 1
        )
    }

    func testPersistentEventsStayAsTheyWereUntilReleased() throws {
        let bench = try complete()
        XCTAssertEqual(
            try log(0x0D, by: bench).status.withoutAdvice,
            .commandSequenceError
        )
        let first = try log(0x0D, by: bench, specific: 1, length: 1_024).data
        XCTAssertEqual(integer(first, 4, 4), 1)
        XCTAssertEqual(first[512], 4, "the start")
        XCTAssertEqual(
            try log(0x0D, by: bench, specific: 1).status.withoutAdvice,
            .commandSequenceError
        )
        bench.drive.setTemperature(90, at: bench.now)
        XCTAssertEqual(try log(0x0D, by: bench, length: 1_024).data, first)
        _ = try log(0x0D, by: bench, specific: 2)
        let second = try log(0x0D, by: bench, specific: 1, length: 1_024).data
        XCTAssertEqual(integer(second, 4, 4), 2)
        XCTAssertEqual(second[512], 0x0D, "thermal excursion, newest first")
        XCTAssertEqual(integer(second, 372, 2), 2, "the generation of the context")
        XCTAssertEqual(second[480] & 0x0E, 0x0E)
    }

    func testTelemetryIsCountedAndAcknowledged() throws {
        let bench = try complete()
        XCTAssertEqual(try log(0x07, by: bench).data[381], 0)
        XCTAssertEqual(try log(0x07, by: bench, specific: 1).data[381], 1)
        XCTAssertEqual(try log(0x08, by: bench).data[382], 1)
        _ = try log(0x08, by: bench, retains: false)
        XCTAssertEqual(try log(0x08, by: bench).data[382], 0)
    }

    func testNamespacesThatComeAndGoAreListed() throws {
        let bench = try complete()
        XCTAssertEqual(integer(try log(0x1C, by: bench).data, 0, 4), 0)
        try bench.run(DeleteNamespace(9, on: 0))
        XCTAssertEqual(integer(try log(0x1C, by: bench).data, 0, 4), 9)
        XCTAssertEqual(integer(try log(0x1C, by: bench, retains: false).data, 0, 4), 9)
        XCTAssertEqual(integer(try log(0x1C, by: bench).data, 0, 4), 0)
    }

    func testCountersGrowWithWhatHostsDo() throws {
        var description = DriveDescription()
        description.hostActivity = 60
        let bench = try DriveBench(description)
        let before = try bench.run(GetLogPage.smart(on: 0))
        bench.now += 10_000
        let after = try bench.run(GetLogPage.smart(on: 0))
        XCTAssertEqual(after.dataUnitsRead, before.dataUnitsRead + 10)
        XCTAssertEqual(after.hostWriteCommands, before.hostWriteCommands + 40)
    }

    func testDispersedNamespaceNamesTheSubsystem() throws {
        let bench = try complete()
        let page = try log(0x17, by: bench, namespace: 1).data
        XCTAssertEqual(
            String(decoding: page[256...].prefix { $0 != 0 }, as: UTF8.self),
            bench.drive.description.qualifiedName
        )
        XCTAssertEqual(
            try log(0x17, by: bench, namespace: 77).status.withoutAdvice,
            .invalidNamespaceOrFormat
        )
    }

    func testBootPartitionHoldsWhatWasCommitted() throws {
        let bench = try complete()
        let image = (0..<64).map { UInt8($0) }
        try bench.run(FirmwareImageDownload(image, dwordOffset: 0, on: 0))
        _ = try bench.run(FirmwareCommit(.replaceBootPartition, slot: 0, on: 0))
        let page = try log(0x15, by: bench).data
        XCTAssertEqual(Array(page[16..<80]), image)
        XCTAssertEqual(integer(page, 4, 4), 1)
        var activation = FirmwareCommit(.activateBootPartition, slot: 0, on: 0)
        activation.bootPartition = true
        _ = try bench.run(activation)
        XCTAssertEqual(integer(try log(0x15, by: bench).data, 4, 4), 0x8000_0001)
    }

    func testAncientDriveHasThreePagesAndTheErrorsOfOthers() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("ancient")))
        let answers = try (UInt32(0)...0xFF).filter {
            try log($0, by: bench, retains: false).status == .success
        }
        XCTAssertEqual(answers, [1, 2, 3, 4])
        let identity = try bench.run(Identify.controller(0))
        XCTAssertEqual(identity.version, 0)
        XCTAssertEqual(identity.logPageAttributes.rawValue, 0)
    }
}
