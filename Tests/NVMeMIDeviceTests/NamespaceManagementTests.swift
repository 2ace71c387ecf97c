import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Namespace Management, Namespace Attachment and Format NVM.
final class NamespaceManagementTests: XCTestCase {
    private func status(of command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

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
}
