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

    func testTimesOfJournalctlAndSyslog() throws {
        let time: UInt64 = 1_795_835_655_000
        let local = Moment.text(time)
        for (head, expected) in [
            ("1795835655.250000 bmc nvmemid[123]: ", time + 250),
            ("2026-11-28T03:14:15+00:00 bmc nvmemid[123]: ", time),
            ("2026-11-28T04:14:15.250+0100 bmc nvmemid: ", time + 250),
            ("2026-11-28T02:14:15-01:00 nvmemid[1]: ", time),
            ("2026-11-28T03:14:15.25Z bmc nvmemid[1]: ", time + 250),
            (local.split(separator: " ").joined(separator: "T") + " bmc nvmemid[1]: ", time),
        ] {
            let line = try XCTUnwrap(LogEntry(head + "<5>wear percent=40"), head)
            XCTAssertEqual(line.time, expected, head)
            XCTAssertEqual(line.priority, 5, head)
            XCTAssertEqual(line.message, "wear", head)
        }
        // A time without a year.
        let clock = Moment.clock(time)
        let day = local.dropFirst(8).prefix(2)
        for (now, expected) in [(time, time), (time + 86_400_000 * 60, time)] {
            for name in ["bmc nvmemid[1]:", "nvmemid[1]:"] {
                let head = try XCTUnwrap(LogHead("Nov \(day) \(clock) \(name) wear", now: now))
                XCTAssertEqual(head.time, expected)
                XCTAssertEqual(head.rest, "wear")
            }
        }
        XCTAssertNil(LogHead("Nov 28 changed by a caller: x"))
        XCTAssertNil(LogHead("12 drives: x"))
        XCTAssertNil(LogEntry("-- Boot 5d8a5f3a --"))
    }

    func testFileWithoutTimesSaysSoOnce() throws {
        let bare = try XCTUnwrap(LogEntry("<5>wear serial-number=S1 percent=40"))
        var timed = bare
        timed.time = 1_795_835_655_000
        XCTAssertEqual(
            HistoryPage(entries: [bare, bare]).lines(Report()),
            [
                "The lines of the log have no times.", "", "S1  has used 40 % of its life, or more",
                "S1  has used 40 % of its life, or more",
            ]
        )
        XCTAssertEqual(
            HistoryPage(entries: [timed]).lines(Report()),
            ["\(Moment.text(1_795_835_655_000))  S1  has used 40 % of its life, or more"]
        )
        XCTAssertEqual(HistoryPage(entries: []).lines(Report()), [])
    }

    func testFromWhenOn() throws {
        setenv("TZ", "UTC", 1)
        tzset()
        // 2026-11-28 12:00:00.
        let now: UInt64 = 1_795_867_200_000
        for (text, hours) in [
            ("-8h", 8.0), ("-30min", 0.5), ("-1.5 hours", 1.5), ("today", 12), ("yesterday", 36),
            ("now", 0),
            ("2026-11-28", 12), ("2026-11-28 10:00", 2), ("2026-11-28 11:59:30", 1.0 / 120),
        ] {
            XCTAssertEqual(
                StartTime.milliseconds(text, now: now),
                now - UInt64(hours * 3_600_000),
                text
            )
        }
        for text in ["", "-", "-8", "-8x", "8h", "soon", "2026-13-01", "2026-11-28 10:00 "] {
            XCTAssertNil(StartTime.milliseconds(text, now: now), text)
        }
        let entries = try [1, 2, 3].map { hour in
            var entry = try XCTUnwrap(LogEntry("<5>\(hour)"))
            entry.time = now - UInt64(4 - hour) * 3_600_000
            return entry
        }
        let bare = try XCTUnwrap(LogEntry("<5>bare"))
        XCTAssertEqual(
            try HistoryCommand.entries(
                [entries[0], bare, entries[1], bare, entries[2]],
                since: "-2h",
                now: now
            ).map(\.message),
            ["2", "bare", "3"]
        )
        XCTAssertThrowsError(try HistoryCommand.entries([bare], since: "-2h", now: now))
        XCTAssertThrowsError(try HistoryCommand.entries(entries, since: "soon", now: now))
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
            HistoryPage(entries: chosen).lines(Report()).dropFirst(2),
            [
                "1:9  S1  health critical, was fine: Has reached its critical temperature of 80 °C; "
                    + "Can only be read",
                "1:9  S1  ConfigSet (name SMBusFrequency, port 1, value 400000) by root (busctl): done",
            ]
        )
        XCTAssertEqual(HistoryPage.chosen(entries, about: HistoryCommand.names("s2")).count, 1)
        XCTAssertEqual(HistoryPage.chosen(entries, about: []).count, 3)
    }

    func testADriveIsFoundByEveryNameThatItHas() {
        let entries = [
            "<5>found endpoint=\"net 1 eid 13\" uuid=1-2",
            "<5>ready endpoint=\"net 1 eid 13\" place=\"Bay 5\" serial-number=S5",
            "<5>ready endpoint=\"net 1 eid 14\" place=\"Bay 6\" serial-number=S6",
            "<4>silent; asking mctpd to recover it endpoint=\"net 1 eid 13\" place=\"Bay 5\"",
            "<5>event message=X.DriveRemoved place=\"Bay 6\" text=\"The drive in Bay 6 was removed.\"",
            "<5>forgotten serial-number=S6 user=root",
            // Another one at the same address.
            "<5>ready endpoint=\"net 1 eid 13\" place=\"Bay 5\" serial-number=S7",
            "<4>command failed endpoint=\"net 1 eid 13\" place=\"Bay 5\"",
            "<5>stopping",
        ].compactMap { LogEntry($0) }
        func messages(_ name: String) -> [String] {
            HistoryPage.chosen(entries, about: HistoryCommand.names(name)).map(\.message)
        }
        XCTAssertEqual(messages("S5"), ["ready", "silent; asking mctpd to recover it"])
        XCTAssertEqual(messages("s7"), ["ready", "command failed"])
        XCTAssertEqual(messages("S6"), ["ready", "event", "forgotten"])
        XCTAssertEqual(messages("Bay 6"), ["ready", "event", "forgotten"])
        XCTAssertEqual(messages("1:14"), ["ready", "event", "forgotten"])
        XCTAssertEqual(messages("Bay 5").count, 4)
        XCTAssertEqual(messages("13").count, 5)
    }

    func testAnEntryThatIsTooLongIsBelowWhenAndWho() throws {
        let entry = try XCTUnwrap(
            LogEntry(
                "<4>health unavailable serial-number=S1 place=\"Bay 5\" reason=\"Does not answer\""
            )
        )
        XCTAssertEqual(
            HistoryPage(entries: [entry]).lines(Report(width: 30)).dropFirst(2),
            ["Bay 5  S1", "    health unavailable: Does", "    not answer"]
        )
        XCTAssertEqual(
            HistoryPage(entries: [entry]).lines(Report(width: 60)).dropFirst(2),
            ["Bay 5  S1  health unavailable: Does not answer"]
        )
    }

    func testEntriesAreReadAsSentences() {
        let sentences = [
            "<5>event message=OpenBMC.0.1.DriveMissing text=\"The drive in Bay 2 is missing.\"",
            "<4>health critical was=fine celsius=81 percent-used=1 drive=SIM1 reason=\"Is too warm\"",
            "<5>the drive loses commands gap-us=1200 drive=SIM1", "<5>wear percent=90 drive=SIM1",
            "<4>health unavailable was=unavailable reason=\"Does not answer\"",
        ].compactMap { LogEntry($0) }.map(HistoryPage.sentence)
        XCTAssertEqual(
            sentences,
            [
                "event: The drive in Bay 2 is missing. (DriveMissing)",
                "health critical, was fine (81 °C, 1 % used): Is too warm",
                "the drive loses commands (1200 µs)", "has used 90 % of its life, or more",
                "health unavailable: Does not answer",
            ]
        )
    }
}
