import XCTest

@testable import nvmemi

final class TableTests: XCTestCase {
    private var table: Table {
        var table = Table([
            .init("NAME", shrinksTo: 4), .init("SIZE", .trailing), .init("NOTE", shrinksTo: 6),
        ])
        table.rows = [
            ["first", "1", "short"],
            ["second drive", "12345", "a note of some length"],
            ["third", "-", ""],
        ]
        return table
    }

    func testColumnsAreAligned() {
        XCTAssertEqual(
            table.lines(width: nil),
            [
                "NAME           SIZE  NOTE",
                "first             1  short",
                "second drive  12345  a note of some length",
                "third             -",
            ]
        )
    }

    func testWidestColumnIsCutFirst() {
        XCTAssertEqual(
            table.lines(width: 33),
            [
                "NAME           SIZE  NOTE",
                "first             1  short",
                "second drive  12345  a note of s…",
                "third             -",
            ]
        )
    }

    func testColumnsAreNotCutBelowTheirLeast() {
        XCTAssertEqual(table.lines(width: 5)[2], "sec…  12345  a not…")
    }

    func testATextThatIsTooLongGoesOnBelow() {
        var table = Table([.init("JOB", .trailing), .init("STEP", shrinksTo: 10)])
        table.wrapsLastColumn = true
        table.rows = [["1", "short"], ["12", "waits for the drive"]]
        XCTAssertEqual(
            table.lines(width: 15),
            ["JOB  STEP", "  1  short", " 12  waits for", "     the drive"]
        )
        XCTAssertEqual(table.lines(width: nil).last, " 12  waits for the drive")
    }

    func testColourSurroundsTheTextOnly() {
        var table = Table([.init("STATE"), .init("X")])
        table.rows = [[.init("ready", .good), "1"], [.init("failed", .bad), "2"]]
        XCTAssertEqual(
            table.lines(width: nil, style: .colour)[1],
            "\u{1b}[32mready\u{1b}[0m   1"
        )
    }

    func testTextOfADriveCannotMoveTheCursor() {
        var table = Table([.init("MODEL")])
        table.rows = [[.init("evil\u{1b}[2J\r\n\u{202e}")]]
        XCTAssertEqual(table.lines(width: nil)[1], "evil\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}")
    }

    func testNoRowsNoTitles() {
        XCTAssertEqual(Table([.init("A")]).lines(width: nil), [])
    }
}
