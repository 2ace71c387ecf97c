import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

final class DemuxTransportTests: XCTestCase {
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))
    private static let request = bytes("84 08 00 00 11 22")
    private static let answer = bytes("84 88 00 00 33")

    /// An abstract name that no other test run uses.
    private static func address(_ name: String = #function) throws -> DemuxAddress {
        try XCTUnwrap(DemuxAddress("@mctp-test-\(getpid())-\(name)"))
    }

    @LoopActor
    private static func begin(
        _ transport: DemuxTransport,
        endpoint: UInt8 = 9,
        matches: @escaping @LoopActor ([UInt8]) -> Bool = { _ in true }
    ) throws -> any Exchange {
        try transport.begin(
            to: EndpointAddress(network: .initial, endpoint: EndpointID(endpoint)),
            type: .nvmeManagementInterface,
            matches: matches
        )
    }

    @LoopActor
    private static func soon() -> MonotonicInstant { EventLoop.main.now + .seconds(1) }

    @LoopActor
    private static func kind(of body: () async throws -> Void) async -> TransportError.Kind? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? TransportError)?.kind
        }
    }

    /// Lets both sides of a connection have some turns.
    @LoopActor
    private static func settle() async throws {
        for _ in 0..<4 { try await sleep(for: .zero) }
    }

    func testRegistrationRequestAndAnswer() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            XCTAssertTrue(transport.isConnected)
            XCTAssertTrue(transport.isShared)
            XCTAssertEqual(transport.description, "demux \(address)")
            server.onPacket = { server, packet in
                server.send([packet[0]] + Self.answer)
                server.send([packet[0]] + Self.answer + [2])
            }
            let exchange = try Self.begin(transport)
            XCTAssertTrue(exchange.outlivesFirstAnswer)
            try await exchange.send(Self.request)
            let first = try await exchange.receive(until: Self.soon())
            let second = try await exchange.receive(until: Self.soon())
            XCTAssertEqual([first, second], [Self.answer, Self.answer + [2]])
            XCTAssertEqual(server.registrations, [0x84])
            XCTAssertEqual(server.packets, [[9] + Self.request])
            exchange.end()
            server.send([9] + Self.answer)
            try await Self.settle()
            XCTAssertEqual(transport.statistics.lateMessages, 1)
            XCTAssertEqual(transport.statistics.receivedMessages, 2)
            transport.close()
            server.close()
        }
    }

    func testAnswersAreToldApartByEndpointAndMatch() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            let slots = UInt8(0)..<2
            let exchanges = try slots.map { slot in
                try Self.begin(transport) { $0.count > 1 && $0[1] & 0x81 == 0x80 | slot }
            }
            let other = try Self.begin(transport, endpoint: 10) { _ in false }
            for exchange in exchanges + [other] { try await exchange.send(Self.request) }
            server.onPacket = nil
            try await Self.settle()
            server.send([9] + bytes("84 89 01"))
            server.send([9] + bytes("84 28 ff"))
            server.send([10] + bytes("84 28 02"))
            server.send([11] + bytes("84 88 03"))
            server.send([9] + bytes("84 88 04"))
            let first = try await exchanges[0].receive(until: Self.soon())
            let second = try await exchanges[1].receive(until: Self.soon())
            // The only exchange with its endpoint: judges by itself.
            let third = try await other.receive(until: Self.soon())
            XCTAssertEqual([first, second, third].map(\.last), [4, 1, 2])
            XCTAssertEqual(transport.statistics.unmatchedMessages, 1)
            XCTAssertEqual(transport.statistics.lateMessages, 1)
            transport.close()
            server.close()
        }
    }

    func testAnswerBeforeTheQuestionIsLate() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            try await Self.settle()
            let exchange = try Self.begin(transport)
            server.send([9] + Self.answer + [1])
            try await exchange.send(Self.request)
            server.send([9] + Self.answer + [2])
            let message = try await exchange.receive(until: Self.soon())
            XCTAssertEqual(message.last, 2)
            XCTAssertEqual(transport.statistics.lateMessages, 1)
            transport.close()
            server.close()
        }
    }

    func testStrangePacketsAreCounted() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            try await Self.settle()
            server.send([9])
            server.send([9, 0x04, 0x88])
            server.send([9] + [UInt8](repeating: 0x84, count: 66_000))
            for _ in 0..<20 { server.send([9] + Self.answer) }
            try await Self.settle()
            XCTAssertEqual(transport.statistics.unmatchedMessages, 2)
            XCTAssertEqual(transport.statistics.receivedMessages, 8)
            XCTAssertEqual(transport.statistics.oversizedMessages, 1 + 12)
            transport.close()
            server.close()
        }
    }

    func testRandomPacketsDoNoHarm() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            var random = SeededGenerator(seed: 8)
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            try await Self.settle()
            for _ in 0..<2000 {
                var packet = random.bytes(Int.random(in: 1...40, using: &random))
                packet[0] = 9
                server.send(packet)
                if Int.random(in: 0..<4, using: &random) == 0 { try await Self.settle() }
            }
            XCTAssertTrue(transport.isConnected)
            transport.close()
            server.close()
        }
    }

    func testConnectionIsMadeWhenTheDaemonComes() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let start = EventLoop.main.now
            let transport = DemuxTransport(address)
            var changes: [Bool] = []
            transport.onConnectionChange = { changes.append($0) }
            XCTAssertFalse(transport.isConnected)
            let kind = await Self.kind { _ = try Self.begin(transport) }
            XCTAssertEqual(kind, .linkDown)
            try await sleep(for: .seconds(60))
            XCTAssertEqual(changes, [])
            let server = try DemuxServer(address)
            while !transport.isConnected { try await sleep(for: .milliseconds(100)) }
            // The pauses grow, but not beyond five seconds.
            XCTAssertLessThan(EventLoop.main.now - start, .seconds(66))
            XCTAssertEqual(changes, [true])
            XCTAssertEqual(transport.statistics.reconnections, 0)
            transport.close()
            XCTAssertEqual(changes, [true, false])
            server.close()
        }
    }

    func testLostConnectionFailsWhatIsOpenAndIsMadeAgain() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            let exchange = try Self.begin(transport)
            let unsent = try Self.begin(transport, endpoint: 10)
            try await exchange.send(Self.request)
            try await Self.settle()
            let waiting = EventLoop.main.spawn {
                _ = try await exchange.receive(until: .distantFuture)
            }
            try await Self.settle()
            server.dropClients()
            let result = await waiting.result
            XCTAssertThrowsError(try result.get()) {
                let error = $0 as? TransportError
                XCTAssertEqual(error?.kind, .linkDown)
                XCTAssertEqual(error?.endpoint, Self.drive)
                XCTAssertTrue(error?.advice.contains("mctp-demux-daemon") ?? false)
            }
            XCTAssertFalse(transport.isConnected)
            let unsentKind = await Self.kind { try await unsent.send(Self.request) }
            XCTAssertEqual(unsentKind, .linkDown)

            while !transport.isConnected { try await sleep(for: .milliseconds(10)) }
            XCTAssertEqual(transport.statistics.reconnections, 1)
            try await Self.settle()
            XCTAssertEqual(server.registrations, [0x84, 0x84])
            server.onPacket = { $0.send([9] + Self.answer + $1.suffix(1)) }
            let next = try Self.begin(transport)
            try await next.send(Self.request)
            let message = try await next.receive(until: Self.soon())
            XCTAssertEqual(message, Self.answer + [0x22])
            transport.close()
            server.close()
        }
    }

    func testSendWaitsForRoom() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            let exchange = try Self.begin(transport)
            try await Self.settle()
            server.isReading = false
            EventLoop.main.schedule(after: .milliseconds(500)) { server.isReading = true }
            let long = Self.request + [UInt8](repeating: 0, count: 4000)
            let count = 500
            for _ in 0..<count { try await exchange.send(long) }
            XCTAssertGreaterThan(transport.statistics.repeatedSends, 0)
            while server.packets.count < count { try await sleep(for: .milliseconds(1)) }
            XCTAssertTrue(transport.isConnected)

            // A daemon that does not read at all is as good as gone.
            server.isReading = false
            let kind = await Self.kind {
                while true { try await exchange.send(long) }
            }
            XCTAssertEqual(kind, .linkDown)
            XCTAssertEqual(transport.statistics.failedSends, 1)
            transport.close()
            server.close()
        }
    }

    func testCancellationEndsWaitsAtOnce() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            try await Self.settle()
            server.isReading = false
            let long = Self.request + [UInt8](repeating: 0, count: 4000)
            let start = EventLoop.main.now
            let tasks = [
                EventLoop.main.spawn { while true { try await exchange.send(long) } },
                EventLoop.main.spawn {
                    _ = try await exchange.receive(until: .distantFuture)
                },
            ]
            try await sleep(for: .milliseconds(100))
            for task in tasks {
                task.cancel()
                let result = await task.result
                XCTAssertThrowsError(try result.get()) {
                    XCTAssertEqual(($0 as? TransportError)?.kind, .cancelled)
                }
            }
            XCTAssertEqual(EventLoop.main.now - start, .milliseconds(100))
            transport.close()
            server.close()
        }
    }

    func testCloseFailsWhatIsOpen() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let watches = EventLoop.main.activeWatches
            let timers = EventLoop.main.pendingTimers
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            let exchange = try Self.begin(transport)
            transport.close()
            for kind in [
                await Self.kind { try await exchange.send(Self.request) },
                await Self.kind { _ = try await exchange.receive(until: Self.soon()) },
                await Self.kind { _ = try Self.begin(transport) },
            ] {
                XCTAssertEqual(kind, .closed)
            }
            server.close()
            XCTAssertEqual(EventLoop.main.activeWatches, watches)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
        }
    }

    func testOtherTypesAreRefused() throws {
        let address = try Self.address()
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address, type: .control, hasIntegrityCheck: false)
            try await Self.settle()
            XCTAssertEqual(server.registrations, [0x00])
            let kind = await Self.kind { _ = try Self.begin(transport) }
            XCTAssertEqual(kind, .unsupported)
            transport.close()
            server.close()
        }
    }

    func testAddresses() throws {
        XCTAssertEqual(DemuxAddress.standard.description, "@mctp-mux")
        XCTAssertNil(DemuxAddress(""))
        XCTAssertNil(DemuxAddress("@"))
        XCTAssertNil(DemuxAddress("@" + String(repeating: "x", count: 107)))
        XCTAssertNotNil(DemuxAddress("@" + String(repeating: "x", count: 106)))
        let path = NSTemporaryDirectory() + "mctp-test-\(getpid())"
        defer { unlink(path) }
        let address = try XCTUnwrap(DemuxAddress(path))
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            XCTAssertTrue(transport.isConnected)
            try await Self.settle()
            XCTAssertEqual(server.registrations, [0x84])
            transport.close()
            server.close()
        }
    }
}
