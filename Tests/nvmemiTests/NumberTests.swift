import XCTest

@testable import nvmemi

final class NumberTests: XCTestCase {
    func testNumbers() {
        XCTAssertEqual(UInt8(number: "255"), 255)
        XCTAssertEqual(UInt16(number: "0x1fF"), 0x1ff)
        for text in ["", "-1", "+1", "0x", "256", "1 ", "x1", "0x-1", "٣"] {
            XCTAssertNil(UInt8(number: text), text)
        }
    }

    func testUnits() {
        XCTAssertEqual(UInt32(scaled: "400kHz"), 400_000)
        XCTAssertEqual(UInt32(scaled: "400 k"), 400_000)
        XCTAssertEqual(UInt32(scaled: "1MHz"), 1_000_000)
        XCTAssertEqual(UInt32(scaled: "100000"), 100_000)
        XCTAssertEqual(UInt32(scaled: "100000 Hz"), 100_000)
        XCTAssertEqual(UInt8(scaled: "0x10"), 16)
        for text in ["", "kHz", "400 apples", "5000000kHz", "-1k"] {
            XCTAssertNil(UInt32(scaled: text), text)
        }
        XCTAssertNil(UInt8(scaled: "1k"))
    }
}
