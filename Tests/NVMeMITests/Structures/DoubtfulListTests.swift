import NVMeMI
import XCTest

/// Lists that drives send wrong: what can be believed is taken, and what was left out is told.
final class DoubtfulListTests: XCTestCase {
    // MARK: Controller lists

    private func controllers(_ literal: String) throws -> ControllerList {
        try ControllerList(data: bytes(literal))
    }

    func testCountLargerThanWhatWasSent() throws {
        let list = try controllers("03 00 00 00 01 00")
        XCTAssertEqual(list.controllers, [0, 1])
        XCTAssertEqual(
            list.leftOut.map(\.description),
            ["Controller List: number of identifiers at byte 0: expected at most 2, got 3"]
        )
        // Half an identifier is none.
        XCTAssertEqual(try controllers("02 00 00 00 41").controllers, [0])
        XCTAssertEqual(try controllers("ff ff").controllers, [])
    }

    func testCountLargerThanTheListCanHold() throws {
        let numbers = (0..<2100).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let list = try ControllerList(data: [0x34, 0x08] + numbers)
        XCTAssertEqual(list.controllers, (0..<2047).map { $0 })
        XCTAssertEqual(list.leftOut.first?.expected, "at most 2047")
        // 32,768 claimed in a page that is otherwise empty.
        let empty = try ControllerList(data: [0x00, 0x80] + [UInt8](repeating: 0, count: 4094))
        XCTAssertEqual(empty.controllers, [0])
        XCTAssertEqual(empty.leftOut.count, 2)
        let query = Identify.controllers(on: 0)
        let frame = query.base.encodeReply(
            [0x00, 0x80, 1, 0, 2, 0] + [UInt8](repeating: 0, count: 4090),
            slot: .zero
        )
        XCTAssertEqual(try query.decode(Response.parse(frame)).controllers, [1, 2])
    }

    func testControllerListEndsAtTheFirstNumberThatIsNotGreater() throws {
        for (literal, expected): (String, [UInt16]) in [
            ("03 00 01 00 00 00 01 00", [1]),
            ("03 00 01 00 01 00 02 00", [1]),
            ("04 00 01 00 05 00 03 00 07 00", [1, 5]),
            ("02 00 ff ff ff ff", [0xFFFF]),
        ] {
            let list = try controllers(literal)
            XCTAssertEqual(list.controllers, expected, literal)
            XCTAssertEqual(list.leftOut.count, 1, literal)
        }
        XCTAssertEqual(
            try controllers("03 00 01 00 00 00 01 00").leftOut.first?.description,
            "Controller List: identifier 1 at byte 4: expected more than 1, got 0"
        )
    }

    func testProperListsLeaveNothingOut() throws {
        let list = try controllers("02 00 00 00 41 00 00 00")
        XCTAssertEqual(list, ControllerList([0, 0x41]))
        XCTAssertEqual(list.leftOut, [])
    }

    // MARK: Namespace lists

    func testNamespaceListThatDoesNotAscend() throws {
        for (numbers, expected): ([UInt32], [UInt32]) in [
            ([1, 2, 2, 3], [1, 2]), ([5, 4, 6], [5]), ([1, 0xFFFF_FFFF], [1]),
            ([0xFFFF_FFFF], []),
        ] {
            let list = try NamespaceList(data: NamespaceList(numbers).data)
            XCTAssertEqual(list.namespaces, expected)
            XCTAssertEqual(list.leftOut.count, 1)
            XCTAssertNil(list.continuation)
        }
        let same = try NamespaceList(data: [UInt8](repeating: 1, count: 4096))
        XCTAssertEqual(same.namespaces, [0x0101_0101])
        XCTAssertNil(same.continuation)
        // Part of a number at the end is none.
        let short = try NamespaceList(data: [1, 0, 0, 0, 2, 0])
        XCTAssertEqual(short.namespaces, [1])
        XCTAssertEqual(
            short.leftOut.map(\.description),
            [
                "Namespace List: identifier 1 at byte 4: expected an identifier or the 0 that ends the list, got 2 bytes"
            ]
        )
        for count in 0..<4 {
            XCTAssertThrowsError(try NamespaceList(data: [UInt8](repeating: 1, count: count)))
        }
    }

    // MARK: Lists of commands

    func testCommandListWithACountLargerThanWhatWasSent() throws {
        let list = try CommandList(data: bytes("05 00 08 06 10 09"))
        XCTAssertEqual(list.commands.map(\.opcode), [6, 9])
        XCTAssertEqual(list.leftOut.count, 1)
        XCTAssertThrowsError(try CommandList(data: [5]))
    }

    func testCommandListWithRepetitions() throws {
        let list = try CommandList(data: bytes("03 00 08 06 10 06 08 06"))
        XCTAssertEqual(list.commands.map(\.category), [.managementInterface, .admin])
        XCTAssertEqual(list.leftOut, [])
    }

    // MARK: Namespace Identification Descriptors

    private func descriptors(_ literal: String) throws -> NamespaceDescriptors {
        try NamespaceDescriptors(data: bytes(literal))
    }

    func testDescriptorOfLengthZero() throws {
        let list = try descriptors(
            "01 08 00 00 01 02 03 04 05 06 07 08 03 00 00 00" + String(repeating: " 00", count: 40)
        )
        XCTAssertEqual(list.namedValues["EUI64"], .text("0102030405060708"))
        XCTAssertNil(list.namedValues["UUID"])
        XCTAssertEqual(list.descriptors.count, 1)
        XCTAssertEqual(
            list.leftOut.map(\.description),
            [
                "Namespace Identification Descriptors: length of descriptor 1 at byte 13: "
                    + "expected 16 within 40 bytes, got 0"
            ]
        )
    }

    func testDescriptorOfAWrongLengthForItsType() throws {
        let eui = "01 08 00 00 01 02 03 04 05 06 07 08 "
        for wrong in [
            "03 08 00 00 01 02 03 04 05 06 07 08", "02 08 00 00 01 02 03 04 05 06 07 08",
            "04 02 00 00 00 00", "03 ff 00 00 01",
        ] {
            let list = try descriptors(eui + wrong + " 00 00 00 00 00 00 00 00 00 00")
            XCTAssertEqual(list.namedValues.map(\.name), ["EUI64"], wrong)
            XCTAssertEqual(list.leftOut.count, 1, wrong)
        }
        XCTAssertEqual(try descriptors("01 10 00 00 01 02 03 04 05 06 07 08").namedValues.count, 0)
    }

    func testDescriptorThatRunsPastTheEnd() throws {
        let list = try descriptors("04 01 00 00 00 03 10 00 00 01 02")
        XCTAssertEqual(list.descriptors.map(\.type), [.ioCommandSet])
        XCTAssertEqual(list.leftOut.map(\.got), ["16"])
        XCTAssertEqual(list.leftOut.map(\.expected), ["16 within 2 bytes"])
        XCTAssertEqual(try descriptors("09 05 00 00 01").leftOut.map(\.expected), ["1 to 1"])
    }

    func testOneDescriptorOfAType() throws {
        let list = try descriptors(
            "01 08 00 00 01 02 03 04 05 06 07 08 01 08 00 00 08 07 06 05 04 03 02 01"
        )
        XCTAssertEqual(list.namedValues.count, 1)
        XCTAssertEqual(list[.eui64], [1, 2, 3, 4, 5, 6, 7, 8])
        XCTAssertEqual(list.leftOut.count, 1)
    }

    func testZerosAreNoIdentifier() throws {
        let zeros = String(repeating: " 00", count: 16)
        let list = try descriptors(
            "01 08 00 00 00 00 00 00 00 00 00 00 02 10 00 00" + zeros + " 03 10 00 00" + zeros
                + " 04 01 00 00 00"
        )
        XCTAssertEqual(list.namedValues.map(\.name), ["IOCommandSet"])
        XCTAssertNil(list[.eui64])
        XCTAssertNil(list[.nguid])
        XCTAssertNil(list[.uuid])
        XCTAssertEqual(list.leftOut.map(\.got), ["zeros", "zeros", "zeros"])
        // Also those that were not received.
        let made = NamespaceDescriptors([
            NamespaceDescriptors.Descriptor(type: .uuid, identifier: Array(repeating: 0, count: 16))
        ])
        XCTAssertNil(made[.uuid])
        XCTAssertEqual(made.namedValues.count, 0)
        var namespace = IdentifyNamespace()
        namespace.nguid = Array(repeating: 0, count: 16)
        namespace.eui64 = Array(repeating: 0, count: 8)
        XCTAssertNil(namespace.namedValues["NGUID"])
        XCTAssertNil(namespace.namedValues["EUI64"])
    }

    // MARK: Anything

    /// What is taken from any bytes ascends, is no more than the bytes hold, and is taken again from its own encoding.
    func testAnyBytes() throws {
        var generator = Generator(seed: 0x1157)
        for round in 0..<1_000 {
            var data = generator.bytes(generator.below(round % 8 == 0 ? 4097 : 80))
            if round % 2 == 0 { data = data.map { $0 & 0x13 } }
            if let list = try? ControllerList(data: data) {
                XCTAssertLessThanOrEqual(list.controllers.count, data.count / 2 - 1)
                XCTAssertEqual(list.controllers, Array(Set(list.controllers)).sorted())
                XCTAssertEqual(try ControllerList(data: list.data).leftOut, [])
                XCTAssertEqual(try ControllerList(data: list.paddedData), list)
            }
            guard let namespaces = try? NamespaceList(data: data) else {
                XCTAssertLessThan(data.count, 4)
                continue
            }
            XCTAssertLessThanOrEqual(namespaces.namespaces.count, data.count / 4)
            XCTAssertEqual(namespaces.namespaces, Array(Set(namespaces.namespaces)).sorted())
            XCTAssertEqual(try NamespaceList(data: namespaces.data).leftOut, [])
            let descriptors = try NamespaceDescriptors(data: data)
            XCTAssertEqual(
                Set(descriptors.namedValues.map(\.name)).count,
                descriptors.descriptors.count
            )
            XCTAssertEqual(try NamespaceDescriptors(data: descriptors.data), descriptors)
        }
    }
}
