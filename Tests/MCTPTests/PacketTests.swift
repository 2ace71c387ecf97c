import MCTP
import TestSupport
import XCTest

final class PacketTests: XCTestCase {
    func testHeaderFields() throws {
        let header = try PacketHeader(parsing: bytes("01 09 08 c8 84"))
        XCTAssertEqual(header.destination, EndpointID(9))
        XCTAssertEqual(header.source, EndpointID(8))
        XCTAssertTrue(header.isStart)
        XCTAssertTrue(header.isEnd)
        XCTAssertEqual(header.sequence, 0)
        XCTAssertEqual(header.tag, MessageTag(0, isOwner: true))
        XCTAssertEqual(header.tag.answering, MessageTag(0, isOwner: false))
        XCTAssertEqual(header.bytes, bytes("01 09 08 c8"))
    }

    func testEveryFlagByteSurvives() throws {
        for flags in UInt8.min ... .max {
            let packet: [UInt8] = [1, 20, 30, flags]
            XCTAssertEqual(try PacketHeader(parsing: packet).bytes, packet)
        }
    }

    func testReservedBitsAreLeftOutAndOtherVersionsRefused() throws {
        XCTAssertEqual(
            try PacketHeader(parsing: bytes("f1 09 08 c8")).bytes,
            bytes("01 09 08 c8")
        )
        XCTAssertThrowsError(try PacketHeader(parsing: bytes("02 09 08 c8"))) {
            XCTAssertEqual($0 as? PacketError, .unknownVersion(2))
        }
        XCTAssertThrowsError(try PacketHeader(parsing: bytes("01 09 08"))) {
            XCTAssertEqual($0 as? PacketError, .tooShort(length: 3))
        }
    }

    func testPacketizerSplitsAndNumbers() {
        let message = [UInt8](0..<200)
        let packets = Array(
            Packetizer(
                message,
                from: EndpointID(8),
                to: EndpointID(9),
                tag: MessageTag(5, isOwner: true)
            )
        )
        XCTAssertEqual(packets.map(\.count), [68, 68, 68, 12])
        XCTAssertEqual(
            packets.map { hexadecimal($0.prefix(4)) },
            [
                "01 09 08 8d", "01 09 08 1d", "01 09 08 2d", "01 09 08 7d",
            ]
        )
        XCTAssertEqual(packets.flatMap { $0.dropFirst(4) }, message)
    }

    func testPacketizerLimits() {
        func count(_ length: Int, unit: Int) -> Int {
            Array(
                Packetizer(
                    [UInt8](repeating: 1, count: length),
                    from: .null,
                    to: .null,
                    tag: MessageTag(0, isOwner: true),
                    transmissionUnit: unit
                )
            ).count
        }
        XCTAssertEqual(count(0, unit: 64), 0)
        XCTAssertEqual(count(64, unit: 64), 1)
        XCTAssertEqual(count(65, unit: 64), 2)
        XCTAssertEqual(count(4224, unit: 64), 66)
        XCTAssertEqual(count(3, unit: 0), 3)
        XCTAssertEqual(count(3, unit: -7), 3)
    }

    func testNames() {
        let address = EndpointAddress(network: .initial, endpoint: EndpointID(9))
        XCTAssertEqual("\(address)", "net 1 eid 9")
        XCTAssertLessThan(
            address,
            EndpointAddress(network: NetworkID(2), endpoint: EndpointID(8))
        )
        XCTAssertEqual("\(MessageType.nvmeManagementInterface)", "04h")
        XCTAssertEqual(MessageType(firstByte: 0x84), .nvmeManagementInterface)
        XCTAssertEqual(
            MessageType.nvmeManagementInterface.firstByte(hasIntegrityCheck: true),
            0x84
        )
        XCTAssertEqual(
            (UInt8.min ... .max).filter { EndpointID($0).isAssignable },
            Array(8...254)
        )
    }
}
