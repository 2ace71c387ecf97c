import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

/// Asking an endpoint for its endpoint ID over the kernel's sockets.
final class EndpointIDQuestionTests: XCTestCase {
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))

    @LoopActor
    private static func ask(
        _ transport: KernelTransport,
        for duration: Duration = .seconds(3)
    ) async -> EndpointIDAnswer {
        await transport.askForEndpointID(of: drive, until: EventLoop.main.now + duration)
    }

    /// The answer of a drive that has endpoint ID 9, to what was sent last.
    private static func answer(to sent: FakeKernel.Sent) -> [UInt8] {
        [0x00, sent.payload[0] & 0x1F, 0x02, 0x00, 0x09, 0x00, 0x00]
    }

    func testQuestionAndAnswer() throws {
        try runLoop(virtualClock: true) {
            for rules in KernelTagRules.allCases {
                let kernel = try FakeKernel(rules)
                let transport = try KernelTransport(calls: kernel.table)
                kernel.onSend = { kernel.answer(tag: kernel.lastNumber, Self.answer(to: $0)) }
                for instance in UInt8(1)...40 {
                    let answer = await Self.ask(transport)
                    XCTAssertEqual(answer, .answered)
                    let sent = try XCTUnwrap(kernel.sent.last)
                    XCTAssertEqual(
                        sent.address,
                        KernelAddress(
                            network: .initial,
                            endpoint: EndpointID(9),
                            typeByte: 0x00,
                            tag: KernelAddress.ownerFlag
                        )
                    )
                    XCTAssertEqual(sent.payload, [0x80 | (instance & 0x1F), 0x02])
                }
                XCTAssertEqual(kernel.sent.count, 40)
                XCTAssertEqual(kernel.held(), 0)
                XCTAssertEqual(kernel.openSockets, 1)
                XCTAssertEqual(transport.statistics.sentMessages, 40)
                XCTAssertEqual(transport.statistics.receivedMessages, 40)
                transport.close()
            }
        }
    }

    func testQuestionIsPutThreeTimesWithOneNumberAndOneTag() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let timers = EventLoop.main.pendingTimers
            let start = EventLoop.main.now
            kernel.onSend = { _ in XCTAssertEqual(kernel.held(), 1) }
            let answer = await Self.ask(transport)
            XCTAssertEqual(answer, .silent)
            XCTAssertEqual(EventLoop.main.now - start, .seconds(3))
            XCTAssertEqual(kernel.sent.count, 3)
            XCTAssertEqual(Set(kernel.sent.map(\.payload)).count, 1)
            XCTAssertEqual(kernel.held(), 0)
            XCTAssertEqual(kernel.openSockets, 1)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
            transport.close()
        }
    }

    func testAnswerToAnEarlierAttemptCounts() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            kernel.onSend = { sent in
                EventLoop.main.schedule(after: .milliseconds(1500)) {
                    kernel.answer(tag: 0, Self.answer(to: sent))
                }
            }
            let answer = await Self.ask(transport)
            XCTAssertEqual(answer, .answered)
            try await sleep(for: .seconds(3))
            XCTAssertEqual(transport.statistics.receivedMessages, 1)
            transport.close()
        }
    }

    func testWhatTheEndpointSaysOfItself() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let cases: [(String, EndpointIDAnswer)] = [
                ("09 00 00", .answered),
                // A bridge, a static ID, something of the medium.
                ("09 12 55", .answered),
                ("00 00 00", .answeredWithAnother(.null)),
                ("0a 00 00", .answeredWithAnother(EndpointID(10))),
            ]
            for (data, expected) in cases {
                kernel.onSend = {
                    let start = Self.answer(to: $0).prefix(4)
                    kernel.answer(tag: kernel.lastNumber, start + bytes(data))
                }
                let answer = await Self.ask(transport)
                XCTAssertEqual(answer, expected)
            }
            // Refused: error, not ready.
            for refusal in ["01", "04", "05 00"] {
                kernel.onSend = {
                    let start = Self.answer(to: $0).prefix(3)
                    kernel.answer(tag: kernel.lastNumber, start + bytes(refusal))
                }
                let answer = await Self.ask(transport)
                XCTAssertEqual(answer, .answered)
            }
            transport.close()
        }
    }

    func testWrongAnswersAreNone() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            let wrong: [([UInt8]) -> [UInt8]] = [
                // Another number, another command, a request, a datagram, with the other flag alone.
                { [$0[0], ($0[1] + 1) & 0x1F] + $0.dropFirst(2) },
                { $0.prefix(2) + [0x03] + $0.dropFirst(3) },
                { [$0[0], $0[1] | 0x80] + $0.dropFirst(2) },
                { [$0[0], $0[1] | 0xC0] + $0.dropFirst(2) },
                { [$0[0], $0[1] | 0x40] + $0.dropFirst(2) },
                // Of another type, with an integrity check.
                { [0x04] + $0.dropFirst() },
                { [0x80] + $0.dropFirst() },
                // Too short, too long, nothing.
                { Array($0.dropLast()) },
                { $0 + [0] },
                { $0 + [UInt8](repeating: 0, count: 5000) },
                { Array($0.prefix(3)) },
                { Array($0.prefix(1)) },
                // A type that there is not.
                { $0.prefix(5) + [0x20, 0x00] },
            ]
            for (index, change) in wrong.enumerated() {
                let before = transport.statistics.unmatchedMessages
                kernel.onSend = {
                    kernel.answer(tag: kernel.lastNumber, change(Self.answer(to: $0)))
                }
                let answer = await Self.ask(transport)
                XCTAssertEqual(answer, .silent, "\(index)")
                XCTAssertEqual(transport.statistics.unmatchedMessages, before + 3)
            }
            // The answer of somebody else never arrives; nor does one with the tag of the endpoint's own.
            kernel.onSend = { sent in
                kernel.answer(endpoint: 10, tag: kernel.lastNumber, Self.answer(to: sent))
                kernel.answer(network: 2, tag: kernel.lastNumber, Self.answer(to: sent))
                kernel.answer(tag: kernel.lastNumber | 8, Self.answer(to: sent))
                kernel.answer(tag: kernel.lastNumber ^ 1, Self.answer(to: sent))
            }
            let answer = await Self.ask(transport)
            XCTAssertEqual(answer, .silent)
            // A wrong one is not the last word.
            var attempts = 0
            kernel.onSend = { sent in
                attempts += 1
                let answer = Self.answer(to: sent)
                kernel.answer(tag: kernel.lastNumber, attempts == 1 ? answer + [0] : answer)
            }
            let second = await Self.ask(transport)
            XCTAssertEqual(second, .answered)
            transport.close()
        }
    }

    func testQuestionThatCannotBePut() throws {
        try runLoop(virtualClock: true) {
            for (call, number, kind, passes) in [
                (FakeKernel.Call.socket, EMFILE, TransportError.Kind.resources, false),
                (.send, EACCES, .permission, false),
                (.send, ENODEV, .unreachable, false),
                (.send, EHOSTUNREACH, .unreachable, true),
                (.send, EBUSY, .tagsExhausted, true),
            ] {
                let kernel = try FakeKernel()
                let transport = try KernelTransport(calls: kernel.table)
                let start = EventLoop.main.now
                kernel.failures[call] = Array(repeating: number, count: 100)
                guard case .cannotBeAsked(let error) = await Self.ask(transport) else {
                    return XCTFail("asked")
                }
                XCTAssertEqual(error.kind, kind)
                XCTAssertEqual(error.errno?.rawValue, number)
                XCTAssertEqual(error.endpoint, Self.drive)
                XCTAssertEqual(EventLoop.main.now - start, passes ? .seconds(2) : .zero)
                // Only for a moment.
                kernel.failures[call] = [number]
                kernel.onSend = { kernel.answer(tag: kernel.lastNumber, Self.answer(to: $0)) }
                let answer = await Self.ask(transport)
                XCTAssertEqual(answer == .answered, passes)
                XCTAssertEqual(kernel.openSockets, 1)
                transport.close()
            }
        }
    }

    func testQuestionEndsWithItsTaskTheTransportAndTheTags() throws {
        try runLoop(virtualClock: true) {
            for ending in 0..<3 {
                // While it waits for the answer; while it cannot be sent.
                for failures in [[], Array(repeating: EHOSTUNREACH, count: 100)] {
                    let kernel = try FakeKernel()
                    let transport = try KernelTransport(calls: kernel.table)
                    kernel.failures[.send] = failures
                    let task = EventLoop.main.spawn { await Self.ask(transport) }
                    try await sleep(for: .milliseconds(50))
                    switch ending {
                    case 0: task.cancel()
                    case 1: transport.releaseTags(of: Self.drive)
                    default: transport.close()
                    }
                    let start = EventLoop.main.now
                    guard case .cannotBeAsked(let error) = try await task.value else {
                        return XCTFail("asked")
                    }
                    XCTAssertEqual(error.kind, ending == 0 ? .cancelled : .closed)
                    XCTAssertEqual(EventLoop.main.now, start)
                    XCTAssertEqual(kernel.held(), 0)
                    XCTAssertEqual(kernel.openSockets, ending < 2 ? 1 : 0)
                    transport.close()
                    let answer = await Self.ask(transport)
                    XCTAssertNotEqual(answer, .silent)
                }
            }
        }
    }

    func testAskingIsSeenByTheTap() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            var seen: [CarriedMessage] = []
            transport.tap = { seen.append($0) }
            kernel.onSend = { kernel.answer(tag: kernel.lastNumber, Self.answer(to: $0)) }
            _ = await Self.ask(transport)
            XCTAssertEqual(seen.map(\.bytes), [bytes("00 81 02"), bytes("00 01 02 00 09 00 00")])
            XCTAssertEqual(seen.map(\.length), [3, 7])
            XCTAssertEqual(seen.last?.tag, MessageTag(0, isOwner: false))
            transport.close()
        }
    }
}
