import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Drives that are older than a field, or read it otherwise.
final class OldFirmwareTests: XCTestCase {
    private func bench(_ change: (inout DriveDescription) -> Void) throws -> DriveBench {
        var description = DriveDescription()
        change(&description)
        return try DriveBench(description)
    }

    func testDriveThatIgnoresTheLogPageOffset() throws {
        let bench = try bench { $0.hasLogPageOffset = false }
        let controller = try bench.run(Identify.controller(0))
        XCTAssertFalse(controller.logPageAbilities.hasOffset)
        let page = GetLogPage(.telemetryHostInitiated, on: 0, length: 4096)
        var later = page
        later.offset = 4096
        XCTAssertEqual(try bench.run(later), try bench.run(page))
        let plan = try LogPagePlan(page, length: 10_000, abilities: controller.logPageAbilities)
        var reading = LogPageReading(plan)
        while let command = reading.next() { reading.take(try bench.run(command)) }
        XCTAssertEqual(reading.data.count, 10_000)
        XCTAssertFalse(reading.isCut)
        for index in 512..<10_000 {
            XCTAssertEqual(reading.data[index], UInt8(truncatingIfNeeded: index / 512 &+ index))
        }
    }

    func testDriveThatKnowsNoOffsetAtAll() throws {
        let bench = try bench {
            $0.hasLogPageOffset = false
            $0.refusesLogPageOffset = true
        }
        let abilities = try bench.run(Identify.controller(0)).logPageAbilities
        let page = GetLogPage(.telemetryControllerInitiated, on: 0, length: 4096)
        var reading = LogPageReading(try LogPagePlan(page, length: 10_000, abilities: abilities))
        while let command = reading.next() {
            do {
                reading.take(try bench.run(command))
            } catch let refusal as DeviceError {
                try reading.take(refusal)
            }
        }
        XCTAssertEqual(reading.data, try bench.run(page))
        XCTAssertTrue(reading.isCut)
    }

    func testDriveThatRefusesRetainedEvents() throws {
        let bench = try bench { $0.refusesRetainedEvents = true }
        var command = GetLogPage(.smart, on: 0, length: 512)
        XCTAssertNoThrow(try bench.run(command))
        command.retainsAsynchronousEvent = true
        XCTAssertThrowsError(try bench.run(command)) {
            XCTAssertEqual(($0 as? DeviceError)?.permanence, .forGood)
        }
    }

    func testDescriptorsCameWithOneThree() throws {
        let bench = try bench { $0.nvmeVersion = NVMeVersion(1, 2, 1).rawValue }
        XCTAssertThrowsError(try bench.run(Identify.namespaceDescriptors(1, on: 0)))
        XCTAssertTrue(
            try bench.run(Identify.controller(0)).rulesOut(IdentifyStructure.namespaceDescriptors)
        )
    }

    func testDriveThatTakesTheStructureForAFlag() throws {
        let bench = try bench { $0.takesStructureForFlag = true }
        let controller = try bench.run(Identify.controller(0))
        XCTAssertTrue(
            controller.isRepeated(in: try bench.run(Identify.activeNamespaces(on: 0).base))
        )
        XCTAssertFalse(
            controller.isRepeated(in: try bench.run(Identify.namespace(1, on: 0).base))
        )
    }

    func testReservedWarningsThatAreZero() throws {
        let bench = try bench { $0.clearsReservedWarnings = true }
        let poll = SubsystemHealthStatusPoll(version: ManagementInterfaceVersion(1, 2))
        XCTAssertEqual(try bench.run(poll).invertedWarnings, 0x3F)
        XCTAssertEqual(try bench.run(poll).warnings, [])
        bench.drive.setCriticalWarning(0xC8, at: 0)
        XCTAssertEqual(try bench.run(poll).warnings, .readOnly)
    }

    /// Flags of later versions are not told by an older drive, whoever asks.
    func testFlagsOfLaterVersions() throws {
        let newer = SubsystemHealthStatusPoll(version: ManagementInterfaceVersion(2, 1))
        for (version, isTold) in [((1, 2), false), ((2, 0), false), ((2, 1), true)]
            as [((UInt8, UInt8), Bool)]
        {
            let bench = try bench { $0.managementVersion = version }
            bench.drive.setCriticalWarning(0xC1, at: 0)
            XCTAssertEqual(
                try bench.run(newer).warnings.contains(.indeterminatePersonality),
                isTold
            )
            XCTAssertTrue(try bench.run(newer).warnings.contains(.availableSpare))
        }
    }

    /// A list that contradicts itself is refused whole.
    func testControllerListsThatContradictThemselves() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        for list: [UInt8] in [[2, 0, 1, 0, 0, 0], [0xFF, 0xFF, 0, 0], [2, 0, 0, 0, 0, 0]] {
            let command = admin(
                .namespaceAttachment,
                namespace: 1,
                data: list + Array(repeating: 0, count: 4096 - list.count)
            )
            XCTAssertEqual(
                try bench.complete(command).status.withoutAdvice,
                NVMeStatus(codeType: 1, code: 0x1C)
            )
        }
    }
}
