import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Identify: controllers, namespaces and the lists of them.
final class IdentifyTests: XCTestCase {
    private func dualPort() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    private func status(
        of structure: UInt32,
        namespace: UInt32 = 0,
        by bench: DriveBench
    ) throws -> NVMeStatus {
        let command = admin(.identify, namespace: namespace, dword10: structure, length: 4_096)
        return try bench.complete(command).status.withoutAdvice
    }

    func testController() throws {
        let identity = try DriveBench().run(Identify.controller(0))
        XCTAssertEqual(identity.serialNumber, "SIM00000001")
        XCTAssertEqual(identity.modelNumber, "Simulated NVMe Drive")
        XCTAssertEqual(identity.firmwareRevision, "1.0.0")
        XCTAssertEqual(identity.version, 0x0001_0400)
        XCTAssertEqual(identity.controllerType, .io)
        XCTAssertEqual(identity.warningTemperatureThreshold, 343)
        XCTAssertEqual(identity.criticalTemperatureThreshold, 353)
        XCTAssertEqual(identity.totalNVMCapacity, 960_197_124_096)
        XCTAssertEqual(identity.unallocatedNVMCapacity, 0)
        XCTAssertEqual(identity.managementEndpointCapabilities, .twoWirePort)
        XCTAssertEqual(identity.subsystemReport, .storageDevice)
        XCTAssertTrue(identity.subsystemNQN.hasPrefix("nqn.2014-08.org.nvmexpress:uuid:"))
        XCTAssertTrue(identity.optionalAdminCommands.contains(.namespaceManagement))
        XCTAssertEqual(identity.powerStates.prefix(3).map(\.maximumPower), [2_500, 1_400, 500])
    }

    func testEachControllerSaysWhichItIs() throws {
        let bench = try dualPort()
        for controller in [0, 1] as [UInt16] {
            let identity = try bench.run(Identify.controller(controller))
            XCTAssertEqual(identity.controllerID, controller)
            XCTAssertEqual(
                identity.multipathCapabilities,
                [.multiplePorts, .multipleControllers]
            )
        }
    }

    func testBareDriveOffersNothingOptional() throws {
        let identity = try DriveBench(try XCTUnwrap(DriveDescription.model("m2")))
            .run(Identify.controller(0))
        XCTAssertEqual(identity.optionalAdminCommands, [])
        XCTAssertFalse(identity.isVPDWritesRemainingValid)
        XCTAssertEqual(identity.sanitizeCapabilities, [])
        XCTAssertEqual(identity.controllerType, .notReported)
    }

    func testNamespace() throws {
        let bench = try DriveBench()
        let namespace = try bench.run(Identify.namespace(1, on: 0))
        XCTAssertEqual(namespace.size, 960_197_124_096 / 512)
        XCTAssertEqual(namespace.utilization, 960_197_124_096 / 512 / 100 * 50)
        XCTAssertEqual(namespace.nvmCapacity, 960_197_124_096)
        XCTAssertEqual(namespace.format?.dataSize, 512)
        XCTAssertEqual(namespace.supportedFormats.map(\.dataSize), [512, 4_096])
        XCTAssertEqual(namespace.nguid.count, 16)
        XCTAssertNotEqual(namespace.nguid, Array(repeating: 0, count: 16))
    }

    func testDescriptorsAgreeWithTheNamespace() throws {
        let bench = try dualPort()
        let namespace = try bench.run(Identify.namespace(1, on: 0))
        let descriptors = try bench.run(Identify.namespaceDescriptors(1, on: 0))
        XCTAssertEqual(descriptors[.eui64], namespace.eui64)
        XCTAssertEqual(descriptors[.nguid], namespace.nguid)
        XCTAssertEqual(descriptors[.uuid]?.count, 16)
        XCTAssertEqual(descriptors[.ioCommandSet], [0])
        XCTAssertEqual(try status(of: 0x03, namespace: 9, by: bench), .invalidNamespaceOrFormat)
    }

    func testIdentifiersAreTheDrivesOwn() throws {
        let first = try DriveBench(DriveDescription().individual(1))
        let second = try DriveBench(DriveDescription().individual(2))
        XCTAssertNotEqual(
            try first.run(Identify.namespace(1, on: 0)).nguid,
            try second.run(Identify.namespace(1, on: 0)).nguid
        )
        XCTAssertNotEqual(
            try first.run(Identify.controller(0)).subsystemNQN,
            try second.run(Identify.controller(0)).subsystemNQN
        )
        XCTAssertNotEqual(first.drive.description.uuid, second.drive.description.uuid)
    }

    func testNamespacesThatAreNotThere() throws {
        let bench = try dualPort()
        // 3 is attached elsewhere, 5 could exist, 129 never can.
        XCTAssertEqual(try bench.run(Identify.namespace(3, on: 0)).size, 0)
        XCTAssertEqual(try bench.run(Identify.namespace(5, on: 0)).size, 0)
        for namespace in [0, 129, 0xFFFF_FFFE] as [UInt32] {
            XCTAssertEqual(
                try status(of: 0x00, namespace: namespace, by: bench),
                .invalidNamespaceOrFormat
            )
        }
    }

    func testWhatAllNamespacesHaveInCommon() throws {
        let common = try dualPort().run(Identify.namespace(0xFFFF_FFFF, on: 0))
        XCTAssertEqual(common.size, 0)
        XCTAssertEqual(common.supportedFormats.count, 4)
        let bare = try DriveBench(try XCTUnwrap(DriveDescription.model("m2")))
        XCTAssertEqual(
            try status(of: 0x00, namespace: 0xFFFF_FFFF, by: bare),
            .invalidNamespaceOrFormat
        )
    }

    func testNamespaceLists() throws {
        let bench = try dualPort()
        XCTAssertEqual(
            try bench.run(Identify.activeNamespaces(on: 0)).namespaces,
            [1, 2, 4]
        )
        XCTAssertEqual(
            try bench.run(Identify.activeNamespaces(on: 1)).namespaces,
            [1, 3, 4]
        )
        XCTAssertEqual(
            try bench.run(Identify.activeNamespaces(on: 1, after: 1)).namespaces,
            [3, 4]
        )
        XCTAssertEqual(
            try bench.run(Identify.allocatedNamespaces(on: 0)).namespaces,
            [1, 2, 3, 4, 9]
        )
        XCTAssertEqual(
            try status(of: 0x02, namespace: 0xFFFF_FFFE, by: bench),
            .invalidNamespaceOrFormat
        )
        XCTAssertEqual(try status(of: 0x02, namespace: 0xFFFF_FFFD, by: bench), .success)
    }

    func testAllocatedNamespace() throws {
        let bench = try dualPort()
        let spare = try bench.run(Identify.allocatedNamespace(9, on: 0))
        XCTAssertEqual(spare.size, 68_719_476_736 / 512)
        XCTAssertEqual(spare.utilization, 0)
        XCTAssertTrue(try bench.run(Identify.allocatedNamespace(4, on: 0)).isWriteProtected)
        XCTAssertEqual(try bench.run(Identify.allocatedNamespace(5, on: 0)).size, 0)
    }

    func testControllerLists() throws {
        let bench = try dualPort()
        XCTAssertEqual(try bench.run(Identify.controllers(on: 0)).controllers, [0, 1])
        XCTAssertEqual(try bench.run(Identify.controllers(on: 0, from: 1)).controllers, [1])
        XCTAssertEqual(
            try bench.run(Identify.attachedControllers(of: 3, on: 0)).controllers,
            [1]
        )
        XCTAssertEqual(
            try bench.run(Identify.attachedControllers(of: 9, on: 0)).controllers,
            []
        )
        XCTAssertEqual(
            try status(of: 0x12, namespace: 5, by: bench),
            .invalidNamespaceOrFormat
        )
    }

    func testStructuresOfTheSubsystem() throws {
        let bench = try dualPort()
        XCTAssertEqual(try status(of: 0x1C, by: bench), .success)
        let old = try DriveBench()
        XCTAssertEqual(try status(of: 0x1C, by: old), .invalidField)
        XCTAssertEqual(try status(of: 0x14, by: old), .invalidField)
        let virtualized = try DriveBench(try XCTUnwrap(DriveDescription.model("sr-iov")))
        XCTAssertEqual(try status(of: 0x14, by: virtualized), .success)
        let secondary = try virtualized.complete(
            admin(.identify, dword10: 0x00FB_0015, length: 4_096)
        ).data
        XCTAssertEqual(secondary[0], 49)
        XCTAssertEqual(secondary[32..<36], bytes("fb 00 00 00")[...])
    }

    func testEverySelectorIsAnsweredOrRefused() throws {
        let bench = try dualPort()
        for structure in UInt32(0)...0xFF {
            XCTAssertNoThrow(try status(of: structure, namespace: 1, by: bench))
        }
    }
}
