import NVMeMIClient
import XCTest

final class LatencyHistogramTests: XCTestCase {
    func testEmpty() {
        let histogram = LatencyHistogram()
        XCTAssertEqual(histogram.count, 0)
        XCTAssertEqual(histogram.quantile(0.5), 0)
        XCTAssertEqual(histogram.maximum, 0)
    }

    func testQuantilesAreWithinOneBucketOfTheTruth() {
        var histogram = LatencyHistogram()
        for microseconds in UInt64(1)...10_000 { histogram.add(microseconds: microseconds) }
        for share in [0.01, 0.5, 0.9, 0.99, 1.0] {
            let truth = share * 10_000
            let found = Double(histogram.quantile(share))
            XCTAssertGreaterThanOrEqual(found, truth - 1, "quantile \(share)")
            XCTAssertLessThanOrEqual(found, truth * 1.13 + 1, "quantile \(share)")
        }
        XCTAssertEqual(histogram.minimum, 1)
        XCTAssertEqual(histogram.maximum, 10_000)
        XCTAssertEqual(histogram.count, 10_000)
    }

    func testOneValueIsItsOwnEveryQuantile() {
        for microseconds: UInt64 in [0, 1, 7, 8, 9, 15, 16, 1_000_003, .max] {
            var histogram = LatencyHistogram()
            histogram.add(microseconds: microseconds)
            XCTAssertEqual(histogram.quantile(0.01), microseconds)
            XCTAssertEqual(histogram.quantile(0.99), microseconds)
        }
    }
}
