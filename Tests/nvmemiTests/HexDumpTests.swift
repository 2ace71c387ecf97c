import XCTest

@testable import nvmemi

final class HexDumpTests: XCTestCase {
    func testLinesAsHexdumpWritesThem() {
        let bytes = Array("NVMe-MI bridge\u{0}\u{1}".utf8) + Array(repeating: 0, count: 48) + [0x7f]
        XCTAssertEqual(
            HexDump.lines(bytes),
            [
                "00000000  4e 56 4d 65 2d 4d 49 20  62 72 69 64 67 65 00 01  |NVMe-MI bridge..|",
                "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
                "*",
                "00000040  7f                                                |.|",
                "00000041",
            ]
        )
    }

    func testNoBytes() {
        XCTAssertEqual(HexDump.lines([]), ["00000000"])
    }
}
