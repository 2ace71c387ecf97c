import EventLoop
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMISimulator

/// Addresses of drives, and how many there can be.
final class SimulatedNetworkTests: XCTestCase {
    func testIdentifiersAreGivenOut() throws {
        try runLoop {
            let network = SimulatedNetwork(firstIdentifier: 20)
            var both = DriveDescription()
            both.ports[0].isManaged = true
            both.endpointIdentifiers = [21]
            let first = try network.plug(DriveDescription())
            let second = try network.plug(both)
            let third = try network.plug(DriveDescription())
            XCTAssertEqual(first.endpoints.map(\.identifier), [20])
            XCTAssertEqual(second.endpoints.map(\.identifier), [21, 22])
            XCTAssertEqual(second.endpoints.map(\.port), [0, 1])
            XCTAssertEqual(third.endpoints.map(\.identifier), [23])
            XCTAssertTrue(network.endpoint(22, on: 1)?.drive === second)
        }
    }

    func testNoDriveGetsTheIdentifierOfTheMachine() throws {
        try runLoop {
            let network = SimulatedNetwork(firstIdentifier: 9, ownIdentifier: 10)
            for _ in 0..<2 { try network.plug(DriveDescription()) }
            XCTAssertEqual(network.drives.map { $0.endpoints[0].identifier }, [9, 11])
        }
    }

    func testNetworksHaveIdentifiersOfTheirOwn() throws {
        try runLoop {
            let network = SimulatedNetwork()
            var other = DriveDescription()
            other.network = 2
            try network.plug(DriveDescription())
            try network.plug(other)
            XCTAssertFalse(network.endpoint(9, on: 1) === network.endpoint(9, on: 2))
            XCTAssertEqual(network.endpoint(9, on: 2)?.network, 2)
        }
    }

    func testDrivesThatCannotBePlugged() throws {
        try runLoop {
            let network = SimulatedNetwork()
            var taken = DriveDescription()
            taken.endpointIdentifiers = [9]
            try network.plug(DriveDescription())
            XCTAssertThrowsError(try network.plug(taken)) {
                XCTAssertEqual($0 as? PlugError, .identifierTaken(9, network: 1))
            }
            var broken = DriveDescription()
            broken.controllers = []
            XCTAssertThrowsError(try network.plug(broken)) {
                XCTAssertEqual("\($0)", "a drive needs a controller")
            }
            XCTAssertEqual(network.drives.count, 1)
        }
    }

    func testAsManyDrivesAsThereCanBe() throws {
        try runLoop {
            let network = SimulatedNetwork()
            for number in 0..<256 {
                var description = DriveDescription().individual(number)
                description.network = number < 246 ? 1 : 2
                try network.plug(description)
            }
            XCTAssertEqual(network.drives.count, 256)
            XCTAssertEqual(network.drives[245].endpoints[0].identifier, 254)
            XCTAssertThrowsError(try network.plug(DriveDescription())) {
                XCTAssertEqual($0 as? PlugError, .tooManyDrives(256))
            }
            network.pull(network.drives[255])
            XCTAssertThrowsError(try network.plug(DriveDescription())) {
                XCTAssertEqual($0 as? PlugError, .noIdentifierLeft(network: 1))
            }
        }
    }

    func testTimersOfADriveEndWithIt() throws {
        try runLoop(virtualClock: true) {
            let network = SimulatedNetwork()
            let drive = try network.plug(DriveDescription())
            let face = Recorder()
            let route = drive.endpoints[0].route(to: face)
            drive.device.setFault(Fault(.slow))
            let poll = SubsystemHealthStatusPoll().encode(slot: .zero)
            drive.endpoints[0].receive(poll, from: Requester(route: route))
            try await sleep(for: .milliseconds(501))
            XCTAssertEqual(face.messages, 1)
            drive.endpoints[0].receive(poll, from: Requester(route: route))
            network.pull(drive)
            try await sleep(for: .seconds(10))
            XCTAssertEqual(face.messages, 1)
        }
    }

    func testChangedIdentifier() throws {
        try runLoop {
            let network = SimulatedNetwork()
            let drive = try network.plug(DriveDescription())
            try network.plug(DriveDescription().individual(2))
            let endpoint = drive.endpoints[0]
            for (identifier, error) in [
                (7, .notAnIdentifier(7)), (255, .notAnIdentifier(255)),
                (8, .identifierTaken(8, network: 1)), (10, .identifierTaken(10, network: 1)),
            ] as [(UInt8, PlugError)] {
                XCTAssertThrowsError(try network.changeIdentifier(of: endpoint, to: identifier)) {
                    XCTAssertEqual($0 as? PlugError, error)
                }
            }
            try network.changeIdentifier(of: endpoint, to: 77)
            XCTAssertNil(network.endpoint(9, on: 1))
            XCTAssertTrue(network.endpoint(77, on: 1) === endpoint)
            drive.interrupt(for: .seconds(3_600))
            XCTAssertThrowsError(try network.changeIdentifier(of: endpoint, to: 78)) {
                XCTAssertEqual($0 as? PlugError, .silentEndpoint(77, network: 1))
            }
            network.pull(drive)
            XCTAssertNil(network.endpoint(77, on: 1))
        }
    }

    func testSwap() throws {
        try runLoop {
            let network = SimulatedNetwork()
            let first = try network.plug(DriveDescription())
            try network.plug(DriveDescription().individual(2))
            let face = Recorder()
            var two = DriveDescription()
            two.ports[0].isManaged = true
            XCTAssertThrowsError(try network.swap(first, for: two, keepsIdentifiers: true)) {
                XCTAssertEqual($0 as? PlugError, .otherPorts(2, instead: 1))
            }
            let other = DriveDescription().individual(3)
            let second = try network.swap(first, for: other, keepsIdentifiers: true)
            XCTAssertEqual(network.drives.map(\.number), [3, 2])
            XCTAssertTrue(network.endpoint(9, on: 1) === second.endpoints[0])
            XCTAssertTrue(second.endpoints[0].isAssigned)
            XCTAssertEqual(second.device.description.serialNumber, "SIM00000003")
            let third = try network.swap(second, for: other, keepsIdentifiers: false)
            XCTAssertFalse(third.endpoints[0].isAssigned)
            // The one that went sends nothing any more.
            let route = second.endpoints[0].route(to: face)
            second.close()
            second.endpoints[0].receive(
                SubsystemHealthStatusPoll().encode(slot: .zero),
                from: Requester(route: route)
            )
            XCTAssertEqual(face.messages, 0)
            XCTAssertThrowsError(try network.swap(first, for: other, keepsIdentifiers: true))
        }
    }

    func testInterruptionLosesMessagesBothWays() throws {
        try runLoop(virtualClock: true) {
            let network = SimulatedNetwork()
            let drive = try network.plug(DriveDescription())
            let face = Recorder()
            let route = drive.endpoints[0].route(to: face)
            var slow = Fault(.slow)
            slow.delay = 200
            slow.count = 1
            drive.device.setFault(slow)
            let poll = SubsystemHealthStatusPoll().encode(slot: .zero)
            drive.endpoints[0].receive(poll, from: Requester(route: route))
            drive.interrupt(for: .milliseconds(300))
            // The shorter one does not end the longer one.
            drive.interrupt(for: .milliseconds(10))
            try await sleep(for: .milliseconds(299))
            XCTAssertEqual(face.messages, 0, "the answer was due meanwhile")
            drive.endpoints[0].receive(poll, from: Requester(route: route))
            XCTAssertEqual(drive.device.statistics.answers, 1, "the request was lost")
            XCTAssertTrue(drive.isConnected)
            try await sleep(for: .milliseconds(2))
            drive.endpoints[0].receive(poll, from: Requester(route: route))
            XCTAssertEqual(face.messages, 1)
        }
    }

    /// A shorter wait that begins later is not held up by a longer one.
    func testSlotsAreServedInTheOrderOfTheirDeadlines() throws {
        try runLoop(virtualClock: true) {
            let network = SimulatedNetwork()
            let drive = try network.plug(DriveDescription())
            let face = Recorder()
            let route = drive.endpoints[0].route(to: face)
            var long = Fault(.slow)
            long.opcode = 0x01
            long.delay = 1_000
            drive.device.setFault(long)
            var short = Fault(.slow)
            short.opcode = 0x00
            short.delay = 10
            drive.device.setFault(short)
            drive.endpoints[0].receive(
                SubsystemHealthStatusPoll().encode(slot: .zero),
                from: Requester(route: route)
            )
            drive.endpoints[0].receive(
                ReadDataStructure().encode(slot: .one),
                from: Requester(route: route)
            )
            try await sleep(for: .milliseconds(11))
            XCTAssertEqual(face.messages, 1)
            try await sleep(for: .milliseconds(1_000))
            XCTAssertEqual(face.messages, 2)
        }
    }
}

/// Counts what a drive sends.
@LoopActor
private final class Recorder: EndpointFace {
    var messages = 0
    func send(_ outgoing: Outgoing, from endpoint: SimulatedEndpoint) { messages += 1 }
}
