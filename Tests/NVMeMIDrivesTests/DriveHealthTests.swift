import EventLoop
import MCTP
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// How well drives are, in one word and in sentences.
final class DriveHealthTests: XCTestCase {
    /// Has a drive polled, and tells how well it is.
    private func verdict(
        _ change: @escaping @LoopActor (inout DriveDescription) -> Void
    ) throws -> DriveHealth {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let endpoint = try bench.plug(9, change)
            try await bench.wait("the spare") { endpoint.health.availableSpare != nil }
            let verdict = try XCTUnwrap(endpoint.drive).verdict
            await bench.end()
            return verdict
        }
    }

    private func texts(_ health: DriveHealth) -> [String] { health.reasons.map(\.text) }

    func testDriveWithoutTroubleIsFine() throws {
        let health = try verdict { _ in }
        XCTAssertEqual(health.level, .fine)
        XCTAssertEqual(texts(health), [])
    }

    func testDriveAtItsThresholds() throws {
        let warm = try verdict { $0.health.temperature = 70 }
        XCTAssertEqual(warm.level, .warning)
        XCTAssertEqual(texts(warm), ["Has reached its warning temperature of 70 °C"])
        let hot = try verdict { $0.health.temperature = 81 }
        XCTAssertEqual(hot.level, .critical)
        XCTAssertEqual(texts(hot), ["Has reached its critical temperature of 80 °C"])
    }

    func testWornDriveThatCanOnlyBeRead() throws {
        let health = try verdict {
            $0.health.percentageUsed = 97
            $0.health.criticalWarning = 0x08
        }
        XCTAssertEqual(health.level, .critical)
        XCTAssertEqual(texts(health), ["Can only be read", "Has used 97 % of its life"])
    }

    func testDriveWithTooLittleSpare() throws {
        let health = try verdict { $0.health.availableSpare = 3 }
        XCTAssertEqual(health.level, .warning)
        XCTAssertEqual(texts(health), ["Has less spare than its threshold"])
    }

    func testDriveThatStopsAnsweringIsUnavailableAndFineAgain() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let endpoint = try bench.plug()
            try await bench.wait("the first poll") { endpoint.drive?.verdict.level == .fine }
            let drive = try XCTUnwrap(endpoint.drive)
            bench.transport.interfere = { _, _ in .lose }
            try await bench.wait("unavailable") { drive.verdict.level == .unavailable }
            XCTAssertEqual(drive.verdict.reasons.map(\.text), ["Does not answer"])
            XCTAssertTrue(drive.stateReason.sentence.hasPrefix("Does not answer."))
            bench.transport.interfere = { _, _ in .pass }
            try await bench.wait("fine") { drive.verdict.level == .fine }
            XCTAssertEqual(drive.stateReason, .none)
            await bench.end()
        }
    }

    func testWearIsAWarningFromTheSettingOn() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench { $0.drive.wearWarning = 50 }
            let endpoint = try bench.plug(9) { $0.health.percentageUsed = 50 }
            try await bench.wait("the first poll") { endpoint.health.latest != nil }
            XCTAssertEqual(endpoint.drive?.verdict.level, .warning)
            var settings = FleetSettings()
            settings.drive.wearWarning = 0
            bench.fleet.apply(settings)
            XCTAssertEqual(endpoint.drive?.verdict.level, .fine)
            await bench.end()
        }
    }

    func testSpareIsAskedForSeldomAndNotOfThoseThatRefuse() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let refusing = FleetBench.address(10)
            bench.transport.interfere = { address, request in
                address == refusing && request.isControllerHealthPoll
                    ? .refusal(request, .invalidCommandOpcode) : .pass
            }
            let endpoint = try bench.plug()
            try bench.plug(10) { $0.serialNumber = "SIM00000002" }
            try await sleep(for: .seconds(3_600))
            XCTAssertEqual(endpoint.health.availableSpare, 100)
            let own = bench.transport.requests.count {
                $0.address == endpoint.address && $0.request.isControllerHealthPoll
            }
            XCTAssertTrue((5...8).contains(own), "\(own)")
            let asked = bench.transport.requests.count {
                $0.address == refusing && $0.request.isControllerHealthPoll
            }
            XCTAssertEqual(asked, 1)
            await bench.end()
        }
    }
}

extension Request {
    fileprivate var isControllerHealthPoll: Bool {
        category == .managementInterface && opcode == 0x02
    }
}
