import XCTest

@testable import nvmemi

final class HistoryTests: XCTestCase {
    private let line = """
        <4>health critical drive=SIM1 endpoint="net 1 eid 9" model="A \\"B\\" C" \
        reason="Has reached its critical temperature of 80 °C; Can only be read" \
        serial-number=S1 was=fine
        """

    func testLineOfTheDaemon() throws {
        let entry = try XCTUnwrap(LogEntry(line))
        XCTAssertEqual(entry.priority, 4)
        XCTAssertEqual(entry.message, "health critical")
        XCTAssertNil(entry.time)
        XCTAssertEqual(entry["model"], "A \"B\" C")
        XCTAssertEqual(entry["endpoint"], "net 1 eid 9")
        XCTAssertEqual(entry["was"], "fine")
    }

    func testLineOfTheJournal() throws {
        let entry = try XCTUnwrap(
            LogEntry("1795774400.250000 bmc nvmemid[123]: wear drive=SIM1 percent=40")
        )
        XCTAssertEqual(entry.time, 1_795_774_400_250)
        XCTAssertEqual(entry.message, "wear")
        XCTAssertEqual(entry["percent"], "40")
    }

    func testLinesThatAreNone() {
        XCTAssertNil(LogEntry(""))
        XCTAssertEqual(LogEntry("a=")?.message, nil)
        XCTAssertEqual(LogEntry("text a=\"never ends")?["a"], "never ends")
        XCTAssertEqual(LogEntry("1 = 2 x=y")?.message, "1 = 2")
    }

    func testHistoryOfADrive() throws {
        let entries = [
            line,
            "<5>changed by a caller action=ConfigSet caller=:1.5 drive=SIM1 "
                + "endpoint=\"net 1 eid 9\" name=SMBusFrequency outcome=done pid=7 port=1 "
                + "process=busctl serial-number=S1 uid=0 user=root value=400000",
            "<5>ready drive=SIM2 endpoint=\"net 1 eid 10\" serial-number=S2",
            "<7>health fine drive=SIM1 endpoint=\"net 1 eid 9\"",
        ].compactMap { LogEntry($0) }
        let chosen = HistoryPage.chosen(entries, about: HistoryCommand.names("1:9"))
        XCTAssertEqual(
            HistoryPage(entries: chosen).lines(Report()),
            [
                "1:9  S1  health critical, was fine: Has reached its critical temperature of 80 °C; "
                    + "Can only be read",
                "1:9  S1  ConfigSet (name SMBusFrequency, port 1, value 400000) by root (busctl): done",
            ]
        )
        XCTAssertEqual(HistoryPage.chosen(entries, about: HistoryCommand.names("s2")).count, 1)
        XCTAssertEqual(HistoryPage.chosen(entries, about: []).count, 3)
    }
}
