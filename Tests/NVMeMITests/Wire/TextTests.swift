import XCTest

@testable import NVMeMI

final class TextTests: XCTestCase {
    func testASCIIPaddingIsDropped() {
        XCTAssertEqual(FixedText.ascii(Array("S3Z8  ".utf8)), "S3Z8")
        XCTAssertEqual(FixedText.ascii(Array("   S3Z8".utf8)), "S3Z8")
        XCTAssertEqual(FixedText.ascii(Array("A B".utf8)), "A B")
        XCTAssertEqual(FixedText.ascii([0x41, 0, 0x42]), "A")
        XCTAssertEqual(FixedText.ascii([0, 0, 0]), "")
        XCTAssertEqual(FixedText.ascii(Array("    ".utf8)), "")
        XCTAssertEqual(FixedText.ascii([]), "")
    }

    func testASCIIHasNothingUnprintable() {
        XCTAssertEqual(FixedText.ascii([0x41, 0x07, 0xFF, 0x42]), "A??B")
    }

    func testUTF8IsRepaired() {
        XCTAssertEqual(
            FixedText.utf8(Array("nqn.2014-08.org:é\0rest".utf8)),
            "nqn.2014-08.org:é"
        )
        XCTAssertEqual(FixedText.utf8([0x41, 0xFF, 0x42]), "A\u{FFFD}B")
        XCTAssertEqual(FixedText.utf8([0x41, 0x1B, 0x0A, 0x42]), "AB")
    }

    func testTextIsNeverCutWithinACharacter() {
        XCTAssertEqual(FixedText.padded("ab", size: 4, with: 0x20), Array("ab  ".utf8))
        XCTAssertEqual(FixedText.padded("abcdef", size: 4, with: 0x20), Array("abcd".utf8))
        XCTAssertEqual(FixedText.padded("aé", size: 2, with: 0), [0x61, 0])
        XCTAssertEqual(FixedText.padded("", size: 2, with: 0), [0, 0])
    }

    func testNumbersInHexadecimal() {
        XCTAssertEqual(UInt8(0x0A).hexadecimal(), "0Ah")
        XCTAssertEqual(UInt16(0xFFFF).hexadecimal(), "FFFFh")
        XCTAssertEqual(UInt8(3).hexadecimal(digits: 1), "3h")
    }
}

extension FixedText {
    /// The text of bytes, as a field that consists of them has it.
    fileprivate static func ascii(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { ascii($0) }
    }

    /// The text of bytes, as a field that consists of them has it.
    fileprivate static func utf8(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { utf8($0) } }
}
