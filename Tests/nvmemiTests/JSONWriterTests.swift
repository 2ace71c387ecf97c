import XCTest

@testable import nvmemi

final class JSONWriterTests: XCTestCase {
    func testNestedValuesKeepTheirOrder() {
        let datum = Datum.dictionary([
            .init("Zeta", .unsigned(.max)),
            .init("alpha", .list([.integer(-1), .boolean(true), .null])),
            .init("empty", .list([])),
            .init("none", .dictionary([])),
        ])
        XCTAssertEqual(
            JSONWriter.document(datum),
            """
            {
              "Zeta": 18446744073709551615,
              "alpha": [
                -1,
                true,
                null
              ],
              "empty": [],
              "none": {}
            }

            """
        )
    }

    func testTextIsEscaped() {
        XCTAssertEqual(
            JSONWriter.document(.text("\"\\\n\r\t\u{1b}\u{7f}é")),
            #""\"\\\n\r\t\u001b\u007fé""# + "\n"
        )
    }

    func testBytesAreHexadecimalText() {
        XCTAssertEqual(JSONWriter.document(.bytes([0, 0x7f, 0xff])), "\"007fff\"\n")
    }

    func testNumbersThatJSONDoesNotKnowAreNull() {
        XCTAssertEqual(JSONWriter.document(.real(.nan)), "null\n")
        XCTAssertEqual(JSONWriter.document(.real(.infinity)), "null\n")
        XCTAssertEqual(JSONWriter.document(.real(0.5)), "0.5\n")
    }
}
