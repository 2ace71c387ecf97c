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

    func testBitsAcrossBytes() throws {
        let reader = ByteReader(bytes("f0 ff 0f 00 80"), subject: "x")
        XCTAssertEqual(try reader.bits(BitPosition(byte: 0, bits: 4...19), "f"), 0xFFFF)
        XCTAssertEqual(try reader.bits(BitPosition(byte: 0, bits: 3...4), "f"), 0b10)
        XCTAssertEqual(try reader.bits(BitPosition(byte: 1, bits: 31...31), "f"), 1)
        XCTAssertThrowsError(try reader.bits(BitPosition(byte: 1, bits: 31...32), "f"))
    }

    func testWritingBitsLeavesNeighboursAlone() {
        var generator = Generator(seed: 42)
        for _ in 0..<2000 {
            let before = generator.bytes(20)
            let first = generator.below(8)
            let position = BitPosition(
                byte: generator.below(3),
                bits: first...first + generator.below(100)
            )
            let value = UInt128(generator.next()) << 64 | UInt128(generator.next())
            var writer = ByteWriter()
            writer.append(before)
            writer.replace(position, with: value)
            let after = ByteReader(writer.bytes, subject: "after")
            XCTAssertEqual(try after.bits(position, "field"), value & position.mask)
            for bit in 0..<160
            where !(position.firstBit..<position.firstBit + position.bitCount).contains(bit) {
                XCTAssertEqual(
                    writer.bytes[bit / 8] >> UInt8(bit % 8) & 1,
                    before[bit / 8] >> UInt8(bit % 8) & 1
                )
            }
        }
    }

    func testFullWidthField() throws {
        var writer = ByteWriter()
        writer.append(zeros: 16)
        writer.replace(BitPosition(byte: 0, bits: 0...127), with: .max)
        XCTAssertEqual(writer.bytes, [UInt8](repeating: 0xFF, count: 16))
        XCTAssertEqual(
            try ByteReader(writer.bytes, subject: "x").bits(
                BitPosition(byte: 0, bits: 0...127),
                "f"
            ),
            .max
        )
    }
}
