import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Device Self-test and Sanitize: what goes on in the background.
final class SelfTestAndSanitizeTests: XCTestCase {
    private func status(of command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

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
        // Its failure can be left without another operation.
        _ = try bench.complete(admin(.sanitize, dword10: 0x0C))
        bench.now = 2_000
        XCTAssertEqual(try bench.run(GetLogPage.sanitizeStatus(on: 0)).outcome, .failed)
        let poll = SubsystemHealthStatusPoll(version: ManagementInterfaceVersion(2, 0))
        XCTAssertTrue(try bench.run(poll).status.contains(.sanitizeFailureMode))
        XCTAssertEqual(try status(of: admin(.sanitize, dword10: 1), by: bench), .success)
        XCTAssertFalse(try bench.run(poll).status.contains(.sanitizeFailureMode))
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
}
