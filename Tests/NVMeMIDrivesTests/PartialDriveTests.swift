import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMIDrives

/// A drive that is partly broken is partly shown.
final class PartialDriveTests: XCTestCase {
    func testWholeDriveIsReadyWithAllItsObjects() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let endpoint = try bench.plug()
            try await bench.wait("ready") {
                endpoint.state == .ready && endpoint.health.latest != nil
            }
            XCTAssertEqual(endpoint.stateReason, .none)
            XCTAssertTrue(endpoint.inventory.missingParts.isEmpty)
            XCTAssertEqual(endpoint.inventory.namespaces.map(\.identifier), [1])
            XCTAssertEqual(bench.observer.count(Controller.self), 1)
            XCTAssertEqual(bench.observer.count(Namespace.self), 1)
            XCTAssertEqual(bench.observer.count(Port.self), endpoint.inventory.ports.count)
            XCTAssertEqual(endpoint.drive?.name, "SIM00000001")
            XCTAssertEqual(endpoint.drive?.state, .ready)
            XCTAssertEqual(endpoint.link.speed.transmissionUnit, 250)
            await bench.end()
            XCTAssertTrue(bench.observer.objects.isEmpty)
        }
    }

    func testDriveThatIsNotReadyYetIsKnownSoonAfterItIs() throws {
        for refused in [UInt8(0x01), 0x00] {
            try runLoop(virtualClock: true) {
                let bench = FleetBench()
                let start = EventLoop.main.now
                bench.transport.interfere = { _, request in
                    guard request.identified == refused, EventLoop.main.now - start < .seconds(6)
                    else {
                        return .pass
                    }
                    // Admin Command Media Not Ready; without Do Not Retry.
                    return .completion(request, status: 0x24)
                }
                let endpoint = try bench.plug()
                try await bench.wait("what is missing") { !endpoint.inventory.missingParts.isEmpty }
                XCTAssertEqual(endpoint.inventory.missingParts.map(\.state), [.notReady])
                XCTAssertTrue(
                    endpoint.stateReason.detail.contains("is missing"),
                    endpoint.stateReason.detail
                )
                try await bench.wait("the rest", limit: .seconds(12)) {
                    endpoint.state == .ready && endpoint.inventory.namespaces.count == 1
                        && endpoint.identity != nil
                }
                XCTAssertEqual(endpoint.stateReason, .none)
                XCTAssertLessThan(bench.transport.count { $0.identified == refused }, 8)
                await bench.end()
            }
        }
    }

    func testRefusalForGoodIsNotRepeated() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            // Invalid Field in Command, Do Not Retry.
            bench.transport.interfere = { _, request in
                request.identified == 0x01 ? .completion(request, status: 0x4002) : .pass
            }
            let endpoint = try bench.plug()
            try await bench.wait("ready") { endpoint.state == .ready }
            XCTAssertEqual(endpoint.inventory.missingParts.map(\.state), [.refused])
            let asked = bench.transport.count { $0.identified == 0x01 }
            try await sleep(for: .seconds(300))
            XCTAssertEqual(bench.transport.count { $0.identified == 0x01 }, asked)
            await bench.end()
        }
    }

    func testDriveThatAnswersNoAdminCommandIsShownByTheOthers() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            bench.transport.interfere = { _, request in request.isAdmin ? .lose : .pass }
            let endpoint = try bench.plug()
            try await bench.wait("failed") { endpoint.state == .failed }
            XCTAssertEqual(endpoint.inventory.managementInterfaceVersion, "1.2")
            XCTAssertFalse(endpoint.inventory.ports.isEmpty)
            XCTAssertEqual(bench.observer.count(Controller.self), 1)
            XCTAssertEqual(endpoint.link.speed.transmissionUnit, 250, endpoint.link.speed.tuning)
            let polls = bench.transport.count(\.isHealthPoll)
            try await sleep(for: .seconds(60))
            XCTAssertGreaterThanOrEqual(bench.transport.count(\.isHealthPoll), polls + 5)
            XCTAssertEqual(endpoint.inventory.missingParts.first?.state, .unanswered)
            await bench.end()
        }
    }

    func testHealthIsPolledThoughNothingElseIsAnswered() throws {
        for loses in [true, false] {
            try runLoop(virtualClock: true) {
                let bench = FleetBench()
                bench.transport.interfere = { _, request in
                    // Without primitives a slot would rest too long for any poll.
                    if request.isHealthPoll || request.category == .controlPrimitive {
                        return .pass
                    }
                    return loses ? .lose : .refusal(request, .invalidCommandOpcode)
                }
                let endpoint = try bench.plug()
                try await bench.wait("polls", limit: .seconds(120)) {
                    endpoint.health.latest != nil && endpoint.state == .failed
                }
                await bench.end()
            }
        }
    }

    func testPortsComeWithASubsystemThatIsToldLate() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let start = EventLoop.main.now
            bench.transport.interfere = { _, request in
                guard request.isSubsystemQuestion, EventLoop.main.now - start < .seconds(3) else {
                    return .pass
                }
                return .refusal(request, .internalError)
            }
            let endpoint = try bench.plug()
            try await bench.wait("ready", limit: .seconds(60)) {
                endpoint.state == .ready && endpoint.inventory.missingParts.isEmpty
            }
            XCTAssertEqual(endpoint.inventory.ports.map(\.number), [0, 1])
            XCTAssertEqual(endpoint.link.speed.transmissionUnit, 250)
            await bench.end()
        }
    }

    func testDriveThatTakesTheNumberOfAStructureForAYes() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            var identity: [UInt8] = []
            bench.transport.interfere = { address, request in
                guard let structure = request.identified, structure > 1 else { return .pass }
                return .completion(request, identity)
            }
            let twin = FleetBench()
            try twin.plug()
            identity = try Self.identity(on: twin)
            let endpoint = try bench.plug()
            try await bench.wait("ready") {
                endpoint.state == .ready && !endpoint.inventory.namespaces.isEmpty
            }
            XCTAssertEqual(endpoint.inventory.namespaces.map(\.identifier), [1])
            XCTAssertLessThan(bench.transport.count(\.isAdmin), 44)
            await bench.end()
            await twin.end()
        }
    }

    @LoopActor
    private static func identity(on bench: FleetBench) throws -> [UInt8] {
        let message = Identify(.controller, on: 0).encode(slot: .zero)
        let requester = NVMeMIDevice.Requester(route: 0, endpoint: 8, destination: 9, tag: 0)
        let drive = try XCTUnwrap(bench.transport.devices[FleetBench.address(9)])
        let device = try XCTUnwrap(drive.endpoints.first)
        let answer = try XCTUnwrap(device.receive(message, from: requester, at: 0).first)
        return try Identify(.controller, on: 0).decode(Response.parse(answer.message))
    }

    func testOldDriveIsNeverAskedForDescriptors() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let endpoint = try bench.plug { $0.nvmeVersion = 0x0001_0200 }
            try await bench.wait("ready") { endpoint.state == .ready }
            endpoint.life.look()
            try await sleep(for: .seconds(60))
            XCTAssertEqual(bench.transport.count { $0.identified == 0x03 }, 0)
            XCTAssertEqual(endpoint.inventory.namespaces.count, 1)
            await bench.end()
        }
    }

    func testFirmwareThatTheHostActivatesIsSeen() throws {
        try runLoop(virtualClock: true) {
            let bench = FleetBench()
            let endpoint = try bench.plug()
            try await bench.wait("ready") { endpoint.state == .ready }
            var other = DriveDescription()
            other.firmwareRevisions = ["2.0.0", "", ""]
            bench.transport.devices[endpoint.address] = NVMeMIDevice.Drive(other)
            endpoint.life.look()
            try await bench.wait("the new firmware") { endpoint.identity?.firmware == "2.0.0" }
            XCTAssertTrue(bench.fleet[endpoint.address] === endpoint)
            await bench.end()
        }
    }
}
