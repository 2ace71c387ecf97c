import XCTest

@testable import NVMeMI

final class ByteReaderTests: XCTestCase {
    func testIntegersAreLittleEndian() throws {
        var reader = ByteReader(bytes("01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"), subject: "x")
        XCTAssertEqual(try reader.read(UInt8.self, "a"), 0x01)
        XCTAssertEqual(try reader.read(UInt16.self, "b"), 0x0302)
        XCTAssertEqual(try reader.read(UInt32.self, "c"), 0x0706_0504)
        XCTAssertEqual(try reader.read(UInt64.self, "d"), 0x0F0E_0D0C_0B0A_0908)
        XCTAssertEqual(reader.remaining, 0)
        assertThrows(
            NVMeMI.DecodingError(
                subject: "x",
                field: "e",
                offset: 15,
                expected: "1 byte",
                got: "0 bytes before the end"
            )
        ) { try reader.read(UInt8.self, "e") }
    }

    func testAbsurdOffsetsAndCountsThrow() {
        let reader = ByteReader([1, 2, 3], subject: "x")
        for (offset, count) in [
            (-1, 1), (0, -1), (3, 1), (4, 0), (Int.max, 1), (1, Int.max), (Int.min, Int.min),
        ] {
            XCTAssertThrowsError(try reader.bytes(at: offset, count: count, "f"))
        }
        XCTAssertEqual(try reader.bytes(at: 3, count: 0, "f"), [])
    }
}
