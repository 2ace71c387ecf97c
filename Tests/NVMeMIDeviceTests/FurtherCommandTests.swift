import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Commands that only some drives have, and what they change elsewhere.
final class FurtherCommandTests: XCTestCase {
    private func complete() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("complete")))
    }

    private func status(_ command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

    private func list(
        _ structure: UInt32,
        by bench: DriveBench,
        namespace: UInt32 = 0
    ) throws
        -> [UInt8]
    {
        try bench.complete(
            admin(.identify, namespace: namespace, dword10: structure, length: 4_096)
        ).data
    }

    func testCapacityManagement() throws {
        let bench = try complete()
        XCTAssertEqual(Array(try list(0x19, by: bench).prefix(4)), [1, 0, 1, 0])
        // All of the capacity is the first group's.
        let create = admin(.capacityManagement, dword10: 1, dword11: 1 << 30)
        XCTAssertEqual(try status(create, by: bench), .insufficientCapacity)
        XCTAssertEqual(
            try status(admin(.capacityManagement, dword10: 2 | 5 << 16), by: bench),
            .invalidField
        )
        XCTAssertEqual(
            try status(admin(.capacityManagement, dword10: 2 | 1 << 16), by: bench),
            .success
        )
        // The group's namespaces went with it.
        XCTAssertEqual(Array(try list(0x10, by: bench).prefix(4)), [0, 0, 0, 0])
        let made = try bench.complete(create)
        XCTAssertEqual(made.result, 1)
        let set = try bench.complete(
            admin(.capacityManagement, dword10: 3 | 1 << 16, dword11: 1 << 29)
        )
        XCTAssertEqual(set.result, 1)
        let sets = try list(0x04, by: bench)
        XCTAssertEqual([sets[0], sets[128], sets[130]], [1, 1, 1])
        // A namespace cannot be larger than the set that it is in.
        let blocks = UInt64(1 << 30) / 512
        XCTAssertThrowsError(
            try bench.run(CreateNamespace(.init(size: blocks, capacity: blocks), on: 0))
        )
        XCTAssertNoThrow(try bench.run(CreateNamespace(.init(size: 8, capacity: 8), on: 0)))
    }

    func testLockdownOutOfBand() throws {
        let bench = try complete()
        let prohibit = { (scope: UInt32, code: UInt32, on: UInt32) in
            admin(.lockdown, dword10: scope | on << 4 | 1 << 5 | code << 8)
        }
        let format = admin(.formatNVM, namespace: 9)
        XCTAssertEqual(try status(prohibit(0, 0x80, 1), by: bench), .success)
        XCTAssertEqual(try status(format, by: bench), .prohibitedByLockdown)
        XCTAssertEqual(try status(prohibit(0, 0x80, 0), by: bench), .success)
        XCTAssertEqual(try status(format, by: bench), .success)
        XCTAssertEqual(try status(prohibit(0, 0x06, 1), by: bench), .invalidField)
        XCTAssertEqual(try status(prohibit(3, 0x06, 1), by: bench), .success)
        assertRefused(
            try bench.exchange(VPDWrite(offset: 0, data: [1]).encode(slot: .zero)),
            .accessDenied
        )
        XCTAssertEqual(try status(prohibit(2, 0x04, 1), by: bench), .success)
        XCTAssertEqual(
            try status(admin(.setFeatures, dword10: 4, dword11: 350), by: bench),
            .prohibitedByLockdown
        )
        let page = try bench.complete(
            admin(.getLogPage, dword10: 0x7F_1314, length: 512)
        ).data
        XCTAssertEqual(Array(page[3..<5]), [1, 6])
    }

    func testShutdownKeepsCommandsFromTheMediaUnlessTheyIgnoreIt() throws {
        let bench = try complete()
        try bench.run(SubsystemShutdown(.normal))
        var format = admin(.formatNVM, namespace: 9)
        XCTAssertEqual(try status(format, by: bench), .adminCommandMediaNotReady)
        XCTAssertEqual(try status(admin(.identify, dword10: 1, length: 4_096), by: bench), .success)
        format.ignoresShutdown = true
        XCTAssertEqual(try status(format, by: bench), .success)
        bench.drive.reset(at: bench.now)
        format.ignoresShutdown = false
        XCTAssertEqual(try status(format, by: bench), .success)
    }

    func testVirtualization() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("sr-iov")))
        let manage = { (action: UInt32, controller: UInt32, type: UInt32, count: UInt32) in
            admin(
                .virtualizationManagement,
                dword10: action | type << 8 | controller << 16,
                dword11: count
            )
        }
        XCTAssertEqual(
            try status(manage(8, 999, 0, 2), by: bench),
            .invalidControllerIdentifier
        )
        // Controller 1 is online, 20 is not and has nothing yet.
        XCTAssertEqual(try status(manage(8, 1, 0, 2), by: bench).code, 0x20)
        XCTAssertEqual(try status(manage(9, 20, 0, 0), by: bench).code, 0x20)
        XCTAssertEqual(try status(manage(8, 20, 2, 2), by: bench).code, 0x22)
        XCTAssertEqual(try status(manage(8, 20, 0, 99), by: bench).code, 0x21)
        XCTAssertEqual(try bench.complete(manage(8, 20, 0, 4)).result, 4)
        XCTAssertEqual(try status(manage(8, 20, 1, 3), by: bench), .success)
        XCTAssertEqual(try status(manage(9, 20, 0, 0), by: bench), .success)
        let page = try list(0x15 | 20 << 16, by: bench)
        XCTAssertEqual(Array(page[32..<46]), [20, 0, 0, 0, 1, 0, 0, 0, 20, 0, 4, 0, 3, 0])
    }

    func testLBAStatus() throws {
        let bench = try complete()
        var command = admin(.getLBAStatus, namespace: 1, dword12: 63, length: 256)
        command.dword13 = 0x0200_0000
        let reply = try bench.complete(command)
        XCTAssertEqual(reply.data[0], 1)
        command.dword13 = 0x1000_0000
        XCTAssertEqual(try bench.complete(command).data[0], 0)
        command.dword13 = 0x7700_0000
        XCTAssertEqual(try status(command, by: bench), .invalidField)
        command.namespace = 3
        XCTAssertEqual(try status(command, by: bench), .invalidNamespaceOrFormat)
        command.namespace = 1
        command.dword11 = 0xFFFF
        XCTAssertEqual(try status(command, by: bench).code, 0x80)
    }

    func testPCIeCommands() throws {
        let bench = try complete()
        let identity = try bench.run(
            PCIeCommand(.configurationRead, controller: 0, offset: 0, length: 4)
        )
        XCTAssertEqual(identity, [0xE5, 0x1D, 0xA5, 0x51])
        let version = try bench.run(
            PCIeCommand(.memoryRead, controller: 0, offset: 8, length: 4)
        )
        XCTAssertEqual(version, [0, 1, 2, 0])
        try bench.run(
            PCIeCommand(
                .ioWrite,
                controller: 1,
                baseAddressRegister: 2,
                offset: 4,
                data: [1, 2, 3, 4]
            )
        )
        XCTAssertEqual(
            try bench.run(
                PCIeCommand(
                    .ioRead,
                    controller: 1,
                    baseAddressRegister: 2,
                    offset: 4,
                    length: 4
                )
            ),
            [1, 2, 3, 4]
        )
        let refused: [(PCIeCommand, ManagementStatus, UInt16?)] = [
            (
                PCIeCommand(.configurationRead, controller: 9, offset: 0, length: 4),
                .invalidParameter, 6
            ),
            (
                PCIeCommand(.configurationRead, controller: 0, offset: 4_095, length: 4),
                .invalidParameter, 8
            ),
            (
                PCIeCommand(.memoryRead, controller: 0, offset: 1 << 40, length: 4),
                .invalidParameter, 12
            ),
            (
                PCIeCommand(
                    .ioRead,
                    controller: 0,
                    baseAddressRegister: 1,
                    offset: 0,
                    length: 4
                ), .invalidParameter, 10
            ),
            (
                PCIeCommand(.configurationWrite, controller: 0, offset: 0, data: [0, 0, 0, 0]),
                .accessDenied, nil
            ),
        ]
        for (command, expected, byte) in refused {
            assertRefused(
                try bench.exchange(command.encode(slot: .zero)),
                expected,
                byte: byte
            )
        }
        let plain = try DriveBench()
        assertRefused(
            try plain.exchange(
                PCIeCommand(.configurationRead, controller: 0, offset: 0, length: 4)
                    .encode(slot: .zero)
            ),
            .invalidCommandOpcode
        )
    }

    func testCommandsOfTheVendor() throws {
        let bench = try complete()
        let echo = try bench.run(
            RawManagementCommand(opcode: 0xC0, dword0: 0x12_3456, data: [7, 8, 9])
        )
        XCTAssertEqual(echo, ManagementReply(response: 0x12_3456, data: [7, 8, 9]))
        let store = admin(AdminOpcode(rawValue: 0xC1), dword12: 0x99, data: [1, 2, 3, 4])
        XCTAssertEqual(try bench.complete(store).result, 4)
        let recalled = try bench.complete(admin(AdminOpcode(rawValue: 0xC2), length: 4))
        XCTAssertEqual(recalled.data, [1, 2, 3, 4])
        XCTAssertEqual(recalled.result, 0x99)
    }

    func testProhibitedCommandsAreRefused() throws {
        for model in DriveDescription.models {
            let bench = try DriveBench(model.description)
            for opcode in [
                0x00, 0x01, 0x04, 0x05, 0x08, 0x0C, 0x18, 0x19, 0x1A, 0x1D, 0x1E, 0x7C, 0x7F,
            ]
                as [UInt8]
            {
                var message = admin(.identify).encode(slot: .zero).dropLast(4).map(\.self)
                message[4] = opcode
                assertRefused(
                    try bench.exchange(ResponseMessage.seal(message)),
                    .invalidCommandOpcode
                )
            }
        }
    }

    func testAttachmentLimit() throws {
        var description = try XCTUnwrap(DriveDescription.model("complete"))
        description.maximumAttachments = 3
        let bench = try DriveBench(description)
        let blocks = UInt64(8)
        let created = try bench.run(CreateNamespace(.init(size: blocks, capacity: blocks), on: 0))
        XCTAssertThrowsError(
            try bench.run(NamespaceAttachment(.attach, created, controllers: [0], on: 0))
        ) { error in
            XCTAssertTrue("\(error)".contains("SC 27h"), "\(error)")
        }
    }
}
