import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

/// Two of the eight tag numbers stay free for the bus owner, whatever the load, and it hears its answers.
final class TagNumberTests: XCTestCase {
    private static let request = bytes("84 08 00 00 11 22")
    private static let answer = bytes("84 88 00 00 33")

    private static func drive(_ endpoint: UInt8, network: UInt32 = 1) -> EndpointAddress {
        EndpointAddress(network: NetworkID(network), endpoint: EndpointID(endpoint))
    }

    @LoopActor
    private final class Bench {
        let kernel: FakeKernel
        let transport: KernelTransport

        init(_ rules: KernelTagRules) throws {
            kernel = try FakeKernel(rules)
            transport = try KernelTransport(calls: kernel.table)
        }

        func begin(_ address: EndpointAddress) throws -> any Exchange {
            try transport.begin(to: address, type: .nvmeManagementInterface) { _ in true }
        }

        func send(to address: EndpointAddress) async throws -> any Exchange {
            let exchange = try begin(address)
            try await exchange.send(request)
            return exchange
        }
    }

    func testTheBusOwnerIsHeardWhateverTheLoad() throws {
        for rules in KernelTagRules.allCases {
            try runLoop(virtualClock: true) {
                var generator = SeededGenerator(seed: 20_261_127)
                let bench = try Bench(rules)
                var open: [(any Exchange, EndpointAddress, UInt8)] = []
                var answered = 0
                for _ in 0..<600 {
                    let network = UInt32.random(in: 1...2, using: &generator)
                    // A few drives get most of it; those above 20 never answer.
                    let endpoint =
                        Bool.random(using: &generator)
                        ? 9 : UInt8.random(in: 9...24, using: &generator)
                    let address = Self.drive(endpoint, network: network)
                    if open.count < 40, UInt8.random(in: 0..<3, using: &generator) > 0 {
                        let exchange = try bench.begin(address)
                        do {
                            try await withDeadline(EventLoop.main.now + .milliseconds(60)) {
                                try await exchange.send(Self.request)
                            }
                            open.append((exchange, address, bench.kernel.lastNumber))
                        } catch {
                            exchange.end()
                        }
                    } else if !open.isEmpty {
                        let index = Int.random(in: 0..<open.count, using: &generator)
                        let (exchange, address, tag) = open.remove(at: index)
                        if address.endpoint.rawValue <= 20 {
                            bench.kernel.answer(
                                network: address.network.rawValue,
                                endpoint: address.endpoint.rawValue,
                                tag: tag,
                                Self.answer
                            )
                            let soon = EventLoop.main.now + .seconds(1)
                            _ = try await exchange.receive(until: soon)
                            answered += 1
                        }
                        exchange.end()
                    }
                    let turn = try bench.kernel.askAsBusOwner(
                        network: network,
                        endpoint: endpoint
                    )
                    XCTAssertEqual(turn, .answered, "\(rules)")
                    XCTAssertGreaterThanOrEqual(bench.kernel.freeNumbers(network: network), 2)
                    if UInt8.random(in: 0..<8, using: &generator) == 0 {
                        try await sleep(for: .milliseconds(60))
                    }
                }
                XCTAssertGreaterThan(answered, 80)
                bench.transport.close()
            }
        }
    }

    func testASeventhExchangeWaitsForItsTurn() throws {
        for rules in KernelTagRules.allCases {
            try runLoop(virtualClock: true) {
                let bench = try Bench(rules)
                var holders: [any Exchange] = []
                for _ in 0..<6 { holders.append(try await bench.send(to: Self.drive(9))) }
                XCTAssertEqual(bench.kernel.numbers().count, 6)
                // Another drive has the same six.
                for _ in 0..<6 { holders.append(try await bench.send(to: Self.drive(10))) }
                XCTAssertEqual(bench.kernel.numbers(endpoint: 10), bench.kernel.numbers())
                let start = EventLoop.main.now
                EventLoop.main.schedule(after: .milliseconds(100)) { holders[2].end() }
                let seventh = try await bench.send(to: Self.drive(9))
                XCTAssertGreaterThanOrEqual(EventLoop.main.now - start, .milliseconds(100))
                XCTAssertTrue(seventh.outlivesFirstAnswer)
                XCTAssertEqual(bench.transport.statistics.failedSends, 0)
                bench.transport.close()
            }
        }
    }

    func testEndpointsOfANetworkDoNotWaitForEachOther() throws {
        for rules in KernelTagRules.allCases {
            try runLoop(virtualClock: true) {
                let bench = try Bench(rules)
                let start = EventLoop.main.now
                var exchanges: [any Exchange] = []
                for _ in 0..<6 {
                    for endpoint in UInt8(8)...67 {
                        exchanges.append(try await bench.send(to: Self.drive(endpoint)))
                    }
                }
                XCTAssertEqual(EventLoop.main.now, start)
                XCTAssertEqual(bench.kernel.reservedTags, 60 * 6)
                XCTAssertEqual(bench.kernel.freeNumbers(), 2)
                // What it costs: nothing, or two numbers that are held for a moment.
                let calls = bench.kernel.calls.count {
                    [.allocateTag, .allocateTagByNetwork, .dropTag].contains($0)
                }
                XCTAssertLessThanOrEqual(calls, (rules == .linux6_12 ? 1 : 5) * 60 * 6 + 1)
                let turn = try bench.kernel.askAsBusOwner(endpoint: 20)
                XCTAssertEqual(turn, .answered)
                bench.transport.close()
            }
        }
    }

    func testTagsAtRestOfTheSameSetAreGivenUpFirst() throws {
        try runLoop(virtualClock: true) {
            // On 6.1 an endpoint ID has one set of tags in all networks.
            let bench = try Bench(.linux6_1)
            for _ in 0..<4 { try await bench.send(to: Self.drive(9)).end(answersMayCome: false) }
            XCTAssertEqual(bench.transport.statistics.reservedTags, 4)
            let start = EventLoop.main.now
            var exchanges: [any Exchange] = []
            for _ in 0..<6 {
                exchanges.append(try await bench.send(to: Self.drive(9, network: 2)))
            }
            XCTAssertEqual(EventLoop.main.now, start)
            XCTAssertEqual(bench.kernel.reservedTags, 6)
            for exchange in exchanges { exchange.end() }
            bench.transport.close()
        }
    }

    func testAskingForTheEndpointIDLeavesNumbersFree() throws {
        for rules in KernelTagRules.allCases {
            try runLoop(virtualClock: true) {
                let bench = try Bench(rules)
                var holders: [any Exchange] = []
                for _ in 0..<6 { holders.append(try await bench.send(to: Self.drive(9))) }
                bench.kernel.onSend = { _ in
                    // On 6.1 the question keeps no number from the bus owner.
                    if rules == .linux6_12 {
                        XCTAssertGreaterThanOrEqual(bench.kernel.freeNumbers(), 2)
                    }
                    bench.kernel.answer(
                        tag: bench.kernel.lastNumber,
                        [0x00] + [bench.kernel.sent.last?.payload[0] ?? 0].map { $0 & 0x1F }
                            + bytes("02 00 09 00 00")
                    )
                }
                // With one at rest that one is given up; before, it waits.
                EventLoop.main.schedule(after: .milliseconds(1500)) { holders[0].end() }
                let answer = await bench.transport.askForEndpointID(
                    of: Self.drive(9),
                    until: EventLoop.main.now + .seconds(3)
                )
                XCTAssertEqual(answer, .answered)
                bench.transport.close()
            }
        }
    }

    func testNumberThatWasReleasedUnansweredIsNotUsedAgainSoon() throws {
        for rules in KernelTagRules.allCases {
            try runLoop(virtualClock: true) {
                let bench = try Bench(rules)
                let timers = EventLoop.main.pendingTimers
                let silent = try await bench.send(to: Self.drive(9))
                let first = bench.kernel.lastNumber
                bench.transport.releaseTags(of: Self.drive(9))
                silent.end()
                XCTAssertEqual(bench.kernel.held(), 0)
                let start = EventLoop.main.now
                while EventLoop.main.now - start < .seconds(9) {
                    let exchange = try await bench.send(to: Self.drive(9))
                    XCTAssertNotEqual(bench.kernel.lastNumber, first)
                    exchange.end(answersMayCome: false)
                    bench.transport.releaseTags(of: Self.drive(9))
                    try await sleep(for: .seconds(1))
                }
                try await sleep(for: .seconds(2))
                _ = try await bench.send(to: Self.drive(9))
                XCTAssertEqual(bench.kernel.lastNumber, first)
                // Better one of those than none.
                for _ in 0..<2 {
                    for _ in 0..<6 { _ = try await bench.send(to: Self.drive(9)) }
                    bench.transport.releaseTags(of: Self.drive(9))
                }
                try await sleep(for: .seconds(20))
                XCTAssertEqual(EventLoop.main.pendingTimers, timers)
                XCTAssertEqual(bench.kernel.reservedTags, 0)
                bench.transport.close()
            }
        }
    }
}
