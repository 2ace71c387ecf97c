import MCTP
import TestSupport
import XCTest

final class SerialFrameTests: XCTestCase {
    /// Frames as Linux sends and takes them, and the packets in them.
    private static let vectors: [(packet: String, frame: String)] = [
        ("01 00 08 c8 00 80 02", "7e 01 07 01 00 08 c8 00 80 02 2b c1 7e"),
        (
            "01 08 00 c0 00 00 02 00 00 00 00",
            "7e 01 0b 01 08 00 c0 00 00 02 00 00 00 00 3c 98 7e"
        ),
        ("01 00 08 c9 00 81 01 00 09", "7e 01 09 01 00 08 c9 00 81 01 00 09 a7 6d 7e"),
        (
            "01 08 00 c1 00 01 01 00 00 09 00",
            "7e 01 0b 01 08 00 c1 00 01 01 00 00 09 00 73 d8 7e"
        ),
        (
            "01 08 09 c2 00 02 05 00 02 00 04",
            "7e 01 0b 01 08 09 c2 00 02 05 00 02 00 04 ce d6 7e"
        ),
        ("01 09 08 c8 84 7e 7d", "7e 01 07 01 09 08 c8 84 7d 5e 7d 5d 0c 57 7e"),
    ]

    func testVectors() {
        for (packet, frame) in Self.vectors {
            XCTAssertEqual(SerialFrame.encode(bytes(packet)).map(hexadecimal), frame)
            var decoder = SerialFrameDecoder()
            XCTAssertEqual(decoder.receive(bytes(frame)), [.packet(bytes(packet))])
            XCTAssertEqual(decoder.skippedBytes, 0)
        }
    }

    func testControlMessagesOfTheVectors() throws {
        let messages: [ControlMessage] = [
            ControlRequest.getEndpointID.message(instance: 0),
            ControlResponse.getEndpointID(
                endpoint: .null,
                isBridge: false,
                kind: .dynamic,
                mediumSpecific: 0
            ).message(answering: ControlRequest.getEndpointID.message(instance: 0)),
            ControlRequest.setEndpointID(operation: .set, endpoint: EndpointID(9))
                .message(instance: 1),
            ControlResponse.setEndpointID(
                isAccepted: true,
                pool: .none,
                endpoint: EndpointID(9),
                poolSize: 0
            ).message(
                answering: ControlRequest.setEndpointID(
                    operation: .set,
                    endpoint: EndpointID(9)
                ).message(instance: 1)
            ),
            ControlResponse.getMessageTypeSupport([.control, .nvmeManagementInterface])
                .message(answering: ControlRequest.getMessageTypeSupport.message(instance: 2)),
        ]
        for (message, vector) in zip(messages, Self.vectors) {
            let packet = bytes(vector.packet)
            XCTAssertEqual(message.bytes, Array(packet.dropFirst(4)))
            XCTAssertEqual(try ControlMessage(parsing: Array(packet.dropFirst(4))), message)
        }
    }

    func testBytesOneByOneAndFramesInARow() {
        var decoder = SerialFrameDecoder()
        let line = Self.vectors.flatMap { bytes($0.frame) }
        let packets = Self.vectors.map { SerialFrameDecoder.Event.packet(bytes($0.packet)) }
        XCTAssertEqual(line.flatMap { decoder.receive([$0]) }, packets)
        XCTAssertEqual(decoder.receive(line), packets)
    }

    func testFramesMayShareAFlag() {
        var decoder = SerialFrameDecoder()
        let line: [UInt8] = Self.vectors.flatMap { Array(bytes($0.frame).dropLast()) } + [0x7E]
        XCTAssertEqual(decoder.receive(line).count, Self.vectors.count)
    }

    func testTooLongForAFrame() {
        XCTAssertNil(SerialFrame.encode([UInt8](repeating: 0, count: 256)))
        var decoder = SerialFrameDecoder()
        let longest = [UInt8](repeating: 0x7E, count: 255)
        let frame = SerialFrame.encode(longest) ?? []
        XCTAssertEqual(frame.count, 2 * 255 + 6)
        XCTAssertEqual(decoder.receive(frame), [.packet(longest)])
        var narrow = SerialFrameDecoder(maximumPacketLength: 68)
        XCTAssertEqual(
            narrow.receive(bytes("7e 01 45")),
            [.damaged(.tooLong(count: 69, limit: 68))]
        )
    }

    func testDamageIsNamedAndTheNextFrameFound() {
        let good = "7e 01 07 01 00 08 c8 00 80 02 2b c1 7e"
        let damaged: [(String, SerialFrameDecoder.Damage)] = [
            ("7e 02 07 01", .unknownRevision(2)),
            ("7e 01 07 01 00", .flagInside),
            ("7e 01 07 01 7d 55", .unknownEscape(0x55)),
            ("7e 01 07 01 7d 7d", .unknownEscape(0x7D)),
            ("7e 01 07 01 7d 7e", .unknownEscape(0x7E)),
            (
                "7e 01 07 01 00 08 c8 00 80 02 2b c2 7e",
                .wrongChecksum(expected: 0x2BC1, got: 0x2BC2)
            ),
            ("7e 01 07 01 00 08 c8 00 80 02 2b c1 00", .noEndFlag(0)),
        ]
        for (line, damage) in damaged {
            var decoder = SerialFrameDecoder()
            let events = decoder.receive(bytes(line + good))
            XCTAssertEqual(events.first, .damaged(damage), line)
            XCTAssertEqual(events.last, .packet(bytes("01 00 08 c8 00 80 02")), line)
        }
    }

    func testLostByteCostsOneFrame() {
        let frames = Self.vectors.map { bytes($0.frame) }
        for (index, frame) in frames.enumerated() where index + 1 < frames.count {
            // All places but the end flag, which the next frame's start makes good.
            for place in 1..<frame.count - 1 {
                var line = frame
                line.remove(at: place)
                var decoder = SerialFrameDecoder()
                let events = decoder.receive(line + frames[index + 1] + frames[0])
                XCTAssertEqual(
                    events.last,
                    .packet(bytes(Self.vectors[0].packet)),
                    "\(index) \(place)"
                )
            }
        }
    }

    func testRandomPacketsComeBack() {
        var random = SeededGenerator(seed: 5)
        var decoder = SerialFrameDecoder()
        for _ in 0..<2000 {
            let packet = random.bytes(Int.random(in: 0...255, using: &random)).map {
                // Many bytes that have to be escaped.
                $0 < 64 ? 0x7C + $0 % 4 : $0
            }
            XCTAssertEqual(decoder.receive(SerialFrame.encode(packet) ?? []), [.packet(packet)])
        }
    }

    func testRandomBytesDoNoHarmAndDoNotHideFrames() {
        var random = SeededGenerator(seed: 6)
        var decoder = SerialFrameDecoder(maximumPacketLength: 74)
        let frame = bytes(Self.vectors[0].frame)
        let packet = SerialFrameDecoder.Event.packet(bytes(Self.vectors[0].packet))
        for _ in 0..<2000 {
            var noise = random.bytes(Int.random(in: 0...200, using: &random)).map {
                $0 < 32 ? 0x7C + $0 % 3 : $0
            }
            if Bool.random(using: &random) { noise += [0x7E, 0x01] }
            _ = decoder.receive(noise)
            // At most a packet and its checksum can be missing from what the noise began.
            let events = decoder.receive((0..<8).flatMap { _ in frame })
            XCTAssertEqual(events.suffix(1), [packet])
            XCTAssertGreaterThanOrEqual(events.filter { $0 == packet }.count, 6)
        }
    }
}
