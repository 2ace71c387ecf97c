import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Sanitize that fails, format that takes time, self-tests that find something, telemetry that changes.
final class EraseTests: XCTestCase {
    private func status(of command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

    private func sanitizeLog(_ bench: DriveBench) throws -> SanitizeStatusLog {
        try bench.run(GetLogPage.sanitizeStatus(on: 0))
    }

    // MARK: Sanitize

    func testARestrictedFailureIsLeftByASuccessOnly() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("complete")))
        bench.drive.failNextSanitize()
        _ = try bench.complete(admin(.sanitize, dword10: 4))
        bench.now = 1_000
        XCTAssertEqual(try sanitizeLog(bench).state, .restrictedProcessing)
        bench.now = 2_000
        XCTAssertEqual(try sanitizeLog(bench).state, .restrictedFailure)
        for (command, expected) in [
            (admin(.sanitize, dword10: 1), NVMeStatus.sanitizeFailed),
            (admin(.sanitize, dword10: 0x0C), .sanitizeFailed),
            (admin(.formatNVM, namespace: 1), .sanitizeFailed),
            (admin(.identify, dword10: 1, length: 4096), .success),
            (admin(.sanitize, dword10: 2), .success),
        ] {
            XCTAssertEqual(try status(of: command, by: bench), expected)
        }
        bench.now = 4_000
        let log = try sanitizeLog(bench)
        XCTAssertEqual(log.outcome, .completed)
        XCTAssertEqual(log.state, .idle)
    }

    func testAnUnrestrictedFailureCanBeLeft() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("complete")))
        bench.drive.failNextSanitize()
        _ = try bench.complete(admin(.sanitize, dword10: 0x0A))
        bench.now = 2_000
        XCTAssertEqual(try sanitizeLog(bench).state, .unrestrictedFailure)
        XCTAssertEqual(try status(of: admin(.sanitize, dword10: 1), by: bench), .success)
        let log = try sanitizeLog(bench)
        XCTAssertEqual(log.state, .idle)
        XCTAssertEqual(log.outcome, .failed)
        XCTAssertEqual(
            try status(of: admin(.formatNVM, namespace: 1, dword10: 2), by: bench),
            .success
        )
    }

    func testSanitizeGoesOnAfterALossOfPower() throws {
        let bench = try DriveBench()
        _ = try bench.complete(admin(.sanitize, dword10: 0x33))
        bench.drive.reset(at: 1_000)
        bench.now = 1_400
        var log = try sanitizeLog(bench)
        XCTAssertEqual(log.outcome, .inProgress)
        XCTAssertEqual(log.overwritePasses, 2)
        bench.now = 2_000
        log = try sanitizeLog(bench)
        XCTAssertEqual(log.outcome, .completed)
        XCTAssertEqual(log.overwritePasses, 3)
    }

    func testWaysOfSanitizingThatTheDriveDoesNotHave() throws {
        var description = DriveDescription()
        try description.set("sanitize-abilities", to: "block-erase, no-deallocate-inhibited")
        let bench = try DriveBench(description)
        for dword10 in [3, 4, 5, 6, 7, 0x202] as [UInt32] {
            XCTAssertEqual(
                try status(of: admin(.sanitize, dword10: dword10), by: bench),
                .invalidField
            )
        }
        XCTAssertEqual(try status(of: admin(.sanitize, dword10: 2), by: bench), .success)
    }

    func testSanitizeOfANamespaceConcernsNoOther() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("complete")))
        func log(of namespace: UInt32) throws -> SanitizeStatusLog {
            try bench.run(GetLogPage.sanitizeStatus(of: namespace, on: 0))
        }
        func utilization(of namespace: UInt32) throws -> UInt64 {
            try bench.run(Identify.namespace(namespace, on: 0)).utilization
        }
        XCTAssertGreaterThan(try utilization(of: 1), 0)
        let other = try utilization(of: 2)
        XCTAssertGreaterThan(other, 0)
        let command = SanitizeNamespace(.cryptoErase, of: 1, on: 0)
        try bench.run(command)
        XCTAssertEqual(try log(of: 1).outcome, .inProgress)
        XCTAssertEqual(try log(of: 1).commandDword10, 4)
        for namespace in [2, GetLogPage.allNamespaces] {
            XCTAssertEqual(try log(of: namespace).outcome, .neverSanitized)
        }
        for (command, expected) in [
            (admin(.sanitizeNamespace, namespace: 1, dword10: 4), NVMeStatus.sanitizeInProgress),
            (admin(.sanitize, dword10: 4), .sanitizeInProgress),
            // Only the keys of a namespace can be erased, and only of one that there is.
            (admin(.sanitizeNamespace, namespace: 2, dword10: 2), .invalidField),
            (admin(.sanitizeNamespace, namespace: 99, dword10: 4), .invalidNamespaceOrFormat),
            (admin(.sanitizeNamespace, namespace: .max, dword10: 4), .invalidNamespaceOrFormat),
        ] {
            XCTAssertEqual(try status(of: command, by: bench), expected)
        }
        bench.now = 5_000
        XCTAssertEqual(try log(of: 1).outcome, .completed)
        XCTAssertEqual(try utilization(of: 1), 0)
        XCTAssertEqual(try utilization(of: 2), other)
        XCTAssertFalse(try sanitizeLog(bench).isGlobalDataErased)
    }

    func testAFailureOfANamespaceIsItsOwn() throws {
        var description = try XCTUnwrap(DriveDescription.model("complete"))
        // The bit came with NVMe-MI 2.1.
        description.managementVersion = (2, 1)
        let bench = try DriveBench(description)
        let poll = SubsystemHealthStatusPoll(version: ManagementInterfaceVersion(2, 1))
        bench.drive.failNextSanitize()
        _ = try bench.complete(admin(.sanitizeNamespace, namespace: 1, dword10: 0xC))
        bench.now = 5_000
        XCTAssertEqual(
            try bench.run(GetLogPage.sanitizeStatus(of: 1, on: 0)).state,
            .unrestrictedFailure
        )
        XCTAssertTrue(try bench.run(poll).status.contains(.sanitizeNamespaceFailureMode))
        XCTAssertFalse(try bench.run(poll).status.contains(.sanitizeFailureMode))
        let exit = SanitizeNamespace(.exitFailureMode, of: 1, on: 0)
        XCTAssertNoThrow(try bench.run(exit))
        XCTAssertFalse(try bench.run(poll).status.contains(.sanitizeNamespaceFailureMode))
    }

    // MARK: Format

    private func remaining(_ bench: DriveBench) throws -> UInt8 {
        try bench.run(Identify.namespace(1, on: 0), slot: .one).formatPercentageRemaining
    }

    func testFormatShowsHowFarItIs() throws {
        var description = DriveDescription()
        description.formatTime = 1_000
        let bench = try DriveBench(description)
        let command = admin(.formatNVM, namespace: 1, dword10: 1)
        XCTAssertEqual(bench.send(command.encode(slot: .zero)), [])
        XCTAssertEqual(try remaining(bench), 100)
        bench.now = 255
        XCTAssertEqual(try remaining(bench), 75)
        for opcode in [AdminOpcode.formatNVM, .deviceSelfTest, .namespaceManagement] {
            let refused = admin(opcode, namespace: 1, dword10: 1)
            let reply = try refused.decodeCompletion(
                bench.exchange(refused.encode(slot: .one))
            )
            XCTAssertEqual(reply.status.withoutAdvice, .formatInProgress)
        }
        XCTAssertEqual(bench.wait(745).count, 1)
        XCTAssertEqual(try remaining(bench), 0)
        XCTAssertEqual(try bench.run(Identify.namespace(1, on: 0)).format?.dataSize, 4_096)
    }

    func testFormatBehindItsAnswer() throws {
        var description = DriveDescription()
        description.formatTime = 1_000
        description.formatsInBackground = true
        let bench = try DriveBench(description)
        let command = admin(.formatNVM, namespace: 1, dword10: 1)
        XCTAssertEqual(try status(of: command, by: bench), .success)
        bench.now = 400
        XCTAssertEqual(try remaining(bench), 60)
        XCTAssertEqual(try bench.run(Identify.namespace(1, on: 0)).format?.dataSize, 512)
        bench.now = 1_000
        XCTAssertEqual(try remaining(bench), 0)
        XCTAssertEqual(try bench.run(Identify.namespace(1, on: 0)).format?.dataSize, 4_096)
    }

    func testALossOfPowerEndsAFormat() throws {
        var description = DriveDescription()
        description.formatTime = 1_000
        let bench = try DriveBench(description)
        _ = bench.send(admin(.formatNVM, namespace: 1, dword10: 1).encode(slot: .zero))
        bench.drive.reset(at: 500)
        XCTAssertEqual(try remaining(bench), 0)
        XCTAssertEqual(bench.wait(2_000), [])
        XCTAssertEqual(try bench.run(Identify.namespace(1, on: 0)).format?.dataSize, 512)
    }

    func testFormatThatIsRefusedIsRefusedAtOnce() throws {
        var description = DriveDescription()
        description.formatTime = 1_000
        let bench = try DriveBench(description)
        XCTAssertEqual(
            try status(of: admin(.formatNVM, namespace: 1, dword10: 9), by: bench),
            .invalidFormat
        )
        XCTAssertEqual(try remaining(bench), 0)
    }

    // MARK: Self-test

    func testSelfTestThatFindsSomething() throws {
        let bench = try DriveBench()
        bench.drive.failNextSelfTest(segment: 3, namespace: 1, block: 0x1234_5678_9A)
        _ = try bench.complete(admin(.deviceSelfTest, namespace: 1, dword10: 1))
        bench.now = 1_000
        let result = try bench.run(GetLogPage.selfTest(on: 0)).results[0]
        XCTAssertEqual(result.outcome, .segmentFailed)
        XCTAssertEqual(result.segment, 3)
        XCTAssertEqual(result.failingBlock, 0x1234_5678_9A)
        XCTAssertEqual(result.valid, SelfTestValidity.named)
        _ = try bench.complete(admin(.deviceSelfTest, dword10: 1))
        bench.now = 2_000
        XCTAssertEqual(try bench.run(GetLogPage.selfTest(on: 0)).results[0].outcome, .completed)
    }

    func testAnExtendedSelfTestGoesOnAfterAReset() throws {
        let bench = try DriveBench()
        _ = try bench.complete(admin(.deviceSelfTest, dword10: 2))
        bench.drive.reset(at: 1_000)
        bench.now = 2_500
        XCTAssertEqual(try bench.run(GetLogPage.selfTest(on: 0)).currentCompletion, 50)
    }

    func testSelfTestsThatNotEveryDriveHas() throws {
        for (model, expected) in [("u2", NVMeStatus.invalidField), ("complete", .success)] {
            for code in [3, 0xE] as [UInt32] {
                let bench = try DriveBench(try XCTUnwrap(DriveDescription.model(model)))
                XCTAssertEqual(
                    try status(of: admin(.deviceSelfTest, dword10: code), by: bench),
                    expected
                )
            }
        }
    }

    // MARK: Telemetry

    func testTelemetryThatChangesBehindItsReader() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
        func header() throws -> [UInt8] {
            try bench.run(GetLogPage(.telemetryHostInitiated, on: 0, length: 512))
        }
        func data() throws -> [UInt8] {
            try bench.run(GetLogPage(.telemetryHostInitiated, on: 0, offset: 512, length: 512))
        }
        let (before, first) = (try header(), try data())
        XCTAssertEqual(try header(), before)
        bench.drive.changeTelemetryWhileRead(1)
        XCTAssertEqual(try data(), first)
        XCTAssertNotEqual(try header()[381], before[381])
        let second = try data()
        XCTAssertNotEqual(second, first)
        XCTAssertEqual(try data(), second)
    }
}
