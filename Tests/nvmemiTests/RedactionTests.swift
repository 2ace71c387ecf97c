import XCTest

@testable import nvmemi

final class RedactionTests: XCTestCase {
    private let redaction = Redaction(of: FleetBench.inventory.summaries)

    private func applied(_ text: String, isText: Bool = true) -> String {
        String(decoding: redaction.applied(to: Array(text.utf8), isText: isText), as: UTF8.self)
    }

    func testSameDriveHasTheSameOtherNameEverywhere() {
        XCTAssertEqual(
            applied("SIM00000001 and \(FleetBench.longSerial), then SIM00000001"),
            "SERIAL-1 and SERIAL-2, then SERIAL-1"
        )
        XCTAssertEqual(applied("SIM1.json"), "DRIVE-1.json")
    }

    func testBytesKeepTheirPlaces() {
        XCTAssertEqual(applied("ab SIM00000003 cd", isText: false), "ab XXXXXXXXXXX cd")
    }

    func testWhatIsNobodysStays() {
        XCTAssertEqual(applied("SIM0000000"), "SIM0000000")
        XCTAssertEqual(applied(""), "")
    }

    func testPageShowsDrivesAndEscapesThem() {
        var drive = FleetBench.inventory.summaries[0]
        drive.model = "<b>&\"evil\""
        let history = (1...3).compactMap { index in
            LogEntry("179577\(index)400.0 bmc nvmemid[1]: wear drive=SIM1 celsius=\(30 + index)")
        }
        let html = SummaryPage(drives: [drive], history: history, status: [], gaps: []).html
        XCTAssertTrue(html.contains("&lt;b&gt;&amp;&quot;evil&quot;"))
        XCTAssertFalse(html.contains("<b>"))
        XCTAssertTrue(html.contains("<polyline points=\"0,"))
        XCTAssertFalse(html.contains("http"), "nothing is fetched")
    }
}
