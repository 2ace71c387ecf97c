import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

final class KernelErrorTests: XCTestCase {
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))
    private static let request = bytes("84 08 00 00 11 22")
    private static let answer = bytes("84 88 00 00 33")

    /// What the kernel can say, the kind it is, and whether it may pass by itself.
    private static let errors: [(Int32, TransportError.Kind, passes: Bool)] = [
        (EHOSTUNREACH, .unreachable, true),
        (ENETUNREACH, .unreachable, false),
        (ENODEV, .unreachable, false),
        (EBUSY, .tagsExhausted, true),
        (ENOENT, .invalidRequest, false),
        (EMSGSIZE, .messageSize, false),
        (ENOBUFS, .resources, true),
        (EAGAIN, .resources, true),
        (ENETDOWN, .linkDown, false),
        (ENOMEM, .resources, false),
        (EINVAL, .invalidRequest, false),
        (EDESTADDRREQ, .invalidRequest, false),
        (EADDRINUSE, .invalidRequest, false),
        (EACCES, .permission, false),
        (EPERM, .permission, false),
        (EAFNOSUPPORT, .unsupported, false),
        (EOPNOTSUPP, .unsupported, false),
        (EIO, .other, false),
    ]

    @LoopActor
    private static func begin(_ transport: KernelTransport) throws -> any Exchange {
        try transport.begin(to: drive, type: .nvmeManagementInterface) { _ in true }
    }

    @LoopActor
    private static func error(of body: () async throws -> Void) async -> TransportError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? TransportError
        }
    }

    func testEveryErrorOfSending() throws {
        try runLoop(virtualClock: true) {
            for (number, kind, passes) in Self.errors {
                let kernel = try FakeKernel()
                let transport = try KernelTransport(calls: kernel.table)
                let exchange = try Self.begin(transport)
                let start = EventLoop.main.now

                // For good.
                kernel.failures[.send] = Array(repeating: number, count: 1000)
                let error = await Self.error { try await exchange.send(Self.request) }
                XCTAssertEqual(
                    error,
                    TransportError(
                        operation: "send",
                        kind: kind,
                        errno: Errno(rawValue: number),
                        endpoint: Self.drive
                    )
                )
                let elapsed = EventLoop.main.now - start
                if passes {
                    XCTAssertTrue((.milliseconds(300) ... .milliseconds(400)).contains(elapsed))
                } else {
                    XCTAssertEqual(elapsed, .zero)
                }
                XCTAssertEqual(transport.statistics.failedSends, 1)

                // For a moment.
                kernel.failures[.send] = [number, number]
                let momentary = await Self.error { try await exchange.send(Self.request) }
                XCTAssertEqual(momentary == nil, passes, "\(number)")

                exchange.end()
                XCTAssertEqual(transport.statistics.openExchanges, 0)
                XCTAssertEqual(transport.statistics.reservedTags, kernel.reservedTags)
                transport.close()
            }
        }
    }

    func testEveryErrorOfReserving() throws {
        try runLoop(virtualClock: true) {
            for (number, kind, _) in Self.errors where number != EBUSY {
                let kernel = try FakeKernel()
                let transport = try KernelTransport(calls: kernel.table)
                try await Self.begin(transport).send(Self.request)
                // Known to exist, so no error can mean that the call does not.
                let passing = Array(repeating: number, count: 100)
                kernel.failures[.allocateTagByNetwork] = passing
                let error = await Self.error {
                    try await Self.begin(transport).send(Self.request)
                }
                XCTAssertEqual(error?.kind, kind)
                XCTAssertEqual(error?.endpoint, Self.drive)
                transport.close()
            }
        }
    }

    func testEveryErrorOfOpening() throws {
        try runLoop {
            for (number, kind, _) in Self.errors {
                let kernel = try FakeKernel()
                kernel.failures[.socket] = [number]
                let error = await Self.error { _ = try KernelTransport(calls: kernel.table) }
                XCTAssertEqual(error?.kind, kind)
                XCTAssertEqual(error?.errno?.rawValue, number)
                XCTAssertNil(error?.endpoint)
            }
        }
    }

    func testEveryErrorHasItsAdvice() {
        var advice: Set<String> = []
        for kind in TransportError.Kind.allCases {
            let error = TransportError(operation: "send", kind: kind, endpoint: Self.drive)
            XCTAssertTrue(error.advice.hasSuffix("."), error.advice)
            XCTAssertTrue(error.description.hasPrefix("send, net 1 eid 9: "))
            advice.insert(error.advice)
        }
        XCTAssertEqual(advice.count, TransportError.Kind.allCases.count)
        let error = TransportError(
            operation: "send",
            kind: .unreachable,
            errno: Errno(rawValue: EHOSTUNREACH),
            endpoint: Self.drive
        )
        XCTAssertEqual(
            error.description,
            "send, net 1 eid 9: No route to host (EHOSTUNREACH)"
        )
    }

    func testSendWaitingForARouteEndsWithItsTaskExchangeOrTransport() throws {
        try runLoop(virtualClock: true) {
            for ending in 0..<3 {
                let kernel = try FakeKernel()
                let transport = try KernelTransport(calls: kernel.table)
                let exchange = try Self.begin(transport)
                kernel.failures[.send] = Array(repeating: EHOSTUNREACH, count: 1000)
                let task = EventLoop.main.spawn { try await exchange.send(Self.request) }
                try await sleep(for: .milliseconds(50))
                switch ending {
                case 0: task.cancel()
                case 1: exchange.end()
                default: transport.close()
                }
                let result = await task.result
                XCTAssertThrowsError(try result.get()) {
                    XCTAssertEqual(
                        ($0 as? TransportError)?.kind,
                        ending == 0 ? .cancelled : .closed
                    )
                }
                transport.close()
                exchange.end()
            }
        }
    }

    func testInterruptedCallsAreMadeAgain() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            for call in [FakeKernel.Call.socket, .allocateTagByNetwork, .send, .receive] {
                kernel.failures[call] = [EINTR, EINTR]
            }
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            kernel.deliver(tag: 0, Self.answer)
            kernel.failures[.receive] = [EINTR]
            let message = try await exchange.receive(until: EventLoop.main.now + .seconds(1))
            XCTAssertEqual(message, Self.answer)
            XCTAssertEqual(transport.statistics.receiveErrors, 0)
            XCTAssertEqual(transport.statistics.repeatedSends, 0)
            transport.close()
        }
    }

    func testErrorsOfReceivingDoNotKeepTheLoopAwake() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            kernel.failures[.receive] = Array(repeating: ENETDOWN, count: 3)
            kernel.deliver(tag: 0, Self.answer)
            let start = EventLoop.main.now
            let message = try await exchange.receive(until: start + .seconds(1))
            XCTAssertEqual(message, Self.answer)
            XCTAssertEqual(transport.statistics.receiveErrors, 3)
            XCTAssertEqual(EventLoop.main.now - start, .milliseconds(300))
            transport.close()
        }
    }

    func testTooLongAndTooManyMessages() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            kernel.deliver(tag: 0, Self.answer, length: 70_000)
            let soon = EventLoop.main.now + .seconds(1)
            let error = await Self.error { _ = try await exchange.receive(until: soon) }
            XCTAssertEqual(error?.kind, .messageSize)
            // Longest that the kernel has.
            kernel.deliver(tag: 0, [0x84] + [UInt8](repeating: 7, count: 65535))
            let longest = try await exchange.receive(until: soon)
            XCTAssertEqual(longest.count, 65536)
            // No more than the type byte.
            kernel.deliver(tag: 0, [0x84])
            let shortest = try await exchange.receive(until: soon)
            XCTAssertEqual(shortest, [0x84])
            for _ in 0..<100 { kernel.deliver(tag: 0, Self.answer) }
            try await sleep(for: .milliseconds(1))
            XCTAssertEqual(transport.statistics.receivedMessages, 2 + 8)
            XCTAssertEqual(transport.statistics.oversizedMessages, 1 + 92)
            exchange.end()
            XCTAssertEqual(transport.statistics.lateMessages, 8)
            transport.close()
        }
    }

    func testMessagesOfAnotherTypeAreNotSent() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            for message in [[], bytes("01 08")] {
                let error = await Self.error { try await exchange.send(message) }
                XCTAssertEqual(error?.kind, .protocolViolation)
            }
            XCTAssertEqual(kernel.sent, [])
            transport.close()
            let error = await Self.error { _ = try Self.begin(transport) }
            XCTAssertEqual(error?.kind, .closed)
        }
    }

    func testCloseFailsWhatIsOpen() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let exchange = try Self.begin(transport)
            try await exchange.send(Self.request)
            let task = EventLoop.main.spawn {
                _ = try await exchange.receive(until: .distantFuture)
            }
            try await sleep(for: .milliseconds(1))
            transport.close()
            let result = await task.result
            XCTAssertThrowsError(try result.get()) {
                XCTAssertEqual(($0 as? TransportError)?.kind, .closed)
            }
            exchange.end()
            // The socket is closed: its number may be somebody else's by now.
            XCTAssertFalse(kernel.calls.contains(.dropTag))
        }
    }

    func testThisMachinesKernelSaysWhatItLacks() throws {
        try runLoop {
            let error = await Self.error { try KernelTransport().close() }
            guard let error else { throw XCTSkip("this kernel has MCTP") }
            XCTAssertEqual(error.kind, .unsupported)
            XCTAssertTrue(error.advice.contains("CONFIG_MCTP"))
        }
    }
}
