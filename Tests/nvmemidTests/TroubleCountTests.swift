import XCTest

@testable import nvmemid

final class TroubleCountTests: XCTestCase {
    private let minute: Int64 = 60_000_000_000

    func testAnHourIsKept() {
        var count = TroubleCount()
        XCTAssertEqual(count.lastHour(at: 0), .init())
        count.add(isError: true, at: 0)
        count.add(isError: false, at: minute)
        count.add(isError: false, at: minute + 1)
        XCTAssertEqual(count.lastHour(at: 59 * minute), .init(warnings: 2, errors: 1))
        XCTAssertEqual(count.lastHour(at: 60 * minute), .init(warnings: 2, errors: 0))
        XCTAssertEqual(count.lastHour(at: 61 * minute), .init())
    }

    func testTheyAreCountedAgainAfterAPause() {
        var count = TroubleCount()
        for hour in Int64(0)..<3 {
            for _ in 0..<5 { count.add(isError: true, at: hour * 120 * minute) }
            XCTAssertEqual(count.lastHour(at: hour * 120 * minute).errors, 5)
        }
    }
}
