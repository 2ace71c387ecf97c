import EventLoop
import MCTP
import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// Drives that stop answering, and what is done about them.
final class SilenceTests: XCTestCase {
    func testSilenceIsToldAfterOneMissedPollAndItsRepetition() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let endpoint = try bench.plug()
            try await bench.wait("the first poll") {
                endpoint.health.latest != nil && endpoint.state == .ready
            }
            bench.transport.interfere = { _, _ in .lose }
            let since = EventLoop.main.now
            try await bench.wait("unavailable") { endpoint.state == .unavailable }
            // An interval, the time of a poll, that of its repetition.
            XCTAssertLessThanOrEqual(EventLoop.main.now - since, .seconds(18))
            XCTAssertNotNil(endpoint.health.latest, "what was known stays")
            XCTAssertEqual(endpoint.drive?.state, .unavailable)
            bench.transport.interfere = { _, _ in .pass }
            try await bench.wait("ready again") { endpoint.state == .ready }
            await bench.end()
        }
    }

    func testDriveThatIsSilentFromTheStartIsUnavailable() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            bench.transport.interfere = { _, _ in .lose }
            let endpoint = try bench.plug()
            try await bench.wait("unavailable") { endpoint.state == .unavailable }
            XCTAssertTrue(
                endpoint.stateReason.detail.contains("timed out"),
                endpoint.stateReason.detail
            )
            XCTAssertEqual(endpoint.drive?.name, "mctp_1_9")
            bench.transport.interfere = { _, _ in .pass }
            try await bench.wait("ready") { endpoint.state == .ready }
            XCTAssertEqual(endpoint.drive?.name, "SIM00000001", "a better name than its place")
            XCTAssertEqual(bench.fleet.drives.count, 1)
            await bench.end()
        }
    }

    func testDirectoryIsAskedOnlyAfterAWhileAndWithoutTags() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let endpoint = try bench.plug()
            try await bench.wait("ready") { endpoint.state == .ready }
            bench.transport.interfere = { _, _ in .lose }
            try await bench.wait("unavailable") { endpoint.state == .unavailable }
            let since = EventLoop.main.now
            var asked = 0
            bench.directory.onRecover = { address throws(DirectoryError) in
                XCTAssertEqual(bench.transport.released, [address])
                XCTAssertTrue(
                    endpoint.stateReason.detail.contains("being recovered"),
                    endpoint.stateReason.detail
                )
                asked = bench.transport.requests.count
            }
            try await bench.wait("mctpd to be asked") { !bench.directory.recoveries.isEmpty }
            XCTAssertGreaterThanOrEqual(EventLoop.main.now - since, .seconds(50))
            XCTAssertLessThanOrEqual(
                EventLoop.main.now - since,
                .seconds(80),
                "not with the next look only"
            )
            try await sleep(for: .seconds(7))
            XCTAssertEqual(bench.transport.requests.count, asked, "nothing is sent meanwhile")
            XCTAssertTrue(
                endpoint.stateReason.detail.contains("being recovered"),
                endpoint.stateReason.detail
            )
            bench.transport.interfere = { _, _ in .pass }
            bench.fleet.connectivityChanged(endpoint.address, isConnected: true)
            try await bench.wait("ready") { endpoint.state == .ready }
            await bench.end()
        }
    }

    func testADriveThatAnsweredHasNotFailedWhileItIsRecovered() throws {
        try runLoop(virtualClock: true) {
            let (bench, drive) = try await FleetBench.withDrive("S1")
            let endpoint = try XCTUnwrap(drive.activeEndpoint)
            try await endpoint.recover()
            XCTAssertEqual(drive.state, .unavailable)
            XCTAssertEqual(drive.condition, .notReady)
            XCTAssertEqual(drive.verdict.reasons.map(\.text), ["Is being recovered by mctpd"])
            bench.fleet.connectivityChanged(endpoint.address, isConnected: false)
            XCTAssertEqual(drive.condition, .notReady)
            bench.fleet.connectivityChanged(endpoint.address, isConnected: true)
            try await bench.wait("ready") {
                XCTAssertNotEqual(drive.condition, .failed)
                return drive.state == .ready
            }
            // One that does not answer afterwards has.
            bench.transport.interfere = { _, _ in .lose }
            try await endpoint.recover()
            XCTAssertEqual(drive.condition, .notReady)
            bench.fleet.connectivityChanged(endpoint.address, isConnected: true)
            try await bench.wait("failed") { drive.condition == .failed }
            // Nor does one work that mctpd does not reach in the end.
            bench.transport.interfere = { _, _ in .pass }
            endpoint.life.look()
            try await bench.wait("ready") { drive.state == .ready }
            try await endpoint.recover()
            XCTAssertEqual(drive.condition, .notReady)
            try await bench.wait("offline") { drive.condition == .offline }
            await bench.end()
        }
    }

    func testDriveThatAnswersControlMessagesIsNotRecovered() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            bench.transport.interfere = { _, _ in .lose }
            bench.transport.controlAnswer = .answered
            let endpoint = try bench.plug()
            try await sleep(for: .seconds(600))
            XCTAssertTrue(bench.directory.recoveries.isEmpty)
            XCTAssertTrue(
                endpoint.stateReason.detail.contains("answers MCTP control"),
                endpoint.stateReason.detail
            )
            await bench.end()
        }
    }

    func testDirectoryThatDoesNotRecoverIsNotAskedAgainAndAgain() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench { $0.recoverAfter = .zero }
            bench.transport.interfere = { _, _ in .lose }
            bench.directory.onRecover = { _ throws(DirectoryError) in
                throw DirectoryError(.unsupported, "no such method")
            }
            try bench.plug()
            try await sleep(for: .seconds(1200))
            XCTAssertEqual(bench.directory.recoveries.count, 1)
            await bench.end()
        }
    }

    func testPausesBetweenRecoveriesGrow() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench { $0.recoverAfter = .zero }
            bench.transport.interfere = { _, _ in .lose }
            bench.directory.onRecover = { _ throws(DirectoryError) in
                throw DirectoryError(.failed, "busy")
            }
            try bench.plug()
            try await sleep(for: .seconds(3600))
            let times = bench.directory.recoveries.map(\.at)
            XCTAssertGreaterThan(times.count, 3)
            XCTAssertLessThan(times.count, 20)
            await bench.end()
        }
    }

    func testRemovalAfterARecoveryEndsEverything() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench { $0.recoverAfter = .zero }
            bench.transport.interfere = { _, _ in .lose }
            let endpoint = try bench.plug()
            try await bench.wait("mctpd to be asked") { !bench.directory.recoveries.isEmpty }
            try await sleep(for: .seconds(5))
            bench.fleet.lost(endpoint.address)
            XCTAssertNil(bench.fleet[endpoint.address])
            XCTAssertTrue(bench.fleet.drives.isEmpty)
            XCTAssertTrue(
                bench.log.all.contains {
                    $0.contains("mctpd could not recover it, and removed it")
                },
                "\(bench.log.all)"
            )
            await bench.end()
            XCTAssertEqual(bench.fleet.endingEndpoints, 0)
        }
    }
}
