import NVMeMI
import XCTest

/// Reading log pages of controllers that can do less, piece by piece.
final class LogPageReadingTests: XCTestCase {
    private let withoutOffset = LogPageAbilities(hasOffset: false, hasRetainedEvents: true)
    private let errors = GetLogPage(.errorInformation, on: 1, length: 4)

    /// A page that counts up in dwords, so that no two pieces are the same.
    private func page(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 / 4) >> ($0 % 4 * 8)) }
    }

    private func refusal(_ status: ManagementStatus) -> DeviceError {
        DeviceError(command: GetLogPage.declaration, status: status)
    }

    /// Reads with a device that answers as `answer` does.
    private func read(
        _ plan: LogPagePlan,
        of length: UInt64? = nil,
        _ answer: (GetLogPage) throws(DeviceError) -> [UInt8]
    ) throws -> (LogPageReading, [GetLogPage]) {
        var reading = LogPageReading(plan, of: length)
        var sent: [GetLogPage] = []
        while let command = reading.next() {
            sent.append(command)
            XCTAssertNoThrow(try command.validate())
            guard sent.count < 100 else { break }
            do throws(DeviceError) {
                reading.take(try answer(command))
            } catch {
                try reading.take(error)
            }
        }
        return (reading, sent)
    }

    // MARK: Retain Asynchronous Event

    func testEventsAreRetainedWhereThereAreAny() throws {
        for (page, isRetained): (LogPageIdentifier, Bool) in [
            (.smart, true), (.errorInformation, true), (.sanitizeStatus, true),
            (.telemetryControllerInitiated, true), (.telemetryHostInitiated, false),
            (.deviceSelfTest, false), (.commandEffects, false), (.persistentEvent, false),
            (LogPageIdentifier(rawValue: 0xC0), false),
        ] {
            XCTAssertEqual(page.acknowledgesEvents, isRetained, "\(page)")
            var template = GetLogPage(page, on: 1, length: 4)
            template.retainsAsynchronousEvent = true
            let commands = Array(try LogPagePlan(template, length: 8192))
            XCTAssertEqual(commands.map(\.retainsAsynchronousEvent), [isRetained, isRetained])
        }
    }

    func testEventsAreNotRetainedBeforeOneThree() throws {
        var template = errors
        template.retainsAsynchronousEvent = true
        let old = LogPageAbilities(hasOffset: true, hasRetainedEvents: false)
        let commands = Array(try LogPagePlan(template, length: 8192, abilities: old))
        XCTAssertEqual(commands.map(\.retainsAsynchronousEvent), [false, false])
        XCTAssertFalse(template.retainingEvents(true, with: old).retainsAsynchronousEvent)
        XCTAssertTrue(template.retainingEvents(true, with: .all).retainsAsynchronousEvent)
        XCTAssertFalse(template.retainingEvents(false, with: .all).retainsAsynchronousEvent)
    }

    // MARK: No log page offset

    func testWholePageForEachPiece() throws {
        let plan = try LogPagePlan(errors, length: 10_000, abilities: withoutOffset)
        XCTAssertTrue(plan.usesDataOffset)
        let page = page(10_000)
        let (reading, sent) = try read(plan) { command throws(DeviceError) in
            let start = Int(command.dataOffset)
            return Array(page[start..<start + Int(command.dataLength)])
        }
        XCTAssertEqual(reading.data, page)
        XCTAssertFalse(reading.isCut)
        XCTAssertEqual(sent.map(\.offset), [0, 0, 0])
        XCTAssertEqual(sent.map(\.dataOffset), [0, 4096, 8192])
        XCTAssertEqual(sent.map(\.dataLength), [4096, 4096, 1808])
        XCTAssertEqual(sent.map(\.dwordsLessOne), [2499, 2499, 2499])
        XCTAssertEqual(sent.map(\.retainsAsynchronousEvent), [true, true, false])
    }

    func testOnePieceNeedsNoOffset() throws {
        let plan = try LogPagePlan(errors, length: 4096, abilities: withoutOffset)
        XCTAssertFalse(plan.usesDataOffset)
        XCTAssertEqual(Array(plan).map(\.dwordsLessOne), [1023])
    }

    func testDeviceThatRefusesTheDataOffset() throws {
        let plan = try LogPagePlan(errors, length: 16_384, abilities: withoutOffset)
        let page = page(16_384)
        let (reading, sent) = try read(plan) { command throws(DeviceError) in
            if command.dataOffset > 0 { throw self.refusal(.invalidParameter) }
            return Array(page[0..<4096])
        }
        XCTAssertEqual(reading.data, Array(page[0..<4096]))
        XCTAssertTrue(reading.isCut)
        XCTAssertEqual(sent.count, 2)
    }

    func testDeviceThatRefusesMoreThanAMessageHolds() throws {
        let plan = try LogPagePlan(errors, length: 16_384, abilities: withoutOffset)
        let page = page(4096)
        let (reading, sent) = try read(plan) { command throws(DeviceError) in
            if command.dwordsLessOne > 1023 { throw self.refusal(.invalidParameter) }
            return page
        }
        XCTAssertEqual(reading.data, page)
        XCTAssertTrue(reading.isCut)
        XCTAssertEqual(sent.map(\.dwordsLessOne), [4095, 1023])
        XCTAssertThrowsError(
            try read(plan) { _ throws(DeviceError) in throw self.refusal(.invalidParameter) }
        )
    }

    func testDeviceThatIgnoresTheDataOffset() throws {
        let plan = try LogPagePlan(errors, length: 12_288, abilities: withoutOffset)
        let page = page(4096)
        let (reading, sent) = try read(plan) { _ throws(DeviceError) in page }
        XCTAssertEqual(reading.data, page)
        XCTAssertTrue(reading.isCut)
        XCTAssertEqual(sent.count, 2)
        // Zeros may well come twice.
        let zeros = [UInt8](repeating: 0, count: 4096)
        let (empty, _) = try read(plan) { _ throws(DeviceError) in zeros }
        XCTAssertEqual(empty.data.count, 12_288)
        XCTAssertFalse(empty.isCut)
    }

    func testOtherRefusalsAreTheCallers() throws {
        let plan = try LogPagePlan(errors, length: 16_384, abilities: withoutOffset)
        for status in [ManagementStatus.internalError, .sanitizeInProgress] {
            XCTAssertThrowsError(
                try read(plan) { _ throws(DeviceError) in throw self.refusal(status) }
            ) { XCTAssertEqual(($0 as? DeviceError)?.status, status) }
        }
        let usual = try LogPagePlan(errors, length: 16_384)
        XCTAssertThrowsError(
            try read(usual) { _ throws(DeviceError) in throw self.refusal(.invalidParameter) }
        )
    }

    func testNoMoreThanTwelveBitsOfDwords() throws {
        let plan = try LogPagePlan(errors, length: 20_000, abilities: withoutOffset)
        XCTAssertEqual(plan.length, 16_384)
        let page = page(16_384)
        let (reading, sent) = try read(plan, of: 20_000) { command throws(DeviceError) in
            let start = Int(command.dataOffset)
            return Array(page[start..<start + Int(command.dataLength)])
        }
        XCTAssertEqual(reading.data, page)
        XCTAssertTrue(reading.isCut)
        XCTAssertEqual(sent.map(\.dwordsLessOne), [4095, 4095, 4095, 4095])
    }

    func testOffsetsAreRefused() throws {
        var template = errors
        template.offset = 64
        XCTAssertThrowsError(try LogPagePlan(template, length: 64, abilities: withoutOffset)) {
            XCTAssertEqual(($0 as? ArgumentError)?.field, "log page offset")
            XCTAssertEqual(($0 as? ArgumentError)?.got, "64")
        }
        template.offset = 0
        template.isOffsetIndex = true
        XCTAssertThrowsError(try LogPagePlan(template, length: 64, abilities: withoutOffset))
    }

    // MARK: With log page offset

    func testShortPieceIsTheEnd() throws {
        let plan = try LogPagePlan(errors, length: 12_288)
        let page = page(5000)
        let (reading, sent) = try read(plan) { command throws(DeviceError) in
            Array(page[Int(command.offset)...].prefix(Int(command.dataLength)))
        }
        XCTAssertEqual(reading.data, page)
        XCTAssertFalse(reading.isCut)
        XCTAssertEqual(sent.count, 2)
    }

    func testNoMoreThanWasWished() throws {
        let (reading, _) = try read(try LogPagePlan(errors, length: 6)) { _ throws(DeviceError) in
            [1, 2, 3, 4, 5, 6, 7, 8]
        }
        XCTAssertEqual(reading.data, [1, 2, 3, 4, 5, 6])
    }

    /// Any device: it ends, and has no more than was wished.
    func testAnyDevice() throws {
        var generator = Generator(seed: 0x106)
        for _ in 0..<2_000 {
            let abilities = LogPageAbilities(
                hasOffset: generator.below(2) == 0,
                hasRetainedEvents: generator.below(2) == 0
            )
            let length = UInt64(generator.below(20_000) + 1)
            let plan = try LogPagePlan(errors, length: length, abilities: abilities)
            let statuses: [ManagementStatus] = [.invalidParameter, .internalError]
            var reading = LogPageReading(plan, of: length)
            var count = 0
            while let command = reading.next() {
                count += 1
                XCTAssertLessThan(count, 10)
                XCTAssertNoThrow(try command.validate())
                if generator.below(4) == 0 {
                    guard (try? reading.take(refusal(statuses[generator.below(2)]))) != nil
                    else { break }
                } else {
                    let wanted = Int(command.dataLength)
                    let count = generator.below(8) == 0 ? generator.below(wanted + 1) : wanted
                    reading.take(generator.bytes(count))
                }
            }
            XCTAssertLessThanOrEqual(UInt64(reading.data.count), length)
        }
    }
}
