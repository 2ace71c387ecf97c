import NVMeMI
import XCTest

final class LogPageTests: XCTestCase {
    func testRequestFields() {
        var command = GetLogPage(
            .persistentEvent,
            on: 1,
            namespace: 7,
            offset: 0x1_0000_0004,
            length: 4096
        )
        command.specificField = 0x41
        command.specificIdentifier = 0x0203
        command.retainsAsynchronousEvent = true
        command.ioCommandSet = 2
        command.uuidIndex = 5
        let frame = command.encode(slot: .zero)
        XCTAssertEqual(
            text(Array(frame[44..<68])),
            "0d c1 ff 03 00 00 03 02 04 00 00 00 01 00 00 00 05 00 00 02 00 00 00 00"
        )
        XCTAssertEqual(text(Array(frame[28..<36])), "00 00 00 00 00 10 00 00")
        command.isOffsetIndex = true
        XCTAssertEqual(command.encode(slot: .zero)[62], 0x80)
    }

    func testValidation() {
        XCTAssertNoThrow(try GetLogPage(.smart, on: 0, length: 512).validate())
        for length: UInt32 in [0, 2, 510, 4100, .max] {
            XCTAssertThrowsError(try GetLogPage(.smart, on: 0, length: length).validate())
        }
        var command = GetLogPage(.smart, on: 0, offset: 2, length: 4)
        XCTAssertThrowsError(try command.validate())
        command.isOffsetIndex = true
        XCTAssertNoThrow(try command.validate())
        command.specificField = 0x80
        assertThrows(
            ArgumentError(
                command: "Get Log Page",
                field: "log specific field",
                expected: "at most 127",
                got: "128"
            )
        ) { try command.validate() }
    }

    func testShortPage() throws {
        let frame = GoldenFrames.admin(count: 100)
        XCTAssertEqual(
            try GetLogPage(.smart, on: 0, length: 512).decode(Response.parse(frame)).count,
            100
        )
        XCTAssertThrowsError(try GetLogPage.smart(on: 0).decode(Response.parse(frame))) {
            XCTAssertEqual(($0 as? NVMeMI.DecodingError)?.field, "ControllerBusyTime")
        }
    }

    func testPlanOfOnePiece() throws {
        let plan = try LogPagePlan(GetLogPage(.smart, on: 1, length: 4), length: 512)
        XCTAssertEqual(plan.underestimatedCount, 1)
        XCTAssertEqual(Array(plan), [GetLogPage(.smart, on: 1, length: 512)])
    }

    func testPlanOfSeveralPieces() throws {
        let template = GetLogPage(.telemetryControllerInitiated, on: 1, offset: 512, length: 4)
        let plan = try LogPagePlan(template, length: 4096 * 2 + 6)
        let commands = Array(plan)
        XCTAssertEqual(plan.underestimatedCount, 3)
        XCTAssertEqual(commands.map(\.offset), [512, 4608, 8704])
        XCTAssertEqual(commands.map(\.length), [4096, 4096, 8])
        XCTAssertEqual(commands.map(\.dwordsLessOne), [1023, 1023, 1])
        XCTAssertEqual(commands.map(\.retainsAsynchronousEvent), [true, true, false])
        XCTAssertEqual(commands.map(\.dataOffset), [0, 0, 0])
        for command in commands { XCTAssertNoThrow(try command.validate()) }
    }

    func testWhatIsDoneBesideIsDoneOnce() throws {
        for (page, field) in [(0x07, 1), (0x0D, 1), (0x0D, 2), (0x0E, 4)] as [(UInt8, UInt8)] {
            for abilities in [
                LogPageAbilities.all, .init(hasOffset: false, hasRetainedEvents: true),
            ] {
                var template = GetLogPage(LogPageIdentifier(rawValue: page), on: 1, length: 4)
                template.specificField = field
                let commands = try LogPagePlan(template, length: 9000, abilities: abilities)
                XCTAssertEqual(commands.map(\.specificField), [field, 0, 0], "\(page)")
                XCTAssertEqual(
                    commands.map(\.declaration.isRepeatable),
                    [false, true, true],
                    "\(page)"
                )
            }
        }
        // What selects a part does so for all of it, and so may what is a vendor's.
        for (page, field) in [(0x0C, 1), (0x15, 1), (0x23, 1), (0xC0, 3)] as [(UInt8, UInt8)] {
            var template = GetLogPage(LogPageIdentifier(rawValue: page), on: 1, length: 4)
            template.specificField = field
            let commands = try LogPagePlan(template, length: 9000)
            XCTAssertEqual(commands.map(\.specificField), [field, field, field], "\(page)")
            XCTAssertEqual(template.declaration.isRepeatable, page != 0xC0)
            template.retainsAsynchronousEvent = true
            XCTAssertEqual(template.actionBesideReading == nil, page != 0xC0, "\(page)")
        }
    }

    func testPlanKeepsTheEventWhenTold() throws {
        var template = GetLogPage(.errorInformation, on: 1, length: 4)
        template.retainsAsynchronousEvent = true
        let commands = Array(try LogPagePlan(template, length: 256, pieceLength: 128))
        XCTAssertEqual(commands.map(\.retainsAsynchronousEvent), [true, true])
    }

    func testPlanCoversEveryLengthOnce() throws {
        for length in UInt64(1)...300 {
            for piece: UInt32 in [4, 64, 100] {
                let commands = Array(
                    try LogPagePlan(
                        GetLogPage(.smart, on: 0, length: 4),
                        length: length,
                        pieceLength: piece
                    )
                )
                var next: UInt64 = 0
                for command in commands {
                    XCTAssertEqual(command.offset, next)
                    next += UInt64(command.length)
                }
                XCTAssertEqual(next, (length + 3) / 4 * 4)
            }
        }
    }

    func testPlansThatCannotBe() throws {
        let template = GetLogPage(.smart, on: 0, length: 4)
        XCTAssertThrowsError(try LogPagePlan(template, length: 0))
        XCTAssertThrowsError(try LogPagePlan(template, length: 512, pieceLength: 0))
        XCTAssertThrowsError(try LogPagePlan(template, length: 512, pieceLength: 6))
        XCTAssertThrowsError(try LogPagePlan(template, length: 512, pieceLength: 8192))
        var far = template
        far.offset = UInt64.max - 3
        XCTAssertThrowsError(try LogPagePlan(far, length: 8))
        XCTAssertThrowsError(try LogPagePlan(template, length: .max))
        far.offset = 3
        XCTAssertThrowsError(try LogPagePlan(far, length: 8))
        var index = template
        index.isOffsetIndex = true
        index.offset = 3
        XCTAssertNoThrow(try LogPagePlan(index, length: 4096))
        XCTAssertThrowsError(try LogPagePlan(index, length: 4097)) {
            XCTAssertEqual(
                ($0 as? ArgumentError)?.expected,
                "at most 4096 bytes when the offset is an index"
            )
        }
    }

    func testLongestPlanIsLazy() throws {
        let plan = try LogPagePlan(
            GetLogPage(.smart, on: 0, length: 4),
            length: UInt64.max - 8,
            pieceLength: 4
        )
        var iterator = plan.makeIterator()
        XCTAssertEqual(iterator.next()?.offset, 0)
        XCTAssertEqual(iterator.next()?.offset, 4)
        XCTAssertEqual(plan.underestimatedCount, (1 << 62) - 2)
    }

    func testErrorEntriesAreLimited() {
        XCTAssertEqual(GetLogPage.errors(on: 0, count: 0).base.length, 64)
        XCTAssertEqual(GetLogPage.errors(on: 0, count: 3).base.length, 192)
        XCTAssertEqual(GetLogPage.errors(on: 0, count: .max).base.length, 4096)
    }
}
