import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

/// Exchanges that wait for a tag.
final class TagLineTests: XCTestCase {
    private static let request = bytes("84 08 00 00 11 22")

    private static func drive(_ endpoint: UInt8, network: UInt32 = 1) -> EndpointAddress {
        EndpointAddress(network: NetworkID(network), endpoint: EndpointID(endpoint))
    }

    /// An owner that notes what it is told.
    @LoopActor
    private final class Owner: ExchangeOwner {
        var told: [String] = []

        func matches(_ message: [UInt8]) -> Bool { true }
        func waitsForTag() { told.append("waits for a tag") }
        func sent() { told.append("sent") }
        func notSent(_ error: TransportError) { told.append("not sent: \(error.kind)") }
        func arrived(_ message: Result<[UInt8], TransportError>) -> Bool { true }
        func broke(_ error: TransportError) { told.append("broke: \(error.kind)") }
    }

    @LoopActor
    private final class Bench {
        let kernel: FakeKernel
        let transport: KernelTransport
        let owner = Owner()

        init(_ rules: KernelTagRules = .linux6_12) throws {
            kernel = try FakeKernel(rules)
            transport = try KernelTransport(calls: kernel.table)
        }

        /// Begins an exchange and sends its message; returns whether that went out.
        func send(
            to address: EndpointAddress,
            _ owner: Owner? = nil
        ) throws -> (
            any OpenExchange, isSent: Bool
        ) {
            let exchange = try transport.begin(
                to: address,
                type: .nvmeManagementInterface,
                owner: owner ?? self.owner
            )
            return (exchange, try exchange.send(request))
        }

        /// As many exchanges as there can be.
        func fill(_ address: EndpointAddress) throws -> [any OpenExchange] {
            try (0..<6).map { _ in
                let (exchange, isSent) = try send(to: address)
                XCTAssertTrue(isSent)
                return exchange
            }
        }
    }

    func testAMessageWaitsForItsTagAsLongAsItsSender() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let holders = try bench.fill(Self.drive(9))
            let owner = Owner()
            let (exchange, isSent) = try bench.send(to: Self.drive(9), owner)
            XCTAssertFalse(isSent)
            // Longer than anything else is waited for.
            try await sleep(for: .seconds(60))
            XCTAssertEqual(owner.told, ["waits for a tag"])
            XCTAssertEqual(bench.transport.statistics.failedSends, 0)
            holders[3].end(answersMayCome: false)
            try await sleep(for: .milliseconds(60))
            XCTAssertEqual(owner.told, ["waits for a tag", "sent"])
            exchange.end(answersMayCome: false)

            // The sender gives up: nothing is left of it.
            let last = Owner()
            let (second, _) = try bench.send(to: Self.drive(9), last)
            let (third, _) = try bench.send(to: Self.drive(9), last)
            let open = bench.transport.statistics.openExchanges
            second.end(answersMayCome: nil)
            third.end(answersMayCome: nil)
            XCTAssertEqual(bench.transport.statistics.openExchanges, open - 2)
            bench.transport.close()
        }
    }

    func testTagsOfAnotherProgramAreWaitedForAsWell() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let taken = try bench.kernel.takeTags()
            XCTAssertEqual(taken, 8)
            let owner = Owner()
            let (exchange, isSent) = try bench.send(to: Self.drive(9), owner)
            XCTAssertFalse(isSent)
            try await sleep(for: .seconds(10))
            bench.kernel.dropTags()
            try await sleep(for: .milliseconds(50))
            XCTAssertEqual(owner.told, ["waits for a tag", "sent"])
            exchange.end(answersMayCome: false)
            bench.transport.close()
        }
    }

    func testARouteHasItsPatienceAfterTheTag() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let holders = try bench.fill(Self.drive(9))
            let owner = Owner()
            let (exchange, _) = try bench.send(to: Self.drive(9), owner)
            try await sleep(for: .seconds(1))
            bench.kernel.failures[.send] = [EHOSTUNREACH, EHOSTUNREACH]
            holders[0].end(answersMayCome: false)
            try await sleep(for: .milliseconds(300))
            XCTAssertEqual(owner.told, ["waits for a tag", "sent"])
            exchange.end(answersMayCome: false)
            bench.transport.close()
        }
    }

    func testWaitingEndsWithTheTransportAndTheRelease() throws {
        try runLoop(virtualClock: true) {
            for isReleased in [true, false] {
                let bench = try Bench()
                _ = try bench.fill(Self.drive(9))
                let timers = EventLoop.main.pendingTimers
                let owner = Owner()
                let (exchange, _) = try bench.send(to: Self.drive(9), owner)
                if isReleased {
                    bench.transport.releaseTags(of: Self.drive(9))
                } else {
                    bench.transport.close()
                }
                XCTAssertEqual(owner.told, ["waits for a tag", "broke: closed"])
                exchange.end(answersMayCome: nil)
                XCTAssertEqual(bench.transport.statistics.openExchanges, 0)
                if !isReleased { XCTAssertEqual(EventLoop.main.pendingTimers, timers) }
                bench.transport.close()
            }
        }
    }

    func testEndpointsTakeTurnsAndTheirExchangesKeepTheirOrder() throws {
        try runLoop(virtualClock: true) {
            // Where one endpoint ID has one set of tags in all networks.
            let bench = try Bench(.linux6_1)
            var holders = try bench.fill(Self.drive(9))
            var order: [String] = []
            bench.kernel.onSend = {
                order.append("\($0.address.network.rawValue)\($0.payload.last ?? 0)")
            }
            var exchanges: [any OpenExchange] = []
            // Four of the first network, then two of the second.
            for (network, number) in [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2)] {
                let exchange = try bench.transport.begin(
                    to: Self.drive(9, network: UInt32(network)),
                    type: .nvmeManagementInterface,
                    owner: bench.owner
                )
                XCTAssertFalse(try exchange.send(Self.request + [UInt8(number)]))
                exchanges.append(exchange)
            }
            while !holders.isEmpty {
                // Nothing is to be expected for it any more.
                holders.removeFirst().end(answersMayCome: false)
                try await sleep(for: .milliseconds(100))
            }
            XCTAssertEqual(order, ["11", "21", "12", "22", "13", "14"])
            for exchange in exchanges { exchange.end(answersMayCome: false) }
            bench.transport.close()
        }
    }

    func testNobodyOvertakesThoseInLine() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let holders = try bench.fill(Self.drive(9))
            let first = Owner()
            let second = Owner()
            let (waiting, _) = try bench.send(to: Self.drive(9), first)
            holders[0].end(answersMayCome: false)
            let (late, isSent) = try bench.send(to: Self.drive(9), second)
            XCTAssertFalse(isSent)
            // Another endpoint does not wait for these.
            let (other, isOtherSent) = try bench.send(to: Self.drive(10))
            XCTAssertTrue(isOtherSent)
            try await sleep(for: .milliseconds(60))
            XCTAssertEqual(first.told, ["waits for a tag", "sent"])
            XCTAssertEqual(second.told, ["waits for a tag"])
            for exchange in [waiting, late, other] { exchange.end(answersMayCome: false) }
            bench.transport.close()
        }
    }
}
