import NVMeMI
import XCTest

@testable import NVMeMIDevice

/// Flags are set by changes and end when they are cleared, each kind by its own command.
final class ChangeFlagTests: XCTestCase {
    private func flags(_ bench: DriveBench) throws -> ControllerStatusFlags {
        try bench.run(SubsystemHealthStatusPoll()).compositeControllerStatus
    }

    func testEachChangeHasItsFlag() throws {
        let bench = try DriveBench()
        XCTAssertEqual(try flags(bench), [])
        bench.drive.setTemperature(36, at: 0)
        XCTAssertEqual(try flags(bench), .compositeTemperature)
        bench.drive.setPercentageUsed(2, at: 0)
        bench.drive.setAvailableSpare(99, at: 0)
        bench.drive.setCriticalWarning(4, at: 0)
        XCTAssertEqual(
            try flags(bench),
            [.compositeTemperature, .percentageUsed, .availableSpare, .criticalWarning]
        )
        bench.drive.setEnabled(false, controller: 0, at: 0)
        XCTAssertTrue(
            try flags(bench).contains([.controllerEnable, .ready, .controllerStatus])
        )
    }

    func testWhatStaysTheSameIsNoChange() throws {
        let bench = try DriveBench()
        bench.drive.setTemperature(35, at: 0)
        bench.drive.setPercentageUsed(1, at: 0)
        bench.drive.setEnabled(true, controller: 0, at: 0)
        XCTAssertEqual(try flags(bench), [])
    }

    func testSubsystemPollClearsWhenAskedTo() throws {
        let bench = try DriveBench()
        bench.drive.setTemperature(36, at: 0)
        XCTAssertEqual(try flags(bench), .compositeTemperature)
        let cleared = try bench.run(SubsystemHealthStatusPoll(clearsStatus: true))
        XCTAssertEqual(cleared.compositeControllerStatus, .compositeTemperature)
        XCTAssertEqual(try flags(bench), [])
    }

    func testConfigurationClearsSelectedFlags() throws {
        let bench = try DriveBench()
        bench.drive.setTemperature(36, at: 0)
        bench.drive.setPercentageUsed(2, at: 0)
        bench.drive.setEnabled(false, controller: 0, at: 0)
        let clear = ConfigurationSet.HealthStatusChange(
            clearing: [.compositeTemperature, .ready, .controllerEnable])
        try bench.run(clear)
        XCTAssertEqual(try flags(bench), [.percentageUsed, .controllerStatus])
        // The wire numbers the flags without the gap at bit 3: temperature is bit 8 there.
        bench.drive.setTemperature(37, at: 0)
        _ = try bench.exchange(unsealed: "84 08 00 00 03 00 00 00 02 00 00 00 00 01 00 00")
        XCTAssertEqual(try flags(bench), [.percentageUsed, .controllerStatus])
        XCTAssertNoThrow(try bench.run(ConfigurationGet.HealthStatusChange()))
    }

    func testControllerPollReportsAndClearsChangedControllers() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        let changed = ControllerHealthStatusPoll(
            changed: .all,
            clearsChangedFlags: true,
            version: ManagementInterfaceVersion(2, 0)
        )
        XCTAssertEqual(try bench.run(changed), [])
        bench.drive.setEnabled(false, controller: 1, at: 0)
        XCTAssertEqual(
            try bench.run(ControllerHealthStatusPoll(changed: .compositeTemperature)),
            []
        )
        let reply = try bench.run(changed)
        XCTAssertEqual(reply.map(\.controller), [1])
        XCTAssertEqual(
            reply.first?.changedFlags,
            [.ready, .controllerEnable, .controllerStatus]
        )
        XCTAssertEqual(reply.first?.status.contains(.ready), false)
        XCTAssertEqual(try bench.run(changed), [])
        // The composite flags are another matter.
        XCTAssertTrue(try flags(bench).contains(.ready))
    }

    func testOldDrivesDoNotTellWhichFlags() throws {
        let bench = try DriveBench()
        bench.drive.setTemperature(36, at: 0)
        let reply = try bench.run(ControllerHealthStatusPoll(changed: .compositeTemperature))
        XCTAssertEqual(reply.map(\.wireChangedFlags), [[]])
    }

    func testEndpointsKeepFlagsOfTheirOwn() throws {
        var description = DriveDescription()
        description.ports[0].isManaged = true
        let bench = try DriveBench(description)
        let other = try XCTUnwrap(bench.drive.endpoint(onPort: 1))
        bench.drive.setTemperature(36, at: 0)
        _ = try bench.run(SubsystemHealthStatusPoll(clearsStatus: true))
        XCTAssertEqual(try flags(bench), [])
        XCTAssertEqual(other.compositeFlags, .compositeTemperature)
    }
}
