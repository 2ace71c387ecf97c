import EventLoop
import MCTP
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMISimulator

/// Read NVMe-MI Data Structure of the subsystem, to endpoint 9, and its answer.
private let request = "09 84 08 00 00 00 00 00 00 00 00 00 00 00 00 00 00 e2 00 06 07"
private let answer = """
    09 84 88 00 00 00 20 00 00 01 01 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 3c f8 db 52
    """

/// The socket of libmctp's demultiplexer, spoken to by a client that only knows its bytes.
final class DemuxServerTests: XCTestCase {
    private static func address(_ name: String) throws -> DemuxAddress {
        try XCTUnwrap(DemuxAddress(name.hasPrefix("/") ? name : "@" + name))
    }

    /// A server with drives behind it on a name of its own.
    private func onServer(
        drives: Int = 1,
        _ body:
            @escaping @LoopActor @Sendable (SimulatedNetwork, DemuxServer, String) async throws
            -> Void
    ) throws {
        try runLoop {
            let name = "nvmemi-test-\(getpid())-\(Int.random(in: 0 ..< .max))"
            let network = SimulatedNetwork()
            for number in 0..<drives { try network.plug(DriveDescription().individual(number)) }
            let server = try DemuxServer(
                listeningOn: try Self.address(name),
                simulation: network,
                network: 1
            )
            defer { server.close() }
            try await body(network, server, name)
        }
    }

    func testRequestAndAnswer() throws {
        try onServer { _, _, name in
            let client = try PacketSocket(name)
            client.send([0x84])
            client.send(request)
            let packet = try await client.receive()
            XCTAssertEqual(packet, bytes(answer))
        }
    }

    func testEachDriveHasItsIdentifier() throws {
        try onServer(drives: 3) { _, _, name in
            let client = try PacketSocket(name)
            client.send([0x84])
            for identifier in [11, 9, 10] as [UInt8] {
                client.send([identifier] + bytes(request).dropFirst())
                let packet = try await client.receive()
                XCTAssertEqual(packet, [identifier] + bytes(answer).dropFirst())
            }
        }
    }

    func testEveryClientOfTheTypeGetsTheAnswer() throws {
        try onServer { _, _, name in
            let asking = try PacketSocket(name)
            let listening = try PacketSocket(name)
            let other = try PacketSocket(name)
            asking.send([0x84])
            listening.send([0x84])
            // Without the integrity check bit it is another type.
            other.send([0x04])
            try await settle()
            asking.send(request)
            let answers = [try await asking.receive(), try await listening.receive()]
            XCTAssertEqual(answers, [bytes(answer), bytes(answer)])
            try await settle()
            XCTAssertNil(other.poll())
        }
    }

    func testRegistrationsThatAreRefused() throws {
        try onServer { _, server, name in
            for packet in [[0x00], [0x84, 0x84], bytes(request)] as [[UInt8]] {
                let client = try PacketSocket(name)
                client.send(packet)
                let end = try await client.receive()
                XCTAssertEqual(end, [])
            }
            XCTAssertEqual(server.clientCount, 0)
        }
    }

    func testPacketsThatLeadNowhere() throws {
        try onServer { network, _, name in
            let client = try PacketSocket(name)
            client.send([0x84])
            client.send([9])
            client.send([77] + bytes(request).dropFirst())
            client.send("09 01 02 03")
            client.send("09 84")
            try await settle()
            XCTAssertNil(client.poll())
            client.send(request)
            let packet = try await client.receive()
            XCTAssertEqual(packet, bytes(answer))
        }
    }

    func testPacketForTheDaemonItselfComesBack() throws {
        try onServer { _, _, name in
            let client = try PacketSocket(name)
            client.send([0x84])
            client.send("08 84 11 22")
            let packet = try await client.receive()
            XCTAssertEqual(packet, bytes("08 84 11 22"))
        }
    }

    func testClientThatDoesNotReadIsDropped() throws {
        try onServer { _, server, name in
            let asking = try PacketSocket(name)
            let asleep = try PacketSocket(name)
            asking.send([0x84])
            asleep.send([0x84])
            try await until { server.clientCount == 2 }
            try await settle()
            // More than the socket and the server's own queue hold, in answers of 4 KiB.
            let identify = [9] + Identify(.controller, on: 0).encode(slot: .zero)
            var rounds = 0
            while server.droppedClients == 0, rounds < 10_000 {
                rounds += 1
                asking.send(identify)
                let packet = try await asking.receive()
                XCTAssertEqual(packet.count, 4121)
            }
            XCTAssertEqual(server.droppedClients, 1)
            XCTAssertEqual(server.clientCount, 1)
            // It still gets what was sent before, then the end.
            try await until { asleep.poll() == [] }
        }
    }

    func testDelayedAnswers() throws {
        try runLoop(virtualClock: true) {
            let name = "nvmemi-test-\(getpid())-delay"
            let network = SimulatedNetwork()
            let drive = try network.plug(DriveDescription())
            let server = try DemuxServer(
                listeningOn: try Self.address(name),
                simulation: network,
                network: 1
            )
            defer { server.close() }
            var fault = Fault(.slow)
            fault.delay = 60_000
            fault.count = 1
            drive.device.setFault(fault)
            let client = try PacketSocket(name)
            client.send([0x84])
            let start = EventLoop.main.now
            client.send(request)
            var packet: [UInt8]?
            while packet == nil, EventLoop.main.now - start < .seconds(120) {
                try await sleep(for: .seconds(1))
                packet = client.poll()
            }
            XCTAssertEqual(packet, bytes(answer))
            XCTAssertGreaterThanOrEqual(EventLoop.main.now - start, .seconds(60))
        }
    }

    func testFaultsOfTheCarrier() throws {
        try onServer { network, _, name in
            let drive = network.drives[0]
            let client = try PacketSocket(name)
            client.send([0x84])
            var fault = Fault(.wrongSource)
            fault.count = 1
            drive.device.setFault(fault)
            client.send(request)
            let packet = try await client.receive()
            XCTAssertEqual(packet.first, 10)
            // A message of another type goes to those who want that type.
            let other = try PacketSocket(name)
            other.send([0x85])
            try await settle()
            fault = Fault(.wrongType)
            fault.count = 1
            drive.device.setFault(fault)
            client.send(request)
            let strayed = try await other.receive()
            XCTAssertEqual(strayed.prefix(2), [9, 0x85])
            XCTAssertNil(client.poll())
            // There are no tags, so that a wrong one is nothing.
            fault = Fault(.wrongTag)
            drive.device.setFault(fault)
            client.send(request)
            let right = try await client.receive()
            XCTAssertEqual(right, bytes(answer))
        }
    }

    func testIdentifierSurvivesAResetWhileNobodyAssignsThem() throws {
        try onServer { network, _, name in
            let client = try PacketSocket(name)
            client.send([0x84])
            network.drives[0].reset()
            client.send(request)
            let packet = try await client.receive()
            XCTAssertEqual(packet, bytes(answer))
        }
    }

    func testDisconnectedDriveIsSilent() throws {
        try onServer { network, _, name in
            let client = try PacketSocket(name)
            client.send([0x84])
            network.drives[0].setConnected(false)
            client.send(request)
            try await settle()
            XCTAssertNil(client.poll())
            network.drives[0].setConnected(true)
            client.send(request)
            let packet = try await client.receive()
            XCTAssertEqual(packet, bytes(answer))
        }
    }

    func testStalledCarrierFillsTheSendersBuffer() throws {
        try onServer { network, _, name in
            let client = try PacketSocket(name)
            client.send([0x84])
            client.send(request)
            _ = try await client.receive()
            var fault = Fault(.slow)
            fault.delay = 1
            fault.count = 1
            network.drives[0].device.setFault(fault)
            client.send(request)
            try await settle()
            network.stallCarrier(for: .seconds(3_600))
            XCTAssertTrue(network.isCarrierStalled)
            // The answer to the last request is not passed on, and no further one is read.
            var requests = 0
            while client.offer(bytes(request)) {
                requests += 1
                guard requests < 100_000 else { return XCTFail("the buffer never fills") }
            }
            try await settle()
            XCTAssertFalse(client.offer(bytes(request)))
            // Another client is not even accepted, but it can wait.
            let other = try PacketSocket(name)
            network.stallCarrier(for: .milliseconds(1))
            try await until { !network.isCarrierStalled }
            for _ in 0..<(requests + 1) {
                let packet = try await client.receive()
                XCTAssertEqual(packet, bytes(answer))
            }
            other.send([0x84])
            other.send(request)
            let packet = try await other.receive()
            XCTAssertEqual(packet, bytes(answer))
        }
    }

    func testSocketOnAPath() throws {
        let directory = try TemporaryDirectory()
        try runLoop {
            let path = directory.path + "/mux"
            let network = SimulatedNetwork()
            try network.plug(DriveDescription())
            let server = try DemuxServer(
                listeningOn: try Self.address(path),
                simulation: network,
                network: 1
            )
            let client = try PacketSocket(path)
            client.send([0x84])
            client.send(request)
            let packet = try await client.receive()
            XCTAssertEqual(packet, bytes(answer))
            server.close()
            XCTAssertEqual(access(path, F_OK), -1)
        }
    }

    /// The project's own carrier against the simulator.
    func testOwnTransport() throws {
        try onServer { network, _, name in
            let transport = DemuxTransport(try Self.address(name))
            defer { transport.close() }
            let address = EndpointAddress(network: NetworkID(1), endpoint: EndpointID(9))
            let exchange = try transport.begin(
                to: address,
                type: .nvmeManagementInterface,
                matches: { _ in true }
            )
            try await exchange.send(Array(bytes(request).dropFirst()))
            let message = try await exchange.receive(until: EventLoop.main.now + .seconds(10))
            XCTAssertEqual(message, Array(bytes(answer).dropFirst()))
            exchange.end()
        }
    }
}
