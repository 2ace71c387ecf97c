import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Features, firmware, namespaces, self-test, sanitize and security: the commands that change the
/// drive.
final class MaintenanceTests: XCTestCase {
    private func status(of command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

    // MARK: Features

    func testTemperatureThreshold() throws {
        let bench = try DriveBench()
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 4)).result, 343)
        // Under-temperature, a sensor, and one that is absent.
        XCTAssertEqual(
            try bench.complete(admin(.getFeatures, dword10: 4, dword11: 0x10_0000)).result,
            0
        )
        XCTAssertEqual(
            try bench.complete(admin(.getFeatures, dword10: 4, dword11: 0x1_0000)).result,
            0xFFFF
        )
        XCTAssertEqual(
            try status(of: admin(.getFeatures, dword10: 4, dword11: 0x3_0000), by: bench),
            .invalidField
        )
        XCTAssertEqual(
            try status(of: admin(.setFeatures, dword10: 4, dword11: 300), by: bench),
            .success
        )
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 4)).result, 300)
        // 35 °C is 308 K, now above the threshold.
        XCTAssertEqual(try bench.run(SubsystemHealthStatusPoll()).warnings, .temperature)
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).compositeControllerStatus,
            .criticalWarning
        )
        XCTAssertEqual(
            try status(of: admin(.setFeatures, dword10: 0x8000_0004, dword11: 300), by: bench),
            .featureNotSaveable
        )
    }

    func testFeaturesWithData() throws {
        let bench = try DriveBench()
        let table = try bench.complete(admin(.getFeatures, dword10: 0x0C, length: 256))
        XCTAssertEqual(table.data, Array(repeating: 0, count: 256))
        let states = Array(repeating: UInt8(7), count: 256)
        let set = admin(.setFeatures, dword10: 0x0C, dword11: 1, data: states)
        XCTAssertEqual(try status(of: set, by: bench), .success)
        let changed = try bench.complete(admin(.getFeatures, dword10: 0x0C, length: 256))
        XCTAssertEqual(changed.result, 1)
        XCTAssertEqual(changed.data, states)
        assertRefused(
            try bench.exchange(
                admin(.setFeatures, dword10: 0x0C, data: [1, 2, 3, 4]).encode(slot: .zero)
            ),
            .invalidCommandInputDataSize
        )
    }

    func testTimestampRuns() throws {
        let bench = try DriveBench()
        bench.now = 1_000
        let unset = try bench.complete(admin(.getFeatures, dword10: 0x0E, length: 8)).data
        XCTAssertEqual(unset, bytes("e8 03 00 00 00 00 00 00"))
        let set = admin(.setFeatures, dword10: 0x0E, data: bytes("00 00 00 00 01 00 00 00"))
        XCTAssertEqual(try status(of: set, by: bench), .success)
        bench.now = 1_005
        let later = try bench.complete(admin(.getFeatures, dword10: 0x0E, length: 8)).data
        XCTAssertEqual(later, bytes("05 00 00 00 01 00 02 00"))
    }

    func testSelectedValuesOfAFeature() throws {
        let bench = try DriveBench()
        _ = try bench.complete(admin(.setFeatures, dword10: 0x02, dword11: 1))
        for (select, value) in [(0, 1), (1, 0), (2, 0), (3, 5)] as [(UInt32, UInt32)] {
            XCTAssertEqual(
                try bench.complete(admin(.getFeatures, dword10: 0x02 | select << 8)).result,
                value
            )
        }
        _ = try bench.complete(admin(.setFeatures, dword10: 0x8000_0002, dword11: 2))
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 0x202)).result, 2)
        bench.drive.reset(at: 0)
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 0x02)).result, 2)
        XCTAssertEqual(
            try status(of: admin(.setFeatures, dword10: 0x02, dword11: 3), by: bench),
            .invalidField
        )
        XCTAssertEqual(
            try status(of: admin(.getFeatures, dword10: 0x402), by: bench),
            .invalidField
        )
        XCTAssertEqual(try status(of: admin(.getFeatures, dword10: 0x01), by: bench), .invalidField)
    }

    // MARK: Firmware

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
            dword11: 100,
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

    // MARK: Namespaces

    private func createData(blocks: UInt64, format: UInt8 = 0, shared: Bool = false) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(blocks)
        writer.append(blocks)
        writer.append(zeros: 10)
        writer.append(format)
        writer.append(zeros: 3)
        writer.append(UInt8(shared ? 1 : 0))
        writer.append(zeros: 4_096 - writer.count)
        return writer.bytes
    }

    func testLifeOfANamespace() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        let free = try bench.run(Identify.controller(0)).unallocatedNVMCapacity
        let create = admin(
            .namespaceManagement,
            data: createData(blocks: 1_000, format: 2, shared: true)
        )
        let reply = try bench.complete(create)
        XCTAssertEqual(reply.status, .success)
        XCTAssertEqual(reply.result, 5)
        XCTAssertEqual(
            try bench.run(Identify.controller(0)).unallocatedNVMCapacity,
            free - 4_096_000
        )
        XCTAssertEqual(
            try bench.run(Identify.allocatedNamespaces(on: 0)).namespaces,
            [1, 2, 3, 4, 5, 9]
        )
        XCTAssertEqual(try bench.run(Identify.activeNamespaces(on: 0)).namespaces, [1, 2, 4])

        let both = ControllerList([0, 1]).paddedData
        let attach = admin(.namespaceAttachment, namespace: 5, data: both)
        XCTAssertEqual(try status(of: attach, by: bench), .success)
        XCTAssertEqual(try bench.run(Identify.activeNamespaces(on: 1)).namespaces, [1, 3, 4, 5])
        XCTAssertEqual(try status(of: attach, by: bench).rawValue, 0x118)
        XCTAssertTrue(
            try bench.run(SubsystemHealthStatusPoll()).compositeControllerStatus
                .contains(.namespaceAttribute)
        )

        let detach = admin(
            .namespaceAttachment,
            namespace: 5,
            dword10: 1,
            data: ControllerList([1]).paddedData
        )
        XCTAssertEqual(try status(of: detach, by: bench), .success)
        XCTAssertEqual(try status(of: detach, by: bench).rawValue, 0x11A)

        let delete = admin(
            .namespaceManagement,
            namespace: 5,
            dword10: 1,
            data: Array(repeating: 0, count: 4_096)
        )
        XCTAssertEqual(try status(of: delete, by: bench), .success)
        XCTAssertEqual(try status(of: delete, by: bench), .invalidNamespaceOrFormat)
        XCTAssertEqual(try bench.run(Identify.controller(0)).unallocatedNVMCapacity, free)
    }

    func testNamespacesThatCannotBeMade() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        for (data, code) in [
            (createData(blocks: 1 << 50), 0x115), (createData(blocks: .max), 0x115),
            (createData(blocks: 8, format: 9), 0x10A), (createData(blocks: 0), 0x002),
        ] as [([UInt8], UInt16)] {
            XCTAssertEqual(
                try status(of: admin(.namespaceManagement, data: data), by: bench).rawValue,
                code
            )
        }
        let thin = createData(blocks: 8).enumerated().map { $0.offset == 8 ? 4 : $0.element }
        XCTAssertEqual(
            try status(of: admin(.namespaceManagement, data: thin), by: bench).rawValue,
            0x11B
        )
        var zoned = admin(.namespaceManagement, data: createData(blocks: 8))
        zoned.dword11 = 2 << 24
        XCTAssertEqual(try status(of: zoned, by: bench).rawValue, 0x129)
    }

    func testAttachmentsThatAreNotAllowed() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        for (namespace, list, code) in [
            (2, [1], 0x119), (9, [0, 1], 0x119), (9, [7], 0x11C), (9, [], 0x11C),
            (9, [0, 0], 0x11C), (77, [0], 0x00B),
        ] as [(UInt32, [UInt16], UInt16)] {
            let command = admin(
                .namespaceAttachment,
                namespace: namespace,
                data: ControllerList(list).paddedData
            )
            XCTAssertEqual(
                try status(of: command, by: bench).rawValue,
                code,
                "\(namespace) \(list)"
            )
        }
    }

    func testNewNamespaceHasIdentifiersOfItsOwn() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        let create = admin(.namespaceManagement, data: createData(blocks: 8))
        let delete = admin(
            .namespaceManagement,
            namespace: 5,
            dword10: 1,
            data: Array(repeating: 0, count: 4_096)
        )
        XCTAssertEqual(try bench.complete(create).result, 5)
        let first = try bench.run(Identify.allocatedNamespace(5, on: 0)).nguid
        XCTAssertEqual(try status(of: delete, by: bench), .success)
        XCTAssertEqual(try bench.complete(create).result, 5)
        XCTAssertNotEqual(try bench.run(Identify.allocatedNamespace(5, on: 0)).nguid, first)
    }

    func testFormat() throws {
        var description = DriveDescription()
        description.formatTime = 500
        let bench = try DriveBench(description)
        let command = admin(.formatNVM, namespace: 1, dword10: 1)
        XCTAssertEqual(bench.send(command.encode(slot: .zero)), [])
        XCTAssertEqual(bench.wait(500).count, 1)
        let namespace = try bench.run(Identify.namespace(1, on: 0))
        XCTAssertEqual(namespace.format?.dataSize, 4_096)
        XCTAssertEqual(namespace.sizeInBytes, 960_197_124_096)
        XCTAssertEqual(namespace.utilization, 0)
    }

    func testFormatsThatAreNotAllowed() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        for (namespace, dword10, code) in [
            (1, 0x0F, 0x10A), (1, 0x20, 0x10A), (4, 0x00, 0x020), (5, 0x00, 0x00B),
            (1, 0x600, 0x002), (0xFFFF_FFFF, 0x00, 0x020),
        ] as [(UInt32, UInt32, UInt16)] {
            let command = admin(.formatNVM, namespace: namespace, dword10: dword10)
            XCTAssertEqual(try status(of: command, by: bench).rawValue, code)
        }
        // Protection information fits into the metadata of format 1.
        XCTAssertEqual(
            try status(of: admin(.formatNVM, namespace: 1, dword10: 0x21), by: bench),
            .success
        )
        XCTAssertEqual(try bench.run(Identify.namespace(1, on: 0)).protectionType, 1)
    }

    // MARK: Self-test and sanitize

    func testSelfTest() throws {
        let bench = try DriveBench()
        XCTAssertEqual(
            try status(of: admin(.deviceSelfTest, namespace: 1, dword10: 1), by: bench),
            .success
        )
        bench.now = 400
        var log = try bench.run(GetLogPage.selfTest(on: 0))
        XCTAssertEqual(log.currentOperation, .short)
        XCTAssertEqual(log.currentCompletion, 40)
        XCTAssertEqual(
            try status(of: admin(.deviceSelfTest, dword10: 2), by: bench),
            .selfTestInProgress
        )
        bench.now = 1_000
        log = try bench.run(GetLogPage.selfTest(on: 0))
        XCTAssertEqual(log.currentOperation, .none)
        XCTAssertEqual(log.results[0].outcome, .completed)
        XCTAssertEqual(log.results[0].namespace, 1)
        XCTAssertEqual(log.results[1].outcome, .unused)
        XCTAssertEqual(
            try status(of: admin(.deviceSelfTest, dword10: 2), by: bench),
            .success
        )
        XCTAssertEqual(
            try status(of: admin(.deviceSelfTest, dword10: 0xF), by: bench),
            .success
        )
        log = try bench.run(GetLogPage.selfTest(on: 0))
        XCTAssertEqual(log.results.prefix(2).map(\.outcome), [.abortedByCommand, .completed])
        XCTAssertEqual(
            try status(of: admin(.deviceSelfTest, dword10: 5), by: bench),
            .invalidField
        )
        XCTAssertEqual(
            try status(of: admin(.deviceSelfTest, namespace: 9, dword10: 1), by: bench),
            .invalidNamespaceOrFormat
        )
    }

    func testResetAbortsTheSelfTest() throws {
        let bench = try DriveBench()
        _ = try bench.complete(admin(.deviceSelfTest, dword10: 1))
        bench.drive.reset(at: 100)
        let log = try bench.run(GetLogPage.selfTest(on: 0))
        XCTAssertEqual(log.results.first?.outcome, .abortedByControllerReset)
    }

    func testSanitize() throws {
        let bench = try DriveBench()
        XCTAssertEqual(
            try bench.run(GetLogPage.sanitizeStatus(on: 0)).outcome,
            .neverSanitized
        )
        XCTAssertEqual(try status(of: admin(.sanitize, dword10: 2), by: bench), .success)
        bench.now = 500
        var log = try bench.run(GetLogPage.sanitizeStatus(on: 0))
        XCTAssertEqual(log.outcome, .inProgress)
        XCTAssertEqual(log.progress, 16_384)
        XCTAssertEqual(log.commandDword10, 2)
        // What does not go together with it is refused before it is looked at.
        assertRefused(
            try bench.exchange(
                admin(.formatNVM, namespace: 99).encode(slot: .zero)
            ),
            .sanitizeInProgress
        )
        XCTAssertEqual(
            try status(of: admin(.sanitize, dword10: 2), by: bench),
            .sanitizeInProgress
        )
        XCTAssertNoThrow(try bench.run(Identify.controller(0)))
        bench.now = 2_000
        log = try bench.run(GetLogPage.sanitizeStatus(on: 0))
        XCTAssertEqual(log.outcome, .completed)
        XCTAssertEqual(log.progress, 0xFFFF)
        XCTAssertTrue(log.isGlobalDataErased)
        XCTAssertEqual(try bench.run(Identify.namespace(1, on: 0)).utilization, 0)
    }

    func testSanitizeThatFails() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        bench.drive.failNextSanitize()
        _ = try bench.complete(admin(.sanitize, dword10: 4))
        bench.now = 2_000
        XCTAssertEqual(try bench.run(GetLogPage.sanitizeStatus(on: 0)).outcome, .failed)
        XCTAssertTrue(
            try bench.run(SubsystemHealthStatusPoll()).status.contains(.sanitizeFailureMode)
        )
        XCTAssertEqual(try status(of: admin(.sanitize, dword10: 1), by: bench), .success)
        XCTAssertFalse(
            try bench.run(SubsystemHealthStatusPoll()).status.contains(.sanitizeFailureMode)
        )
    }

    func testSanitizeClearsTheEndpointBuffer() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        try bench.run(ManagementEndpointBufferWrite(offset: 0, data: [9]))
        _ = try bench.complete(admin(.sanitize, dword10: 4))
        bench.now = 2_000
        let read = ManagementEndpointBufferRead(offset: 0, length: 1)
        assertRefused(
            try bench.exchange(read.encode(slot: .zero)),
            .managementEndpointBufferCleared
        )
        XCTAssertEqual(try bench.run(read), [0])
    }

    // MARK: Security

    func testSecurityProtocols() throws {
        let bench = try DriveBench()
        let list = try bench.complete(admin(.securityReceive, dword11: 512, length: 512)).data
        XCTAssertEqual(list.prefix(10), bytes("00 00 00 00 00 00 00 02 00 f0")[...])
        let send = admin(
            .securitySend,
            dword10: 0xF000_0000,
            dword11: 3,
            data: [1, 2, 3, 0]
        )
        XCTAssertEqual(try status(of: send, by: bench), .success)
        let receive = admin(.securityReceive, dword10: 0xF000_0000, dword11: 8, length: 8)
        XCTAssertEqual(try bench.complete(receive).data, [1, 2, 3, 0, 0, 0, 0, 0])
        let unknown = admin(.securityReceive, dword10: 0x0100_0000, dword11: 8, length: 8)
        XCTAssertEqual(try status(of: unknown, by: bench), .invalidField)
    }
}
