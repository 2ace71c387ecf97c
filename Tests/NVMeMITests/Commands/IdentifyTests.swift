import NVMeMI
import XCTest

final class IdentifyTests: XCTestCase {
    private func reply(_ data: [UInt8]) throws -> Response {
        try Response.parse(
            sealed(
                bytes("84 90 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00") + data
            )
        )
    }

    func testRequestFields() {
        let identify = Identify(
            .attachedControllers,
            on: 0x0102,
            namespace: 7,
            subject: 0x0304,
            specificIdentifier: 0x0506,
            ioCommandSet: 2,
            uuidIndex: 9
        )
        let frame = identify.encode(slot: .zero)
        XCTAssertEqual(text(Array(frame[6..<12])), "02 01 07 00 00 00")
        XCTAssertEqual(
            text(Array(frame[44..<68])),
            "12 00 04 03 06 05 00 02 00 00 00 00 00 00 00 00 09 00 00 00 00 00 00 00"
        )
    }

    func testSliceIsExact() throws {
        let slice = Identify(.controller, on: 0, offset: 64, length: 8)
        XCTAssertEqual(try slice.decode(reply([1, 2, 3, 4, 5, 6, 7, 8])).count, 8)
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Identify response",
                field: "data",
                offset: 20,
                expected: "8 bytes",
                got: "7 bytes"
            )
        ) { try slice.decode(reply([1, 2, 3, 4, 5, 6, 7])) }
        XCTAssertThrowsError(try slice.decode(reply([1, 2, 3, 4, 5, 6, 7, 8, 9])))
    }

    func testSliceThatIsNone() {
        for (offset, length): (UInt32, UInt32) in [(0, 0), (4096, 4), (4092, 8), (8, 4096)] {
            XCTAssertThrowsError(
                try Identify(.controller, on: 0, offset: offset, length: length).validate()
            ) { XCTAssertTrue($0 is ArgumentError) }
        }
        XCTAssertNoThrow(try Identify(.controller, on: 0, offset: 4092, length: 4).validate())
    }

    func testDeviceReturnsTheSlice() throws {
        var controller = IdentifyController()
        controller.firmwareRevision = "FW1.2"
        let slice = Identify(.controller, on: 0, offset: 64, length: 8)
        let response = try Response.parse(slice.encodeReply(controller.data, slot: .zero))
        XCTAssertEqual(try slice.decode(response), Array("FW1.2   ".utf8))
        // A list shorter than the structure is filled.
        let list = Identify(.controllers, on: 0)
        let lists = try Response.parse(list.encodeReply(ControllerList([1]).data, slot: .zero))
        XCTAssertEqual(try list.decode(lists).count, 4096)
    }

    func testLists() throws {
        var data = [UInt8](repeating: 0, count: 4096)
        data[0] = 3
        data[4] = 9
        XCTAssertEqual(
            try Identify.activeNamespaces(on: 0).decode(reply(data)).namespaces,
            [3, 9]
        )
        XCTAssertNil(try NamespaceList(data: data).continuation)
        XCTAssertEqual(NamespaceList([3, 9]).data, data)
        let full = try NamespaceList(data: NamespaceList((1...1024).map { $0 * 3 }).data)
        XCTAssertEqual(full.namespaces.count, 1024)
        XCTAssertEqual(full.continuation, 3072)
        XCTAssertEqual(full.leftOut, [])
        XCTAssertNil(
            try NamespaceList(data: [UInt8](repeating: 0xFF, count: 4096)).continuation
        )
        data[0] = 1
        data[2] = 5
        XCTAssertEqual(
            try Identify.controllers(on: 0).decode(reply(data)).controllers,
            [5]
        )
        XCTAssertEqual(ControllerList([5]).paddedData.count, 4096)
    }

    func testNamespaceDescriptors() throws {
        let descriptors = try NamespaceDescriptors(
            data: bytes(
                """
                01 08 00 00 00 11 22 33 44 55 66 77
                02 10 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
                03 10 00 00 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f
                04 01 00 00 02
                00 00 00 00
                """
            )
        )
        XCTAssertEqual(
            descriptors.namedValues["EUI64"],
            .text("0011223344556677")
        )
        XCTAssertEqual(
            descriptors.namedValues["NGUID"],
            .text("000102030405060708090a0b0c0d0e0f")
        )
        XCTAssertEqual(
            descriptors.namedValues["UUID"],
            .text("10111213-1415-1617-1819-1a1b1c1d1e1f")
        )
        XCTAssertEqual(descriptors.namedValues["IOCommandSet"], .unsigned8(2))
        XCTAssertEqual(descriptors[.ioCommandSet], [2])
        XCTAssertEqual(descriptors.data.count, 4096)
        XCTAssertEqual(try NamespaceDescriptors(data: descriptors.data), descriptors)
    }

    func testUnknownDescriptorsAreShownAsBytes() throws {
        let unknown = try NamespaceDescriptors(data: bytes("09 02 00 00 01 02"))
        XCTAssertEqual(unknown.namedValues["Identifier09h"], .bytes([1, 2]))
    }
}
