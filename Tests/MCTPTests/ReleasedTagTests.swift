import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

/// What the bus owner hears of an endpoint that we talk to, and when its tags are given back.
final class ReleasedTagTests: XCTestCase {
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))
    private static let other = EndpointAddress(network: .initial, endpoint: EndpointID(10))
    private static let request = bytes("84 08 00 00 11 22")
    private static let answer = bytes("84 88 00 00 33")

    @LoopActor
    private static func begin(
        _ transport: KernelTransport,
        _ address: EndpointAddress = drive
    ) throws -> any Exchange {
        try transport.begin(to: address, type: .nvmeManagementInterface) { _ in true }
    }

    func testReleaseGivesBackEveryTagOfTheEndpointAndEndsItsExchanges() throws {
        try runLoop(virtualClock: true) {
            for rules in KernelTagRules.allCases {
                let kernel = try FakeKernel(rules)
                let transport = try KernelTransport(calls: kernel.table)
                let beside = try Self.begin(transport, Self.other)
                try await beside.send(Self.request)
                // At rest, in quarantine, in use and not yet used.
                for isAnswered in [true, false] {
                    let exchange = try Self.begin(transport)
                    try await exchange.send(Self.request)
                    if isAnswered {
                        kernel.answer(tag: kernel.lastNumber, Self.answer)
                        _ = try await exchange.receive(until: EventLoop.main.now + .seconds(1))
                    }
                    exchange.end()
                }
                let waiting = try Self.begin(transport)
                try await waiting.send(Self.request)
                let unused = try Self.begin(transport)
                let task = EventLoop.main.spawn {
                    _ = try await waiting.receive(until: .distantFuture)
                }
                try await sleep(for: .milliseconds(1))
                XCTAssertGreaterThanOrEqual(kernel.numbers().count, 3)

                transport.releaseTags(of: Self.drive)
                XCTAssertEqual(kernel.held(), 0)
                let turn = try kernel.askAsBusOwner()
                XCTAssertEqual(turn, .answered)
                XCTAssertEqual(transport.statistics.openExchanges, 1)
                XCTAssertEqual(transport.statistics.reservedTags, 1)
                let result = await task.result
                XCTAssertThrowsError(try result.get()) {
                    XCTAssertEqual(($0 as? TransportError)?.kind, .closed)
                }
                do {
                    try await unused.send(Self.request)
                    XCTFail("sent")
                } catch {
                    XCTAssertEqual((error as? TransportError)?.kind, .closed)
                }
                waiting.end(answersMayCome: true)
                unused.end()
                try await sleep(for: .seconds(20))
                XCTAssertEqual(kernel.held(), 0)

                // The other endpoint did not notice, and the endpoint can be used again.
                kernel.answer(
                    endpoint: 10,
                    tag: try XCTUnwrap(kernel.numbers(endpoint: 10).first),
                    Self.answer
                )
                let message = try await beside.receive(until: EventLoop.main.now + .seconds(1))
                XCTAssertEqual(message, Self.answer)
                let again = try Self.begin(transport)
                try await again.send(Self.request)
                kernel.answer(tag: kernel.lastNumber, Self.answer)
                let second = try await again.receive(until: EventLoop.main.now + .seconds(1))
                XCTAssertEqual(second, Self.answer)
                again.end()
                beside.end()
                transport.close()
                transport.releaseTags(of: Self.drive)
            }
        }
    }

    func testUnreadAnswersOfReleasedExchangesAreCounted() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            kernel.answer(tag: 0, Self.answer)
            try await sleep(for: .milliseconds(1))
            transport.releaseTags(of: Self.drive)
            XCTAssertEqual(transport.statistics.lateMessages, 1)
            exchange.end()
            XCTAssertEqual(transport.statistics.lateMessages, 1)
            transport.close()
        }
    }
}
