import EventLoop
import MCTP
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// Which endpoints are of which drive, and what drives are called.
final class DriveTests: XCTestCase {
    private static let nqn = "nqn.2014-08.org.example:all-of-this-make"

    func testDrivesThatShareOneNameAreTwo() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            for (number, serial) in [(UInt8(9), "AA"), (10, "BB")] {
                try bench.plug(number) {
                    $0.subsystemNQN = Self.nqn
                    $0.serialNumber = serial
                }
            }
            try await bench.wait("both") { bench.fleet.endpoints.allSatisfy { $0.state == .ready } }
            XCTAssertEqual(bench.fleet.drives.map(\.name), ["AA", "BB"])
            XCTAssertTrue(bench.fleet.endpoints.allSatisfy(\.siblings.isEmpty))
            await bench.end()
        }
    }

    func testEndpointsOfOneSubsystemAreOneDriveThatIsReachedByEither() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            for number in [UInt8(9), 10] {
                try bench.plug(number) {
                    $0.subsystemNQN = Self.nqn
                    $0.serialNumber = "BOTH"
                }
            }
            try await bench.wait("both") { bench.fleet.endpoints.allSatisfy { $0.state == .ready } }
            let drive = try XCTUnwrap(bench.fleet.drives.first)
            XCTAssertEqual(bench.fleet.drives.count, 1)
            XCTAssertEqual(drive.endpoints.map(\.address), [9, 10].map(FleetBench.address))
            XCTAssertEqual(bench.observer.count(NVMeMIDrives.Drive.self), 1)

            // The first falls silent: the command goes by the other.
            bench.transport.interfere = { address, _ in
                address == FleetBench.address(9) ? .lose : .pass
            }
            let health = try await drive.perform(
                SubsystemHealthStatusPoll(),
                for: NVMeMIDrives.Requester("test")
            )
            XCTAssertTrue(health.status.contains(.driveFunctional))
            try await bench.wait("the first to be known as silent") {
                bench.fleet[FleetBench.address(9)]?.state == .unavailable
            }
            XCTAssertEqual(drive.state, .ready)
            XCTAssertEqual(drive.activeEndpoint?.address, FleetBench.address(10))

            // It goes; the drive stays.
            bench.fleet.lost(FleetBench.address(9))
            XCTAssertEqual(bench.fleet.drives.map(\.name), ["BOTH"])
            bench.fleet.lost(FleetBench.address(10))
            XCTAssertTrue(bench.fleet.drives.isEmpty)
            await bench.end()
        }
    }

    func testDriveThatComesBackElsewhereHasTheSameName() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            try bench.plug(9) { $0.serialNumber = "same one" }
            try await bench.wait("ready") { bench.fleet.drives.first?.state == .ready }
            bench.fleet.lost(FleetBench.address(9))
            try bench.plug(20) { $0.serialNumber = "same one" }
            try await bench.wait("ready") { bench.fleet.drives.first?.state == .ready }
            XCTAssertEqual(bench.fleet.drives.map(\.name), ["same_one"])
            await bench.end()
        }
    }

    func testAnotherDriveInItsPlaceIsAnotherObject() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let first = try bench.plug(9) { $0.serialNumber = "ONE" }
            try await bench.wait("ready") { first.state == .ready }
            let other = FleetBench()
            try other.plug(9) { $0.serialNumber = "TWO" }
            bench.transport.devices = other.transport.devices
            first.life.look()
            try await bench.wait("the other") { bench.fleet.drives.map(\.name) == ["TWO"] }
            XCTAssertFalse(bench.fleet[first.address] === first)
            await bench.end()
            await other.end()
        }
    }

    func testNames() {
        XCTAssertEqual(DriveNames.sanitized("S4-N 1/x"), "S4_N_1_x")
        XCTAssertEqual(DriveNames.sanitized("__é7"), "7")
        XCTAssertEqual(DriveNames.sanitized(" \u{0}"), "")
        var names = DriveNames()
        func identity(_ vendor: UInt16, _ serial: String) -> DriveIdentity {
            var controller = IdentifyController()
            controller.vendorID = vendor
            controller.serialNumber = serial
            return DriveIdentity(ControllerFacts(controller))
        }
        XCTAssertEqual(names.take(for: identity(1, "A")), "A")
        XCTAssertEqual(names.take(for: identity(2, "A")), "A_0002")
        XCTAssertEqual(names.take(for: identity(2, "A")), "A_0002_2", "a copy of what is there")
        XCTAssertNil(names.take(for: identity(2, "")))
        names.giveBack("A")
        XCTAssertEqual(names.take(for: identity(3, "A")), "A_0003", "the first may come back")
        XCTAssertEqual(names.take(for: identity(1, "A")), "A")
    }

    func testEndpointsAreLimited() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            var found: [FoundEndpoint] = []
            for network in UInt32(1)...6 {
                for endpoint in UInt8(8)...254 {
                    let address = EndpointAddress(
                        network: NetworkID(network),
                        endpoint: EndpointID(endpoint)
                    )
                    found.append(FoundEndpoint(address: address))
                }
            }
            bench.fleet.listed(found)
            XCTAssertEqual(bench.fleet.endpoints.count, Fleet.endpointLimit)
            bench.fleet.listed([])
            XCTAssertTrue(bench.fleet.endpoints.isEmpty)
            await bench.end()
        }
    }
}
