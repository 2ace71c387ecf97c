import XCTest

@testable import NVMeMI

/// The one loop for all structures: every place, width and storage, compared with bits that are counted one by one.
final class FieldTableTests: XCTestCase {
    private let numbers: [FieldStorage] = [
        .unsigned8, .unsigned16, .unsigned32, .unsigned64, .unsigned128,
    ]

    private func entry(_ storage: FieldStorage, _ firstBit: Int, _ bitCount: Int) -> FieldEntry {
        FieldEntry("f", firstBit: firstBit, bitCount: bitCount, memory: 0, storage: storage)
    }

    private func bit(_ index: Int, of bytes: [UInt8]) -> Bool {
        bytes[index / 8] >> UInt8(index % 8) & 1 == 1
    }

    private func number(_ bytes: [UInt8], _ firstBit: Int, _ bitCount: Int) -> UInt128 {
        (0..<bitCount).reduce(0) { number, index in
            number | (bit(firstBit + index, of: bytes) ? 1 : 0) << UInt128(index)
        }
    }

    func testNumbersAtEveryPlace() throws {
        var generator = Generator(seed: 42)
        for round in 0..<4000 {
            let storage = numbers[round % numbers.count]
            let width = storage.byteCount * 8
            // A whole field at a byte is what most are, and is read in a way of its own.
            let isWhole = generator.below(3) == 0
            let firstBit = isWhole ? generator.below(3) * 8 : generator.below(20)
            let bitCount = isWhole ? width : generator.below(width) + 1
            let table = FieldTable("t", size: 20, [entry(storage, firstBit, bitCount)])
            let before = generator.bytes(20)
            var value: UInt128 = 0
            try withUnsafeMutableBytes(of: &value) {
                try table.read(
                    into: XCTUnwrap($0.baseAddress),
                    from: ByteReader(before, subject: "t"),
                    at: 0
                )
            }
            XCTAssertEqual(value, number(before, firstBit, bitCount))

            var written = UInt128(generator.next()) << 64 | UInt128(generator.next())
            var writer = ByteWriter()
            writer.append(before)
            try withUnsafeBytes(of: &written) {
                table.write(try XCTUnwrap($0.baseAddress), into: &writer, at: 0)
            }
            for index in 0..<160 {
                let isField = (firstBit..<firstBit + bitCount).contains(index)
                XCTAssertEqual(
                    bit(index, of: writer.bytes),
                    isField
                        ? written >> UInt128(index - firstBit) & 1 == 1
                        : bit(index, of: before),
                    "\(storage) \(firstBit) \(bitCount)"
                )
            }
            let wide = written & (width == 128 ? .max : (1 << UInt128(width)) - 1)
            let fits = bitCount == 128 || wide >> UInt128(bitCount) == 0
            try withUnsafeBytes(of: &written) {
                XCTAssertEqual(table.overflow(in: try XCTUnwrap($0.baseAddress)) == nil, fits)
            }
        }
    }

    func testShortBytesNameTheField() throws {
        let table = FieldTable(
            "t",
            size: 24,
            [entry(.unsigned16, 0, 16), entry(.unsigned32, 36, 8)]
        )
        var value: UInt128 = 0
        for (count, field) in [(0, "f"), (1, "f"), (5, "f"), (6, "end of structure")] {
            let reader = ByteReader([UInt8](repeating: 1, count: count), subject: "t")
            XCTAssertThrowsError(
                try withUnsafeMutableBytes(of: &value) {
                    try table.read(into: XCTUnwrap($0.baseAddress), from: reader, at: 0)
                }
            ) { XCTAssertEqual(($0 as? NVMeMI.DecodingError)?.field, field) }
        }
    }

    func testAStructureBehindOthers() throws {
        let reader = ByteReader(bytes("ff ff 01 02 03 04"), subject: "t")
        var format = LBAFormat()
        try LBAFormat.layout.read(into: &format, from: reader, at: 2)
        XCTAssertEqual(format.metadataSize, 0x0201)
        XCTAssertThrowsError(try LBAFormat.layout.read(into: &format, from: reader, at: 3))
        XCTAssertThrowsError(try LBAFormat.layout.read(into: &format, from: reader, at: 7))
    }
}

/// A structure that this module declares, whose declarations are not inlined, with what structures seldom have.
final class ForeignStructureTests: XCTestCase {
    struct Odd: WireStructure {
        var flag = false
        var wide: UInt128 = 0
        var text = ""
        var name = ""
        var nibble: UInt8 = 0
        var words: [UInt16] = []
        var tail: [UInt8] = []

        static let layout = Layout<Self>("Odd", size: 64) {
            Field("Flag", at: 0, bit: 7, \.flag)
            Field("Wide", at: 1, \.wide, shown: .nonZero)
            Field("Nibble", at: 17, bits: 3...6, \.nibble, shown: .onePlus)
            Field("Text", at: 18, ascii: 8, \.text)
            Field("Name", at: 26, utf8: 8, \.name)
            Field("Words", at: 34, count: 3, \.words)
            Field("Tail", at: 40, bytes: 24, \.tail, shown: .nonZeroBytes)
            Field(derived: "Sum") { .unsigned32($0.words.reduce(0) { $0 + UInt32($1) }) }
        }
    }

    func testThereAndBack() throws {
        var odd = Odd()
        odd.flag = true
        odd.wide = 1 << 127
        odd.text = "AB"
        odd.name = "ä"
        odd.nibble = 9
        odd.words = [1, 0xFFFF, 3]
        odd.tail = Array(1...24)
        XCTAssertEqual(try Odd(data: odd.data), odd)
        XCTAssertEqual(
            text(Array(odd.data[16..<40])),
            "80 48 41 42 20 20 20 20 20 20 c3 a4 00 00 00 00 00 00 01 00 ff ff 03 00"
        )
        XCTAssertEqual(odd.namedValues["Sum"], .unsigned32(0x1_0003))
        XCTAssertEqual(odd.namedValues["Nibble"], .unsigned16(10))
        XCTAssertEqual(odd.namedValues["Wide"], .unsigned128(1 << 127))
        XCTAssertEqual(odd.namedValues["Flag"], .boolean(true))
    }
}
