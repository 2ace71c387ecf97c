import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

final class KernelTransportTests: XCTestCase {
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))
    private static let request = bytes("84 08 00 00 11 22")
    private static let answer = bytes("84 88 00 00 33")

    @LoopActor
    private static func begin(
        _ transport: KernelTransport,
        _ address: EndpointAddress = drive,
        matches: @escaping @LoopActor ([UInt8]) -> Bool = { _ in true }
    ) throws -> any Exchange {
        try transport.begin(to: address, type: .nvmeManagementInterface, matches: matches)
    }

    @LoopActor
    private static func soon() -> MonotonicInstant { EventLoop.main.now + .seconds(1) }

    /// What kind of error a piece of code ends with.
    @LoopActor
    private static func kind(
        of body: () async throws -> Void
    ) async -> TransportError.Kind? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? TransportError)?.kind
        }
    }

    func testRequestAndSeveralAnswers() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            XCTAssertTrue(exchange.outlivesFirstAnswer)
            try await exchange.send(Self.request)
            XCTAssertEqual(
                kernel.sent,
                [
                    FakeKernel.Sent(
                        address: KernelAddress(
                            network: .initial,
                            endpoint: EndpointID(9),
                            typeByte: 0x84,
                            tag: 0x18
                        ),
                        payload: Array(Self.request.dropFirst())
                    )
                ]
            )
            for last in UInt8(1)...3 {
                kernel.deliver(tag: 0, Self.answer + [last])
                let message = try await exchange.receive(until: Self.soon())
                XCTAssertEqual(message, Self.answer + [last])
            }
            XCTAssertEqual(kernel.reservedTags, 1)
            exchange.end()
            exchange.end()
            XCTAssertEqual(transport.statistics.openExchanges, 0)
            let kind = await Self.kind { _ = try await exchange.receive(until: Self.soon()) }
            XCTAssertEqual(kind, .closed)
            XCTAssertEqual(transport.statistics.sentMessages, 1)
            XCTAssertEqual(transport.statistics.receivedMessages, 3)
            transport.close()
            XCTAssertTrue(kernel.isClosed)
        }
    }

    func testLettingGoEndsTheExchange() throws {
        try runLoop {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            try await Self.begin(transport).send(Self.request)
            XCTAssertEqual(transport.statistics.openExchanges, 0)
            transport.close()
        }
    }

    func testLettingGoOfTheTransportClosesTheSocket() throws {
        try runLoop {
            let kernel = try FakeKernel()
            let watches = EventLoop.main.activeWatches
            do {
                let transport = try KernelTransport(calls: kernel.table)
                XCTAssertEqual(transport.description, "AF_MCTP")
                XCTAssertEqual(EventLoop.main.activeWatches, watches + 1)
            }
            XCTAssertTrue(kernel.isClosed)
            XCTAssertEqual(EventLoop.main.activeWatches, watches)
        }
    }

    func testTagGoesToRestAfterTimeoutAndCancellation() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let task = EventLoop.main.spawn {
                let exchange = try Self.begin(transport)
                try await exchange.send(Self.request)
                _ = try await exchange.receive(until: .distantFuture)
            }
            try await sleep(for: .seconds(1))
            XCTAssertEqual(kernel.reservedTags, 1)
            task.cancel()
            let result = await task.result
            XCTAssertThrowsError(try result.get()) {
                XCTAssertEqual(($0 as? TransportError)?.kind, .cancelled)
            }
            XCTAssertEqual(transport.statistics.openExchanges, 0)
            XCTAssertEqual(transport.statistics.reservedTags, 1)

            let start = EventLoop.main.now
            let kind = await Self.kind {
                let exchange = try Self.begin(transport)
                try await exchange.send(Self.request)
                _ = try await exchange.receive(until: Self.soon())
            }
            XCTAssertEqual(kind, .timedOut)
            XCTAssertEqual(EventLoop.main.now, start + .seconds(1))
            XCTAssertEqual(transport.statistics.openExchanges, 0)
            XCTAssertEqual(transport.statistics.reservedTags, 2)
            XCTAssertEqual(kernel.reservedTags, 2)
            transport.close()
        }
    }

    func testAnswersGoToTheirExchanges() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            var addresses: [EndpointAddress] = []
            for network in UInt32(1)...2 {
                for endpoint in UInt8(9)...10 {
                    for _ in 0..<2 {
                        addresses.append(
                            EndpointAddress(
                                network: NetworkID(network),
                                endpoint: EndpointID(endpoint)
                            )
                        )
                    }
                }
            }
            let exchanges = try addresses.map { try Self.begin(transport, $0) }
            for (index, exchange) in exchanges.enumerated() {
                try await exchange.send(Self.request + [UInt8(index)])
            }
            for message in kernel.sent.reversed() {
                kernel.deliver(
                    network: message.address.network.rawValue,
                    endpoint: message.address.endpoint.rawValue,
                    tag: message.address.tag & 0x07,
                    Self.answer + message.payload.suffix(1)
                )
            }
            for (index, exchange) in exchanges.enumerated() {
                let message = try await exchange.receive(until: Self.soon())
                XCTAssertEqual(message, Self.answer + [UInt8(index)])
            }
            transport.close()
        }
    }

    func testWrongAnswersAreDroppedAndCounted() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            kernel.deliver(endpoint: 10, tag: 0, Self.answer)
            kernel.deliver(network: 2, tag: 0, Self.answer)
            kernel.deliver(tag: 1, Self.answer)
            kernel.deliver(tag: 8, Self.answer)
            kernel.deliver(tag: 0, bytes("01 88 00"))
            kernel.deliver(tag: 0, Self.answer + [0xAA])
            let message = try await exchange.receive(until: Self.soon())
            XCTAssertEqual(message.last, 0xAA)
            XCTAssertEqual(transport.statistics.lateMessages, 3)
            XCTAssertEqual(transport.statistics.unmatchedMessages, 2)
            XCTAssertEqual(transport.statistics.receivedMessages, 1)
            transport.close()
        }
    }

    func testOlderKernelsReserveForEveryNetworkFromOneSet() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel(.linux6_1)
            let transport = try KernelTransport(calls: kernel.table)
            var exchanges: [any Exchange] = []
            var tags: Set<UInt8> = []
            for network in UInt32(1)...2 {
                for _ in 0..<2 {
                    let address = EndpointAddress(
                        network: NetworkID(network),
                        endpoint: EndpointID(9)
                    )
                    let exchange = try Self.begin(transport, address)
                    exchanges.append(exchange)
                    try await exchange.send(Self.request)
                    XCTAssertTrue(exchange.outlivesFirstAnswer)
                    tags.insert(kernel.lastNumber)
                    // Any number of answers.
                    for last in UInt8(1)...2 {
                        kernel.answer(
                            network: network,
                            tag: kernel.lastNumber,
                            Self.answer + [last]
                        )
                        let message = try await exchange.receive(until: Self.soon())
                        XCTAssertEqual(message.last, last)
                    }
                }
            }
            XCTAssertEqual(tags.count, 4)
            // What the kernel does not have is asked for once.
            XCTAssertEqual(kernel.calls.count { $0 == .allocateTagByNetwork }, 1)
            for exchange in exchanges { exchange.end() }
            // Released by the call that reserved them.
            try await sleep(for: .seconds(5))
            XCTAssertEqual(kernel.reservedTags, 0)
            transport.close()
        }
    }

    func testDefaultNetworkTakesAnswersFromItsRealNumber() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(
                transport,
                EndpointAddress(network: .unspecified, endpoint: EndpointID(9))
            )
            try await exchange.send(Self.request)
            XCTAssertEqual(kernel.calls.contains(.allocateTagByNetwork), false)
            kernel.answer(network: 1, tag: kernel.lastNumber, Self.answer)
            let message = try await exchange.receive(until: Self.soon())
            XCTAssertEqual(message, Self.answer)
            exchange.end()
            try await sleep(for: .seconds(5))
            XCTAssertEqual(kernel.reservedTags, 0)
            transport.close()
        }
    }

    func testExchangesWithoutReservedTagsAreAsked() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            kernel.knowsTags = false
            let transport = try KernelTransport(calls: kernel.table)
            let even = try Self.begin(transport) { $0.last == 0 }
            let odd = try Self.begin(transport) { $0.last == 1 }
            try await even.send(Self.request)
            XCTAssertFalse(even.outlivesFirstAnswer)
            try await odd.send(Self.request)
            kernel.deliver(tag: 3, Self.answer + [1])
            kernel.deliver(tag: 4, Self.answer + [2])
            kernel.deliver(tag: 5, Self.answer + [0])
            let first = try await even.receive(until: Self.soon())
            let second = try await odd.receive(until: Self.soon())
            XCTAssertEqual([first.last, second.last], [0, 1])
            XCTAssertEqual(transport.statistics.unmatchedMessages, 1)
            even.end()
            // One is left: it judges by itself.
            kernel.deliver(tag: 6, Self.answer + [2])
            let third = try await odd.receive(until: Self.soon())
            XCTAssertEqual(third.last, 2)
            transport.close()
        }
    }
}
