import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// The two health polls: what they tell, and of whom.
final class HealthPollTests: XCTestCase {
    private func dualPort() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    func testTemperatureCodes() throws {
        let bench = try DriveBench()
        for (celsius, code) in [
            (0, 0x00), (1, 0x01), (126, 0x7E), (127, 0x7F), (200, 0x7F), (-1, 0xFF), (-59, 0xC5),
            (-60, 0xC4), (-80, 0xC4),
        ] as [(Int, UInt8)] {
            bench.drive.setTemperature(celsius, at: 0)
            XCTAssertEqual(try bench.run(SubsystemHealthStatusPoll()).temperature.rawValue, code)
        }
    }

    func testLinksAndFatalStatus() throws {
        let bench = try dualPort()
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).status,
            [.driveFunctional, .resetNotRequired, .port0LinkActive, .port1LinkActive]
        )
        bench.drive.setFatalStatus(true, controller: 1, at: 0)
        let health = try bench.run(SubsystemHealthStatusPoll())
        XCTAssertFalse(health.status.contains(.resetNotRequired))
        XCTAssertEqual(health.compositeControllerStatus, [.fatalStatus, .controllerStatus])
        let controllers = try bench.run(ControllerHealthStatusPoll(all: .all))
        XCTAssertFalse(controllers[0].status.contains(.fatalStatus))
        XCTAssertTrue(controllers[1].status.contains(.fatalStatus))
    }

    func testWarningsFollowFromTheirCauses() throws {
        let bench = try DriveBench()
        bench.drive.setTemperature(70, at: 0)
        bench.drive.setAvailableSpare(9, at: 0)
        bench.drive.setCriticalWarning(0x08, at: 0)
        let health = try bench.run(SubsystemHealthStatusPoll())
        XCTAssertEqual(health.warnings, [.temperature, .availableSpare, .readOnly])
        XCTAssertEqual(health.invertedWarnings, 0xF4)
        let controller = try XCTUnwrap(bench.run(ControllerHealthStatusPoll(all: .all)).first)
        XCTAssertEqual(controller.criticalWarnings.rawValue, 0x0B)
        bench.drive.setTemperature(69, at: 0)
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).warnings,
            [.availableSpare, .readOnly]
        )
    }

    func testControllerPollIsPaged() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("sr-iov")))
        let first = ControllerHealthStatusPoll(all: .all)
        let page = try bench.run(first)
        XCTAssertEqual(page.map(\.controller), Array(0..<255))
        let second = try XCTUnwrap(first.next(after: page))
        let rest = try bench.run(second)
        XCTAssertEqual(rest.map(\.controller), Array(255..<300))
        XCTAssertNil(second.next(after: rest))
    }

    func testControllerPollSelectsFunctions() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("sr-iov")))
        XCTAssertEqual(try bench.run(ControllerHealthStatusPoll(all: .physical)), [])
        XCTAssertEqual(
            try bench.run(ControllerHealthStatusPoll(all: .virtualizationPhysical)).count,
            1
        )
        XCTAssertEqual(
            try bench.run(ControllerHealthStatusPoll(all: .virtual, from: 298)).map(\.controller),
            [298, 299]
        )
        XCTAssertEqual(try bench.run(ControllerHealthStatusPoll(all: [])), [])
    }

    func testControllerPollOfTooManyEntries() throws {
        assertRefused(
            try DriveBench().exchange(
                unsealed: "84 08 00 00 02 00 00 00 00 00 ff 81 00 00 00 00"
            ),
            .invalidParameter,
            byte: 10
        )
    }
}
