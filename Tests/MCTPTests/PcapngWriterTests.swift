import EventLoop
import MCTP
import TestSupport
import XCTest

final class PcapngWriterTests: XCTestCase {
    private static let origin = PcapngWriter.Origin(
        hardware: "x86_64",
        operatingSystem: "Linux 6.1",
        application: "nvmemid",
        carrier: "AF_MCTP"
    )
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))

    func testHeader() {
        XCTAssertEqual(
            hexadecimal(PcapngWriter(Self.origin).header),
            hexadecimal(
                bytes(
                    """
                    0a 0d 0d 0a  48 00 00 00  4d 3c 2b 1a  01 00 00 00  ff ff ff ff ff ff ff ff
                    02 00 06 00  78 38 36 5f 36 34 00 00
                    03 00 09 00  4c 69 6e 75 78 20 36 2e 31 00 00 00
                    04 00 07 00  6e 76 6d 65 6d 69 64 00
                    00 00 00 00  48 00 00 00
                    """
                )
            )
        )
    }

    func testFirstMessageBringsItsInterface() {
        var writer = PcapngWriter(Self.origin)
        let message = CarriedMessage(
            .sent,
            endpoint: Self.drive,
            tag: MessageTag(3, isOwner: true),
            bytes: bytes("84 08 00 00 11")
        )
        XCTAssertEqual(
            hexadecimal(writer.record(message, at: 0x0102_0304_0506_0708)),
            hexadecimal(
                bytes(
                    """
                    01 00 00 00  3c 00 00 00  71 00 00 00  00 00 00 00
                    02 00 0a 00  6d 63 74 70 20 6e 65 74 20 31 00 00
                    03 00 07 00  41 46 5f 4d 43 54 50 00
                    09 00 01 00  09 00 00 00
                    00 00 00 00  3c 00 00 00

                    06 00 00 00  48 00 00 00  00 00 00 00  04 03 02 01  08 07 06 05
                    19 00 00 00  19 00 00 00
                    00 04 01 22 00 00 00 00 00 00 00 00 00 00 00 fa
                    01 09 00 cb  84 08 00 00 11  00 00 00
                    02 00 04 00  02 00 00 00  00 00 00 00  48 00 00 00
                    """
                )
            )
        )
    }

    func testFurtherMessagesAndNetworks() {
        var writer = PcapngWriter(Self.origin)
        let other = EndpointAddress(network: NetworkID(7), endpoint: EndpointID(10))
        let sizes = [Self.drive, other, Self.drive, other].map { endpoint in
            let answer = CarriedMessage(
                .received,
                endpoint: endpoint,
                tag: MessageTag(3, isOwner: false),
                bytes: bytes("84 88 00 00")
            )
            return writer.record(answer, at: 1)
        }
        XCTAssertEqual(sizes.map { $0[0] }, [1, 1, 6, 6])
        XCTAssertEqual(
            hexadecimal(sizes[3]),
            hexadecimal(
                bytes(
                    """
                    06 00 00 00  44 00 00 00  01 00 00 00  00 00 00 00  01 00 00 00
                    18 00 00 00  18 00 00 00
                    00 00 01 22 00 00 00 00 00 00 00 00 00 00 00 fa
                    01 00 0a c3  84 88 00 00
                    02 00 04 00  01 00 00 00  00 00 00 00  44 00 00 00
                    """
                )
            )
        )
    }

    func testCarrierWithoutTagsOrNetworks() {
        var writer = PcapngWriter(Self.origin)
        let address = EndpointAddress(network: .unspecified, endpoint: EndpointID(9))
        for (direction, flags) in [(CarriedMessage.Direction.sent, 0xC8), (.received, 0xC0)] {
            let message = CarriedMessage(direction, endpoint: address, tag: nil, bytes: [0x84])
            let record = writer.record(message, at: 0)
            // Before the type byte, which three bytes of padding, the options and the length follow.
            XCTAssertEqual(Int(record[record.count - 21]), flags)
            XCTAssertEqual(record[record.count - 20], 0x84)
        }
    }

    func testMessageThatWasTooLongSaysSo() {
        var writer = PcapngWriter(Self.origin)
        let message = CarriedMessage(
            .received,
            endpoint: Self.drive,
            tag: MessageTag(0, isOwner: false),
            bytes: [0x84],
            length: 0x2_0000
        )
        _ = writer.record(message, at: 0)
        let record = writer.record(message, at: 0)
        XCTAssertEqual(hexadecimal(record[20..<28]), "15 00 00 00 14 00 02 00")
    }

    func testEveryLengthIsPaddedAndSaidAtBothEnds() {
        var writer = PcapngWriter(Self.origin)
        for length in 0..<64 {
            let message = CarriedMessage(
                .sent,
                endpoint: Self.drive,
                tag: nil,
                bytes: Array(repeating: 0xA5, count: length)
            )
            let record = writer.record(message, at: 0)
            XCTAssertTrue(record.count.isMultiple(of: 4))
            let block = length == 0 ? record.dropFirst(60) : record[...]
            XCTAssertEqual(Array(block.dropFirst(4).prefix(4)), Array(block.suffix(4)))
            XCTAssertEqual(Int(block[block.startIndex + 4]), block.count)
        }
    }

    func testUnknownOriginIsLeftOut() {
        let nobody = PcapngWriter.Origin(
            hardware: "",
            operatingSystem: "",
            application: "",
            carrier: ""
        )
        XCTAssertEqual(PcapngWriter(nobody).header.count, 32)
    }
}
