import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Reset and Shutdown.
final class ResetTests: XCTestCase {
    private func dualPort() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    func testResetIsNotAnswered() throws {
        let bench = try DriveBench()
        var resets = 0
        bench.drive.onReset = { resets += 1 }
        try bench.run(ConfigurationSet.TransmissionUnitSize(port: 1, size: 128))
        XCTAssertEqual(bench.send(SubsystemReset().encode(slot: .zero)), [])
        XCTAssertEqual(resets, 1)
        XCTAssertEqual(bench.endpoint.transmissionUnit, 64)
        let health = try bench.run(SubsystemHealthStatusPoll())
        XCTAssertEqual(
            health.compositeControllerStatus,
            [.subsystemReset, .controllerStatus]
        )
        XCTAssertEqual(try bench.run(GetState(tag: 1)).errors, .subsystemReset)
        let controller = try XCTUnwrap(bench.run(ControllerHealthStatusPoll(all: .all)).first)
        XCTAssertTrue(controller.status.contains(.subsystemReset))
    }

    func testNothingIsAnsweredWhileTheDriveResets() throws {
        var description = DriveDescription()
        description.resetTime = 300
        let bench = try DriveBench(description)
        XCTAssertEqual(bench.send(SubsystemReset().encode(slot: .zero)), [])
        XCTAssertEqual(bench.send(SubsystemHealthStatusPoll().encode(slot: .zero)), [])
        bench.now = 299
        XCTAssertTrue(bench.drive.isResetting(at: bench.now))
        bench.now = 300
        XCTAssertEqual(bench.send(SubsystemHealthStatusPoll().encode(slot: .zero)).count, 1)
    }

    func testResetOfAnUnknownKind() throws {
        assertRefused(
            try DriveBench().exchange(
                unsealed: "84 08 00 00 07 00 00 00 00 00 00 01 00 00 00 00"
            ),
            .invalidParameter,
            byte: 11
        )
    }

    func testShutdown() throws {
        let bench = try dualPort()
        try bench.run(SubsystemShutdown())
        let controllers = try bench.run(ControllerHealthStatusPoll(all: .all))
        XCTAssertEqual(controllers.map(\.shutdownStatus), [.complete, .complete])
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).compositeControllerStatus,
            [.shutdownStatus, .controllerStatus]
        )
        assertRefused(
            try DriveBench().exchange(SubsystemShutdown().encode(slot: .zero)),
            .invalidCommandOpcode
        )
    }
}
