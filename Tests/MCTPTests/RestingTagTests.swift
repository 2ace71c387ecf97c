import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

/// What becomes of a tag when its exchange has ended.
final class RestingTagTests: XCTestCase {
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))
    private static let request = bytes("84 08 00 00 11 22")
    private static let answer = bytes("84 88 00 00 33")

    @LoopActor
    private final class Bench {
        let kernel: FakeKernel
        let transport: KernelTransport

        init() throws {
            kernel = try FakeKernel()
            transport = try KernelTransport(calls: kernel.table)
        }

        func begin(_ address: EndpointAddress = drive) throws -> any Exchange {
            try transport.begin(to: address, type: .nvmeManagementInterface) { _ in true }
        }

        /// The number of the tag that was sent with last.
        var lastTag: UInt8 { (kernel.sent.last?.address.tag ?? 0xFF) & 0x07 }

        /// Ends an exchange that is answered; returns its tag.
        @discardableResult
        func exchange(_ number: UInt8 = 0) async throws -> UInt8 {
            let exchange = try begin()
            try await exchange.send(request)
            let tag = lastTag
            kernel.deliver(tag: tag, answer + [number])
            let message = try await exchange.receive(until: EventLoop.main.now + .seconds(1))
            XCTAssertEqual(message, answer + [number])
            exchange.end()
            return tag
        }

        /// Ends an exchange that is not answered; returns its tag.
        @discardableResult
        func unansweredExchange() async throws -> UInt8 {
            let exchange = try begin()
            try await exchange.send(request)
            exchange.end()
            return lastTag
        }

        /// How often tags were reserved and released.
        var tagCalls: Int {
            kernel.calls.count { [.allocateTagByNetwork, .allocateTag, .dropTag].contains($0) }
        }
    }

    func testTagsAreUsedInRotationAndCostNoCalls() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            var tags: [UInt8] = []
            for number in UInt8(0)..<12 { tags.append(try await bench.exchange(number)) }
            XCTAssertEqual(tags, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
            XCTAssertEqual(bench.tagCalls, 4)
            bench.transport.close()
        }
    }

    func testAnswerThatComesTwiceReachesNobody() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            for number in UInt8(0)..<50 {
                let last = try await bench.exchange(number)
                bench.kernel.deliver(tag: last, Self.answer + [number])
                // The next is under way when the copy comes.
                let next = try bench.begin()
                try await next.send(Self.request)
                let tag = bench.lastTag
                XCTAssertNotEqual(tag, last)
                bench.kernel.deliver(tag: last, Self.answer + [number])
                bench.kernel.deliver(tag: tag, Self.answer + [100])
                let message = try await next.receive(until: EventLoop.main.now + .seconds(1))
                XCTAssertEqual(message.last, 100)
                next.end()
            }
            XCTAssertEqual(bench.transport.statistics.lateMessages, 100)
            XCTAssertEqual(bench.transport.dropped(from: Self.drive), 100)
            bench.transport.close()
        }
    }

    func testCopiesOfAnyDelayReachNobodyHoweverFastCommandsFollow() throws {
        try runLoop(virtualClock: true) {
            // Within the time that every tag rests; beyond it, once the endpoint is known for it.
            for delays in [[0, 1, 20, 49], [30, 100, 249]] {
                let bench = try Bench()
                var number: UInt8 = 0
                for delay in delays {
                    for _ in 0..<40 {
                        number &+= 1
                        let answer = Self.answer + [number]
                        let tag = try await bench.exchange(number)
                        EventLoop.main.schedule(after: .milliseconds(delay)) {
                            bench.kernel.deliver(tag: tag, answer)
                        }
                    }
                }
                try await sleep(for: .milliseconds(300))
                XCTAssertEqual(
                    bench.transport.statistics.lateMessages,
                    UInt64(40 * delays.count)
                )
                bench.transport.close()
            }
        }
    }

    func testFastCommandsWaitForTheirTagsButNotForLong() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            var start = EventLoop.main.now
            for _ in 0..<44 { try await bench.exchange() }
            // Four at once, then four each time that the tags have rested.
            XCTAssertEqual(EventLoop.main.now - start, .milliseconds(500))
            XCTAssertEqual(bench.transport.statistics.repeatedSends, 0)
            // A message that came late makes it longer, for a time.
            bench.kernel.deliver(tag: 0, Self.answer)
            try await sleep(for: .milliseconds(50))
            start = EventLoop.main.now
            for _ in 0..<8 { try await bench.exchange() }
            XCTAssertEqual(EventLoop.main.now - start, .milliseconds(250))
            try await sleep(for: .seconds(61))
            start = EventLoop.main.now
            for _ in 0..<8 { try await bench.exchange() }
            XCTAssertEqual(EventLoop.main.now - start, .milliseconds(50))
            bench.transport.close()
        }
    }

    func testTagOfAnExchangeThatSentNothingNeedsNoRest() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let start = EventLoop.main.now
            for _ in 0..<50 { try bench.begin().end() }
            try await bench.exchange()
            XCTAssertEqual(EventLoop.main.now, start)
            bench.transport.close()
        }
    }

    func testAnswerAfterTheTimeOutReachesNobody() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let late = try await bench.unansweredExchange()
            let start = EventLoop.main.now
            var answers: UInt64 = 0
            while EventLoop.main.now - start < .seconds(10) {
                let tag = try await bench.exchange()
                XCTAssertNotEqual(tag, late)
                answers += 1
                try await sleep(for: .milliseconds(50))
            }
            let next = try bench.begin()
            try await next.send(Self.request)
            bench.kernel.deliver(tag: late, Self.answer)
            try await sleep(for: .milliseconds(1))
            XCTAssertEqual(bench.transport.statistics.lateMessages, 1)
            XCTAssertEqual(bench.transport.statistics.receivedMessages, answers)
            next.end()
            bench.transport.close()
        }
    }

    func testOwnerSaysWhetherAnswersMayCome() throws {
        try runLoop(virtualClock: true) {
            // More Processing Required has come and the answer has not; then the other way round.
            for answersMayCome in [true, false] {
                let bench = try Bench()
                let exchange = try bench.begin()
                try await exchange.send(Self.request)
                if answersMayCome {
                    bench.kernel.deliver(tag: 0, Self.answer)
                    _ = try await exchange.receive(until: EventLoop.main.now + .seconds(1))
                }
                exchange.end(answersMayCome: answersMayCome)
                var tags: Set<UInt8> = []
                for _ in 0..<10 { tags.insert(try await bench.exchange()) }
                XCTAssertEqual(tags.contains(0), !answersMayCome)
                bench.transport.close()
            }
        }
    }

    func testSeveralRequestsNeedSeveralAnswers() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let exchange = try bench.begin()
            try await exchange.send(Self.request)
            try await exchange.send(Self.request)
            bench.kernel.deliver(tag: 0, Self.answer)
            _ = try await exchange.receive(until: EventLoop.main.now + .seconds(1))
            exchange.end()
            for _ in 0..<10 {
                let tag = try await bench.exchange()
                XCTAssertNotEqual(tag, 0)
            }
            bench.transport.close()
        }
    }

    func testNoMoreThanFourTagsRest() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let exchanges = try (0..<8).map { _ in try bench.begin() }
            for exchange in exchanges {
                try await exchange.send(Self.request)
                exchange.end()
            }
            XCTAssertEqual(bench.kernel.reservedTags, 4)
            // Without any answer, those that are the longest ago have to do.
            for _ in 0..<20 { try await bench.unansweredExchange() }
            XCTAssertEqual(bench.kernel.reservedTags, 4)
            XCTAssertEqual(try bench.kernel.takeTags(), 4)
            bench.transport.close()
        }
    }

    func testEndpointThatAnswersAgainRotatesBesideTheQuarantine() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            for _ in 0..<4 { try await bench.unansweredExchange() }
            // Two of the four stay out of use, and no tag is used twice in a row.
            var last: UInt8?
            var tags: [UInt8] = []
            for _ in 0..<20 {
                let tag = try await bench.exchange()
                XCTAssertNotEqual(tag, last)
                last = tag
                tags.append(tag)
            }
            XCTAssertEqual(Set(tags.suffix(10)).count, 2)
            XCTAssertEqual(bench.kernel.reservedTags, 4)
            bench.transport.close()
        }
    }

    func testRestingTagIsUsedWhenTheKernelHasNoneLeft() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            try await bench.exchange()
            XCTAssertEqual(try bench.kernel.takeTags(), 7)
            for _ in 0..<3 {
                let tag = try await bench.exchange()
                XCTAssertEqual(tag, 0)
            }
            // Also one whose answer may still come: better than no command at all.
            try await bench.unansweredExchange()
            let drops = bench.kernel.calls.count { $0 == .dropTag }
            let tag = try await bench.exchange()
            XCTAssertEqual(tag, 0)
            // It is made anew, in case that half of an answer has come.
            XCTAssertEqual(bench.kernel.calls.count { $0 == .dropTag }, drops + 1)
            XCTAssertEqual(bench.transport.statistics.repeatedSends, 0)
            bench.transport.close()
        }
    }

    func testWaitingExchangeGetsATagAsSoonAsOneRests() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let holder = try bench.begin()
            try await holder.send(Self.request)
            XCTAssertEqual(try bench.kernel.takeTags(), 7)
            let waiting = try bench.begin()
            EventLoop.main.schedule(after: .milliseconds(50)) { holder.end() }
            try await waiting.send(Self.request)
            XCTAssertTrue(waiting.outlivesFirstAnswer)
            bench.transport.close()
        }
    }

    func testIdleEndpointHasNoTagsAndNoTimer() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let timers = EventLoop.main.pendingTimers
            for _ in 0..<4 { try await bench.exchange() }
            let other = EndpointAddress(network: .initial, endpoint: EndpointID(10))
            let lasting = try bench.begin(other)
            try await lasting.send(Self.request)
            XCTAssertEqual(bench.transport.statistics.reservedTags, 5)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers + 1)
            try await sleep(for: .seconds(7))
            XCTAssertEqual(bench.kernel.reservedTags, 1)
            XCTAssertEqual(bench.transport.statistics.reservedTags, 1)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
            // Without its answer, the tag stays for longer.
            lasting.end()
            try await sleep(for: .seconds(7))
            XCTAssertEqual(bench.kernel.reservedTags, 1)
            try await sleep(for: .seconds(7))
            XCTAssertEqual(bench.kernel.reservedTags, 0)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
            bench.transport.close()
        }
    }

    func testTagsOfABusyEndpointStay() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            for _ in 0..<4 { try await bench.exchange() }
            let calls = bench.tagCalls
            for _ in 0..<10 {
                try await sleep(for: .seconds(1))
                try await bench.exchange()
            }
            XCTAssertEqual(bench.tagCalls, calls)
            bench.transport.close()
        }
    }

    func testForgettingReleasesTagsExceptThoseInQuarantine() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            try await bench.unansweredExchange()
            for _ in 0..<3 { try await bench.exchange() }
            bench.kernel.deliver(tag: 1, Self.answer)
            try await sleep(for: .milliseconds(50))
            XCTAssertEqual(bench.transport.dropped(from: Self.drive), 1)
            bench.transport.forget(Self.drive)
            XCTAssertEqual(bench.transport.dropped(from: Self.drive), 0)
            XCTAssertEqual(bench.kernel.reservedTags, 1)
            let tag = try await bench.exchange()
            XCTAssertEqual(tag, 1)
            bench.transport.close()
        }
    }

    func testAnswerThatComesTwiceDoesNotReachTheSuccessorOfAForgottenSession() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let timers = EventLoop.main.pendingTimers
            let last = try await bench.exchange(1)
            bench.transport.forget(Self.drive)
            let successor = try bench.begin()
            try await successor.send(Self.request)
            let tag = bench.lastTag
            bench.kernel.deliver(tag: last, Self.answer + [1])
            bench.kernel.deliver(tag: tag, Self.answer + [2])
            let message = try await successor.receive(until: EventLoop.main.now + .seconds(1))
            XCTAssertEqual(message.last, 2)
            successor.end()
            bench.transport.forget(Self.drive)
            XCTAssertEqual(bench.transport.statistics.reservedTags, 2)
            // Forgotten does not mean for ever.
            try await sleep(for: .seconds(7))
            XCTAssertEqual(bench.transport.statistics.reservedTags, 0)
            XCTAssertEqual(bench.kernel.reservedTags, 0)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
            bench.transport.close()
        }
    }

    func testTagThatTheKernelDroppedIsReplacedUnnoticed() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            for _ in 0..<4 { try await bench.exchange() }
            let open = try bench.begin()
            try await open.send(Self.request)
            bench.kernel.dropTags()
            // One in rotation, then one that is open already.
            try await bench.exchange()
            try await open.send(Self.request)
            let tag = bench.lastTag
            bench.kernel.deliver(tag: tag, Self.answer + [5])
            let message = try await open.receive(until: EventLoop.main.now + .seconds(1))
            XCTAssertEqual(message.last, 5)
            open.end()
            XCTAssertEqual(bench.transport.statistics.failedSends, 0)
            XCTAssertEqual(bench.transport.statistics.repeatedSends, 0)
            XCTAssertEqual(
                bench.kernel.reservedTags,
                bench.transport.statistics.reservedTags
            )
            bench.transport.close()
        }
    }

    func testTagThatIsDroppedAgainAndAgainIsAnError() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let exchange = try bench.begin()
            bench.kernel.failures[.send] = [ENOENT, ENOENT]
            do {
                try await exchange.send(Self.request)
                XCTFail("sent without a tag")
            } catch {
                XCTAssertEqual((error as? TransportError)?.kind, .invalidRequest)
            }
            exchange.end()
            try await sleep(for: .seconds(7))
            XCTAssertEqual(bench.kernel.reservedTags, 0)
            bench.transport.close()
        }
    }

    func testCloseReleasesRestingTagsAndTheTimer() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            let timers = EventLoop.main.pendingTimers
            for _ in 0..<4 { try await bench.exchange() }
            bench.transport.close()
            XCTAssertTrue(bench.kernel.isClosed)
            XCTAssertEqual(bench.transport.statistics.reservedTags, 0)
            XCTAssertEqual(EventLoop.main.pendingTimers, timers)
        }
    }

    func testStrangeSendersCostBoundedMemory() throws {
        try runLoop(virtualClock: true) {
            let bench = try Bench()
            var known = 0
            for network in UInt32(1)...20 {
                for endpoint in UInt8(8)...254 {
                    bench.kernel.deliver(network: network, endpoint: endpoint, tag: 0, Self.answer)
                }
            }
            try await sleep(for: .milliseconds(1))
            for network in UInt32(1)...20 {
                for endpoint in UInt8(8)...254 {
                    let address = EndpointAddress(
                        network: NetworkID(network),
                        endpoint: EndpointID(endpoint)
                    )
                    known += Int(bench.transport.dropped(from: address))
                }
            }
            XCTAssertEqual(bench.transport.statistics.lateMessages, 20 * 247)
            XCTAssertEqual(known, 1024)
            bench.transport.close()
        }
    }
}
