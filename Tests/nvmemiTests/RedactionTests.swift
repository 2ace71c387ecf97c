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

    func testDrivesThatTheLogTellsOfAreTakenOutAsWell() {
        var redaction = redaction
        let line =
            #"<5>gone drive=GONE1 endpoint="net 1 eid 9" nqn=nqn.2014-08.org.gone:1 serial-number="A 1""#
        redaction.learn(from: [line].compactMap { LogEntry($0) })
        func applied(_ text: String) -> String {
            String(decoding: redaction.applied(to: Array(text.utf8), isText: true), as: UTF8.self)
        }
        XCTAssertEqual(
            applied(line),
            #"<5>gone drive=DRIVE-6 endpoint="net 1 eid 9" nqn=NQN-6 serial-number="SERIAL-6""#
        )
        XCTAssertEqual(applied("SIM00000001 A 12 at 1:9"), "SERIAL-1 A 12 at 1:9")
    }

    func testSecretsAsTheyAreWritten() {
        var redaction = Redaction()
        redaction.learn(from: [LogEntry(#"<5>x drive=d9 serial-number=a\"<1"#)].compactMap { $0 })
        redaction.learn(
            from: [
                LogEntry("<5>x serial-number=\"quote\\\"d <1>\"")
            ].compactMap { $0 }
        )
        func applied(_ text: String) -> String {
            String(decoding: redaction.applied(to: Array(text.utf8), isText: true), as: UTF8.self)
        }
        XCTAssertEqual(
            applied(#"{"SerialNumber": "quote\"d <1>"}"#),
            #"{"SerialNumber": "SERIAL-2"}"#
        )
        XCTAssertEqual(applied("<td>quote&quot;d &lt;1&gt;</td>"), "<td>SERIAL-2</td>")
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
        XCTAssertTrue(html.contains("Temperature, °C: 31 to 34, "))
        XCTAssertFalse(html.contains("http"), "nothing is fetched")
    }
}
