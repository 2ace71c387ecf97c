import MCTP
import TestSupport
import XCTest

final class ReassemblerTests: XCTestCase {
    private let tag = MessageTag(3, isOwner: true)

    private func packets(_ message: [UInt8], from source: UInt8 = 9, unit: Int = 64) -> [[UInt8]] {
        Array(
            Packetizer(
                message,
                from: EndpointID(source),
                to: EndpointID(8),
                tag: tag,
                transmissionUnit: unit
            )
        )
    }

    func testEveryLengthComesBack() {
        var reassembler = Reassembler()
        for length in 1...300 {
            let message = [UInt8]((0..<length).map { UInt8(truncatingIfNeeded: $0) })
            let outcomes = packets(message).map { reassembler.receive($0) }
            XCTAssertEqual(
                outcomes.last,
                .message(
                    ReassembledMessage(
                        source: EndpointID(9),
                        destination: EndpointID(8),
                        tag: tag,
                        bytes: message
                    )
                )
            )
            XCTAssertTrue(outcomes.dropLast().allSatisfy { $0 == .incomplete })
        }
        XCTAssertEqual(reassembler.abandonedMessages, 0)
    }

    func testMessagesOfSeveralSendersMayBeInterleaved() {
        var reassembler = Reassembler()
        let first = [UInt8](repeating: 1, count: 150)
        let second = [UInt8](repeating: 2, count: 150)
        var complete: [[UInt8]] = []
        for (one, other) in zip(packets(first, from: 9), packets(second, from: 10)) {
            for packet in [one, other] {
                if case .message(let message) = reassembler.receive(packet) {
                    complete.append(message.bytes)
                }
            }
        }
        XCTAssertEqual(complete, [first, second])
    }

    func testSequenceMayStartAnywhere() {
        var reassembler = Reassembler()
        XCTAssertEqual(reassembler.receive(bytes("01 08 09 b3 84 01")), .incomplete)
        XCTAssertEqual(reassembler.receive(bytes("01 08 09 03 02 03")), .incomplete)
        guard case .message(let message) = reassembler.receive(bytes("01 08 09 53 04")) else {
            return XCTFail("not complete")
        }
        XCTAssertEqual(message.bytes, bytes("84 01 02 03 04"))
        XCTAssertEqual(message.tag, MessageTag(3, isOwner: false))
    }

    func testWhatDoesNotFitIsDroppedWithItsMessage() {
        var reassembler = Reassembler(maximumMessageLength: 5)
        func drop(_ text: String, _ error: PacketError, line: UInt = #line) {
            XCTAssertEqual(reassembler.receive(bytes(text)), .dropped(error), line: line)
        }
        func keep(_ text: String, line: UInt = #line) {
            XCTAssertEqual(reassembler.receive(bytes(text)), .incomplete, line: line)
        }
        drop("", .tooShort(length: 0))
        drop("01 08 09 c0", .tooShort(length: 4))
        drop("03 08 09 c0 84", .unknownVersion(3))
        drop("01 08 09 40 84", .noStart)
        // Lost packet; the rest has lost its message.
        keep("01 08 09 80 84 01")
        drop("01 08 09 60 04", .wrongSequence(expected: 1, got: 2))
        drop("01 08 09 50 04", .noStart)
        // Too short in the middle, too long at the end.
        keep("01 08 09 80 84 01")
        drop("01 08 09 10 02", .wrongLength(expected: 2, got: 1))
        keep("01 08 09 80 84 01")
        drop("01 08 09 50 02 03 04", .wrongLength(expected: 2, got: 3))
        // Other tag and other owner are other messages.
        keep("01 08 09 80 84 01")
        drop("01 08 09 51 02", .noStart)
        drop("01 08 09 58 02", .noStart)
        // Too long as a whole.
        keep("01 08 09 90 02 03")
        keep("01 08 09 20 02 03")
        drop("01 08 09 70 02 03", .messageTooLong(limit: 5))
        drop("01 08 09 c0 84 01 02 03 04 05", .messageTooLong(limit: 5))
        XCTAssertEqual(reassembler.abandonedMessages, 1)
    }

    func testNumberOfIncompleteMessagesIsBounded() {
        var reassembler = Reassembler(maximumPartialMessages: 4)
        let message = [UInt8](repeating: 7, count: 100)
        for source in UInt8(10)..<20 {
            XCTAssertEqual(
                reassembler.receive(packets(message, from: source)[0]),
                .incomplete
            )
        }
        XCTAssertEqual(reassembler.abandonedMessages, 6)
        // The oldest went, the newest stayed.
        XCTAssertEqual(
            reassembler.receive(packets(message, from: 10)[1]),
            .dropped(.noStart)
        )
        guard case .message = reassembler.receive(packets(message, from: 19)[1]) else {
            return XCTFail("not complete")
        }
    }

    func testRandomPacketsDoNoHarm() {
        var random = SeededGenerator(seed: 3)
        var reassembler = Reassembler(maximumMessageLength: 500, maximumPartialMessages: 3)
        var complete = 0
        for _ in 0..<50_000 {
            var packet = random.bytes(Int.random(in: 0...24, using: &random))
            if packet.count > 3, Bool.random(using: &random) {
                // Plausible ones: few senders, few tags, mostly right versions.
                packet[0] = 1
                packet[1] = 8
                packet[2] = packet[2] & 1
                packet[3] &= 0xF1
            }
            switch reassembler.receive(packet) {
            case .message(let message):
                complete += 1
                XCTAssertLessThanOrEqual(message.bytes.count, 500)
                XCTAssertFalse(message.bytes.isEmpty)
            case .incomplete, .dropped:
                break
            }
        }
        XCTAssertGreaterThan(complete, 1000)
    }

    func testMessagesSurviveForeignPacketsBetween() {
        var random = SeededGenerator(seed: 4)
        var reassembler = Reassembler()
        for _ in 0..<500 {
            let message = random.bytes(Int.random(in: 1...1000, using: &random))
            let unit = Int.random(in: 1...128, using: &random)
            var result: Reassembler.Outcome?
            for packet in packets(message, unit: unit) {
                result = reassembler.receive(packet)
                // Other source, so another message.
                _ = reassembler.receive([1, 8, 77] + random.bytes(10))
            }
            guard case .message(let complete) = result else { return XCTFail("not complete") }
            XCTAssertEqual(complete.bytes, message)
        }
    }
}
