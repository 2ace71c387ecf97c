import NVMeMI
import XCTest

/// Adds a log page as Sources/NVMeMI/README.md says, and sees that all follows from the declaration.
final class NewLogPageTests: XCTestCase {
    private let page =
        LogPageDeclaration(
            0xC0,
            .told(8) { 8 + 4 * $0.number(at: 0, 2) },
            name: "VendorWear",
            selectors: .namespace,
            changeCounter: 2..<4
        ) {
            let block = Record("Wear of a Block", size: 4) {
                Item("EraseCount", at: 0, bits: 0...23)
                Item("State", at: 3, codes: [0: "Good", 1: "Retired"])
            }
            return Record("Vendor Wear", size: 8) {
                Item("GenerationNumber", at: 2, 2)
                Item("Temperature", at: 4, 2, .celsius)
                Item("Blocks", at: 8, rows: block, .told(at: 0, 2))
            }
        }

    func testEverythingFollows() throws {
        let data = bytes("02 00 07 00 39 01 00 00 10 27 00 00 01 00 00 01")
        XCTAssertEqual(page.name, "VendorWear")
        XCTAssertEqual(page.extent.length(after: Array(data.prefix(8))), 16)
        XCTAssertEqual(page.change(in: data), 7)
        let decoded = try page.decode(data)
        XCTAssertEqual(
            FieldValue.dictionary(decoded.values),
            .dictionary([
                ("GenerationNumber", .unsigned16(7)), ("Temperature", .signed16(40)),
                (
                    "Blocks",
                    .list([
                        .dictionary([
                            ("EraseCount", .unsigned32(10_000)), ("State", .text("Good")),
                        ]),
                        .dictionary([("EraseCount", .unsigned32(1)), ("State", .text("Retired"))]),
                    ])
                ),
            ])
        )
        XCTAssertEqual(try page.description.encode(decoded.values), data)
        // A list that ends early is told of.
        let short = try page.decode(Array(data.prefix(12)))
        XCTAssertEqual(short.leftOut.map(\.field), ["Blocks"])
    }

    func testTheTextHasTheSameDeclaration() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("Sources/NVMeMI/README.md"),
            encoding: .utf8
        )
        let here = try String(contentsOfFile: #filePath, encoding: .utf8)
        let parts = text.components(separatedBy: "```")
        XCTAssertEqual(parts.count, 3)
        let lines = parts[1].split(separator: "\n").dropFirst()
            .map { $0.drop { $0 == " " } }
        XCTAssertGreaterThan(lines.count, 10)
        let mine = here.split(separator: "\n").map { $0.drop { $0 == " " } }
        guard let start = mine.firstIndex(of: "LogPageDeclaration(") else { return XCTFail() }
        XCTAssertEqual(Array(mine[start...].prefix(lines.count)), lines)
    }
}
