import ArgumentParser
import EventLoop
import XCTest

@testable import nvmemi

/// What the screens look like, kept as text, so that a change shows.
final class ScreenTests: XCTestCase {
    private var drives: [DriveSummary] { FleetBench.inventory.summaries }

    private func list(_ report: Report, isWide: Bool = false) -> [String] {
        DriveTable(drives, now: FleetBench.now).lines(report, isWide: isWide)
    }

    override class func setUp() {
        super.setUp()
        setenv("TZ", "UTC", 1)
        tzset()
    }

    func testListInAPipe() {
        XCTAssertEqual(
            list(Report()),
            [
                "ENDPOINT   STATE         HEALTH       MODEL                                 SERIAL                FIRMWARE   CAPACITY    TEMP   WEAR  SPARE     AGE",
                "1:9        ready         fine         Simulated NVMe Drive                  SIM00000001           1.0.0      960.2 GB   34 °C    1 %  100 %     4 s",
                "1:10,1:11  ready         critical     Simulated Dual-Port Enterprise Drive  S6CLNX0T912345ABCDEF  1.0.0       3.84 TB   81 °C   12 %  100 %     4 s",
                "1:12       ready         critical     Simulated M.2 Drive                   SIM00000003           1.0.0     512.11 GB  38 °C*  97 %*   3 %*    65 s",
                "1:13       unavailable   unavailable  Simulated One-Slot Drive              SIM00000004           1.0.0             -  40 °C*   3 %*      -  60 min",
                "1:14       initializing  unknown      -                                     -                     -                 -       -      -      -       -",
                "* older than twice the poll interval", "",
                "5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical",
            ]
        )
    }

    func testScreenWithoutRoomShowsThoseThatAreNotWell() {
        let drives = drives
        let lines = LoopActor.assumeIsolated {
            WatchScreen(Output.standard(isJSON: false)).lines(
                drives,
                height: 8,
                now: FleetBench.now
            )
        }
        XCTAssertTrue(lines[1].contains("critical"), lines[1])
        XCTAssertTrue(lines[2].contains("critical"), lines[2])
        XCTAssertTrue(lines[3].contains("and 3 more"), lines[3])
    }

    func testListOn80Columns() {
        XCTAssertEqual(
            list(Report(width: 80)),
            [
                "ENDPOINT   STATE         HEALTH       SERIAL                  TEMP   WEAR  SPARE",
                "1:9        ready         fine         SIM00000001            34 °C    1 %  100 %",
                "1:10,1:11  ready         critical     S6CLNX0T912345ABCDEF   81 °C   12 %  100 %",
                "1:12       ready         critical     SIM00000003           38 °C*  97 %*   3 %*",
                "1:13       unavailable   unavailable  SIM00000004           40 °C*   3 %*      -",
                "1:14       initializing  unknown      -                          -      -      -",
                "* older than twice the poll interval", "",
                "5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical",
            ]
        )
    }

    func testListOn200ColumnsIsThatOfAPipe() {
        XCTAssertEqual(list(Report(width: 200)), list(Report()))
    }

    func testWideListHasEverything() {
        XCTAssertEqual(
            list(Report(width: 80), isWide: true),
            [
                "ENDPOINT   STATE         HEALTH       MODEL                                 SERIAL                FIRMWARE   CAPACITY    TEMP   WEAR  SPARE     AGE  MI   REASON",
                "1:9        ready         fine         Simulated NVMe Drive                  SIM00000001           1.0.0      960.2 GB   34 °C    1 %  100 %     4 s  1.2",
                "1:10,1:11  ready         critical     Simulated Dual-Port Enterprise Drive  S6CLNX0T912345ABCDEF  1.0.0       3.84 TB   81 °C   12 %  100 %     4 s  1.2  Has reached its critical temperature of 80 °C",
                "1:12       ready         critical     Simulated M.2 Drive                   SIM00000003           1.0.0     512.11 GB  38 °C*  97 %*   3 %*    65 s  1.2  Can only be read; Has used 97 % of its life",
                "1:13       unavailable   unavailable  Simulated One-Slot Drive              SIM00000004           1.0.0             -  40 °C*   3 %*      -  60 min  1.2  Does not answer",
                "1:14       initializing  unknown      -                                     -                     -                 -       -      -      -       -  -    Is being asked what it is",
                "* older than twice the poll interval", "",
                "5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical",
            ]
        )
    }

    func testListInColour() {
        XCTAssertEqual(
            list(Report(width: 60, style: .colour)),
            [
                "\u{1B}[1mENDPOINT\u{1B}[0m   \u{1B}[1mSTATE\u{1B}[0m         \u{1B}[1mHEALTH\u{1B}[0m       \u{1B}[1mSERIAL\u{1B}[0m",
                "1:9        \u{1B}[32mready\u{1B}[0m         \u{1B}[32mfine\u{1B}[0m         SIM00000001",
                "1:10,1:11  \u{1B}[32mready\u{1B}[0m         \u{1B}[31;1mcritical\u{1B}[0m     S6CLNX0T912345ABCDEF",
                "1:12       \u{1B}[32mready\u{1B}[0m         \u{1B}[31;1mcritical\u{1B}[0m     SIM00000003",
                "1:13       \u{1B}[33munavailable\u{1B}[0m   \u{1B}[31;1munavailable\u{1B}[0m  SIM00000004",
                "1:14       initializing  \u{1B}[2munknown\u{1B}[0m      -",
                // Columns that have old values are left out, and so is what the mark means.
                "",
                "5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical",
            ]
        )
    }

    func testListWhereOnlyASCIIIsShown() {
        let lines = list(Report(width: 80, glyphs: .ascii)).map(Glyphs.ascii.shown)
        XCTAssertTrue(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
        XCTAssertTrue(lines[1].contains("34 C"), lines[1])
    }

    func testSerialNumbersAreNeverCut() {
        for width in 1...200 {
            let lines = list(Report(width: width))
            XCTAssertTrue(lines[2].contains(FleetBench.longSerial), "\(width): \(lines[2])")
        }
    }

    func testNothingIsWiderThanTheTerminal() {
        for width in 60...200 {
            for line in list(Report(width: width)) {
                XCTAssertLessThanOrEqual(line.count, width, line)
            }
        }
    }

    func testHealthOfAll() {
        let page = HealthPage(drives, now: FleetBench.now)
        XCTAssertEqual(
            page.lines(Report(width: 80)),
            [
                "ENDPOINT   HEALTH       SERIAL                  TEMP   WEAR  SPARE     AGE",
                "1:9        fine         SIM00000001            34 °C    1 %  100 %     4 s",
                "1:10,1:11  critical     S6CLNX0T912345ABCDEF   81 °C   12 %  100 %     4 s",
                "1:12       critical     SIM00000003           38 °C*  97 %*   3 %*    65 s",
                "1:13       unavailable  SIM00000004           40 °C*   3 %*      -  60 min",
                "1:14       unknown      -                          -      -      -       -",
                "* older than twice the poll interval", "",
                "critical  1:10  Simulated Dual-Port Enterprise Drive  S6CLNX0T912345ABCDEF",
                "  since 2026-11-27 10:03:20 (10 min ago)",
                "  - Has reached its critical temperature of 80 °C",
                "critical  1:12  Simulated M.2 Drive  SIM00000003",
                "  since 2026-11-27 10:03:20 (10 min ago)",
                "  - Can only be read", "  - Has used 97 % of its life",
                "unavailable  1:13  Simulated One-Slot Drive  SIM00000004",
                "  since 2026-11-27 10:03:20 (10 min ago)",
                "  - Does not answer. It is tried again from time to time.", "unknown  1:14",
                "  - Is being asked what it is", "",
                "5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical",
            ]
        )
    }

    func testHealthOfAllWhereThereIsRoom() {
        let lines = HealthPage(drives, now: FleetBench.now).lines(Report(width: 200))
        XCTAssertTrue(
            lines.contains(
                "critical  1:12  Simulated M.2 Drive  SIM00000003  since 2026-11-27 10:03:20 (10 min ago)"
            )
        )
    }

    private func healthOfOne(_ report: Report) -> [String] {
        let answer = Datum.dictionary([
            .init("DriveFunctional", .boolean(true)),
            .init("AsynchronousEventTransmissionFailure", .boolean(false)),
            .init(
                "Controllers",
                .list([
                    .dictionary([
                        .init("ControllerID", .unsigned(0)), .init("CriticalWarning", .unsigned(2)),
                        .init("CriticalWarnings", .list([.text("TemperatureThreshold")])),
                    ])
                ])
            ),
        ])
        return HealthDetails(
            [(FleetBench.inventory.drives[1], .success(answer))],
            now: FleetBench.now
        ).lines(report)
    }

    func testHealthOfOne() {
        XCTAssertEqual(
            healthOfOne(Report(width: 80)),
            [
                "Endpoint 1:10,1:11  Simulated Dual-Port Enterprise Drive  S6CLNX0T912345ABCDEF",
                "  Health           critical since 2026-11-27 10:03:20 (10 min ago)",
                "                   Has reached its critical temperature of 80 °C",
                "  State            ready since 2026-11-27 08:13:20 (2 h ago)",
                "  Last poll        2026-11-27 10:13:16 (4 s ago)",
                "  Temperatures     warning from 70 °C, critical from 80 °C",
                "  Available spare  100 %", "  As the drive answers",
                "    Drive functional                         yes",
                "    Asynchronous event transmission failure  no", "    Controllers",
                "      Controller ID  Critical warnings",
                "                  0  TemperatureThreshold",
            ]
        )
        // Colour takes no room.
        let coloured = healthOfOne(Report(width: 70, style: .colour))
        XCTAssertEqual(coloured.count, healthOfOne(Report(width: 70)).count)
        XCTAssertTrue(coloured[2].contains("\u{1B}[31;1mcritical\u{1B}[0m since 2026"), coloured[2])
    }

    func testShowSaysEverythingOnce() {
        let path = "\(Inventory.root)/networks/1/endpoints/9"
        let inventory = Inventory([
            .init(
                path: path,
                properties: .dictionary([
                    .init("EID", .unsigned(9)), .init("NetworkId", .unsigned(1)),
                    .init("State", .text("ready")), .init("StateReason", .text("")),
                    .init("StateDetail", .text("")),
                ])
            ),
            .init(
                path: "\(path)/ports/1",
                properties: .dictionary([
                    .init("PortNumber", .unsigned(1)), .init("Type", .text("TwoWire")),
                    .init("MaximumTransmissionUnit", .unsigned(250)),
                    .init(
                        "Information",
                        .dictionary([
                            .init("PortType", .text("TwoWire")),
                            .init("MaximumTransmissionUnitSize", .unsigned(64)),
                            .init("VPDAddress", .unsigned(0xa6)),
                        ])
                    ),
                ])
            ),
            .init(
                path: "\(path)/controllers/0",
                properties: .dictionary([
                    .init("ControllerID", .unsigned(0)), .init("PortNumber", .unsigned(1)),
                    .init("TotalCapacity", .unsigned(960_197_124_096)),
                ])
            ),
            .init(
                path: "\(path)/namespaces/3",
                properties: .dictionary([
                    .init("NSID", .unsigned(3)), .init("Size", .unsigned(960_197_124_096)),
                ])
            ),
        ])
        XCTAssertEqual(
            EndpointDetails.lines(inventory.endpoints[0], Report(width: 80)),
            [
                "Endpoint 1:9", "  \(path)", "  State  ready", "", "Port 1", "  \(path)/ports/1",
                "  Type                       TwoWire", "  Maximum transmission unit  250 B",
                "  Information",
                // One that is another than the port's property is told.
                "    Maximum transmission unit size  64 B",
                "    VPD address                     0xa6", "", "Controller 0",
                "  \(path)/controllers/0", "  Port number     1", "  Total capacity  960.2 GB", "",
                "Namespace 3", "  \(path)/namespaces/3", "  Size  960.2 GB",
            ]
        )
    }

    func testResultOfAnErasing() {
        var report = Report(width: 80)
        report.units = JobStatus.units
        let now = Moment.now
        XCTAssertEqual(
            report.lines(
                .dictionary([
                    .init("Capacity", .unsigned(960_197_124_096)), .init("Started", .unsigned(now)),
                    .init("Bytes", .unsigned(33_792)),
                ])
            ),
            [
                "Capacity  960.2 GB", "Started   \(Moment.text(now)) (0 s ago)",
                "Bytes     33.79 kB",
            ]
        )
    }

    func testFeaturesOnALineEach() {
        let transition = Datum.dictionary([
            .init("IdlePowerState", .unsigned(0)), .init("IdleTime", .unsigned(0)),
        ])
        let other = Datum.dictionary([.init("IdlePowerState", .unsigned(4))])
        let table = FeatureCommand.table([
            .dictionary([
                .init("number", .unsigned(12)),
                .init("name", .text("AutonomousPowerStateTransition")),
                .init(
                    "value",
                    .dictionary([
                        .init(
                            "Transitions",
                            .list(
                                [other] + [Datum](repeating: transition, count: 31)
                            )
                        )
                    ])
                ),
            ])
        ])
        XCTAssertEqual(
            table.lines(width: nil),
            [
                "NUMBER  FEATURE                         VALUE",
                "0x0c    AutonomousPowerStateTransition  Transitions=(IdlePowerState=4), "
                    + "31 times (IdlePowerState=0 IdleTime=0)",
            ]
        )
    }

    func testValuesOfFeaturesAreBrokenAndNotCut() {
        let table = FeatureCommand.table(
            [
                .dictionary([
                    .init("number", .unsigned(4)), .init("name", .text("TemperatureThreshold")),
                    .init("value", .text("Temperature=70 Sensor=0 Threshold=OverTemperature")),
                ])
            ],
            width: 60
        )
        XCTAssertEqual(
            table.lines(width: 60),
            [
                "NUMBER  FEATURE               VALUE",
                "0x04    TemperatureThreshold  Temperature=70 Sensor=0",
                "                              Threshold=OverTemperature",
            ]
        )
    }

    func testComplaintsNameDriveAndReason() {
        XCTAssertEqual(
            HealthPage(drives, now: FleetBench.now).complaints(),
            [
                "critical: 1:10 S6CLNX0T912345ABCDEF: Has reached its critical temperature of 80 °C",
                "critical: 1:12 SIM00000003: Can only be read; Has used 97 % of its life",
                "unavailable: 1:13 SIM00000004: Does not answer",
                "unknown: 1:14: Is being asked what it is",
                "5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical",
            ]
        )
    }

    func testNagios() {
        let output = NagiosOutput(drives, now: FleetBench.now)
        XCTAssertEqual(output.status, .critical)
        XCTAssertEqual(
            output.line,
            "NVME CRITICAL - 5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical - 1:10 S6CLNX0T912345ABCDEF: Has reached its critical temperature of 80 °C - 1:12 SIM00000003: Can only be read, Has used 97 % of its life - 1:13 SIM00000004: Does not answer - 1:14 1:14: Is being asked what it is | 'SIM1 temperature'=34;; 'SIM1 wear'=1% 'SIM1 spare'=100% 'SIM2 temperature'=81;70;80 'SIM2 wear'=12% 'SIM2 spare'=100% 'SIM3 wear'=97% 'SIM3 spare'=3% 'SIM4 wear'=3%"
        )
    }

    func testHealthIsThatOfTheWorst() {
        XCTAssertEqual(NagiosOutput(noDrives: nil, areFine: true).status, .ok)
        XCTAssertEqual(NagiosOutput(noDrives: nil, areFine: false).status, .unknown)
        XCTAssertEqual(NagiosOutput.status(of: .warning), .warning)
        XCTAssertEqual(
            NagiosOutput([], lacking: "0 of 1 expected drives are there").status,
            .critical
        )
        let failure = NagiosOutput(Failure(.noDaemon, "no | daemon"))
        XCTAssertEqual(failure.line, "NVME UNKNOWN - no / daemon")
    }

    func testPrometheus() throws {
        XCTAssertEqual(
            PrometheusOutput.text([drives[2]], missing: try [missing]).split(separator: "\n")
                .map(String.init),
            [
                "# HELP nvme_daemon_up Whether the daemon that looks after the drives answers.",
                "# TYPE nvme_daemon_up gauge", "nvme_daemon_up 1",
                "# HELP nvme_drive_info The drive; always 1.", "# TYPE nvme_drive_info gauge",
                "nvme_drive_info{drive=\"SIM3\",serial=\"SIM00000003\",model=\"Simulated M.2 Drive\",firmware=\"1.0.0\",endpoint=\"1:12\",place=\"\"} 1",
                "# HELP nvme_drive_health 1 for the health that the drive has: fine, unknown, warning, unavailable or critical.",
                "# TYPE nvme_drive_health gauge",
                "nvme_drive_health{drive=\"SIM3\",serial=\"SIM00000003\",health=\"fine\"} 0",
                "nvme_drive_health{drive=\"SIM3\",serial=\"SIM00000003\",health=\"unknown\"} 0",
                "nvme_drive_health{drive=\"SIM3\",serial=\"SIM00000003\",health=\"warning\"} 0",
                "nvme_drive_health{drive=\"SIM3\",serial=\"SIM00000003\",health=\"unavailable\"} 0",
                "nvme_drive_health{drive=\"SIM3\",serial=\"SIM00000003\",health=\"critical\"} 1",
                "# HELP nvme_drive_critical_warning 1 for each critical warning of the drive.",
                "# TYPE nvme_drive_critical_warning gauge",
                "nvme_drive_critical_warning{drive=\"SIM3\",serial=\"SIM00000003\",warning=\"ReadOnly\"} 1",
                "# HELP nvme_drive_ready Whether the drive answers and is known (1), or not (0).",
                "# TYPE nvme_drive_ready gauge",
                "nvme_drive_ready{drive=\"SIM3\",serial=\"SIM00000003\"} 1",
                "# HELP nvme_drive_state_since_seconds When the state of the drive changed last, in Unix time.",
                "# TYPE nvme_drive_state_since_seconds gauge",
                "nvme_drive_state_since_seconds{drive=\"SIM3\",serial=\"SIM00000003\"} 1795767200",
                "# HELP nvme_drive_temperature_celsius Composite temperature; left out while it is not polled or the drive does not answer.",
                "# TYPE nvme_drive_temperature_celsius gauge",
                "# HELP nvme_drive_warning_temperature_celsius From which temperature on the drive is too warm, as it says.",
                "# TYPE nvme_drive_warning_temperature_celsius gauge",
                "# HELP nvme_drive_critical_temperature_celsius At which temperature the drive may stop working, as it says.",
                "# TYPE nvme_drive_critical_temperature_celsius gauge",
                "# HELP nvme_drive_used_ratio Share of its life that the drive has used; may exceed 1.",
                "# TYPE nvme_drive_used_ratio gauge",
                "nvme_drive_used_ratio{drive=\"SIM3\",serial=\"SIM00000003\"} 0.97",
                "# HELP nvme_drive_spare_ratio Share of the spare capacity that is left.",
                "# TYPE nvme_drive_spare_ratio gauge",
                "nvme_drive_spare_ratio{drive=\"SIM3\",serial=\"SIM00000003\"} 0.03",
                "# HELP nvme_drive_capacity_bytes Capacity of the drive.",
                "# TYPE nvme_drive_capacity_bytes gauge",
                "nvme_drive_capacity_bytes{drive=\"SIM3\",serial=\"SIM00000003\"} 512110190592",
                "# HELP nvme_drive_polled_timestamp_seconds When the last health poll was answered, in Unix time.",
                "# TYPE nvme_drive_polled_timestamp_seconds gauge",
                "nvme_drive_polled_timestamp_seconds{drive=\"SIM3\",serial=\"SIM00000003\"} 1795774335",
                "# HELP nvme_drive_missing 1 for each drive that was there and is not.",
                "# TYPE nvme_drive_missing gauge",
                "nvme_drive_missing{serial=\"SIM00000009\",model=\"Simulated M.2 Drive\",place=\"Bay 9\"} 1",
                "# HELP nvme_drives How many drives have which health.", "# TYPE nvme_drives gauge",
                "nvme_drives{health=\"fine\"} 0", "nvme_drives{health=\"unknown\"} 0",
                "nvme_drives{health=\"warning\"} 0", "nvme_drives{health=\"unavailable\"} 0",
                "nvme_drives{health=\"critical\"} 1", "nvme_drives{health=\"missing\"} 1",
            ]
        )
        XCTAssertEqual(
            PrometheusOutput.withoutDaemon.split(separator: "\n").last,
            "nvme_daemon_up 0"
        )
    }

    private var missing: MissingDrive {
        get throws {
            try XCTUnwrap(
                MissingDrive(
                    .dictionary([
                        .init("Model", .text("Simulated M.2 Drive")),
                        .init("SerialNumber", .text("SIM00000009")), .init("Place", .text("Bay 9")),
                        .init("Since", .unsigned(FleetBench.now - 3_600_000)),
                    ])
                )
            )
        }
    }

    func testDrivesThatAreMissing() throws {
        let missing = try [missing]
        let since = Moment.described(FleetBench.now - 3_600_000, now: FleetBench.now)
        let page = HealthPage([drives[0]], missing: missing, now: FleetBench.now)
        XCTAssertTrue(page.needsAttention)
        XCTAssertEqual(
            page.complaints(),
            ["missing: Bay 9 SIM00000009: since \(since)", "1 drive: 1 fine, 1 missing"]
        )
        let lines = [
            "", "missing  Bay 9 SIM00000009, Simulated M.2 Drive, since \(since)",
            "`nvmemi forget SIM00000009` when it is not to come back.", "",
            "1 drive: 1 fine, 1 missing",
        ]
        XCTAssertEqual(page.lines(Report(width: 200)).suffix(5), lines[...])
        let table = DriveTable([drives[0]], missing: missing, now: FleetBench.now)
        XCTAssertEqual(table.lines(Report(width: 200)).suffix(5), lines[...])
        let nagios = NagiosOutput([drives[0]], missing: missing, now: FleetBench.now)
        XCTAssertEqual(nagios.status, .critical)
        XCTAssertTrue(
            nagios.line.hasPrefix(
                "NVME CRITICAL - 1 drive: 1 fine, 1 missing - Bay 9 SIM00000009: missing since "
            ),
            nagios.line
        )
        // One that is named for its serial number is not named twice.
        var plain = missing[0]
        plain.place = "Model_SIM00000009"
        XCTAssertEqual(plain.label, "SIM00000009")
    }

    func testThresholdsOfAPerson() throws {
        let thresholds = try HealthThresholds.parse(["--max-wear", "0", "--min-spare", "101"])
        let judged = thresholds.judging(drives[0], now: FleetBench.now)
        XCTAssertEqual(judged.health, .warning)
        XCTAssertEqual(
            judged.reasons,
            [
                "Has used 1 % of its life, more than 0 %", "Has 100 % spare, less than 101 %",
            ]
        )
        let critical = thresholds.judging(drives[1], now: FleetBench.now)
        XCTAssertEqual(critical.health, .critical)
        let stale = try HealthThresholds.parse([]).judging(drives[2], now: FleetBench.now)
        XCTAssertEqual(stale.reasons.last, "Was last polled 65 s ago")
    }

    func testStatus() {
        let bridge = BridgeStatus(
            manager: .dictionary([
                .init("Version", .text(CommandLineTool.version)),
                .init("StartTime", .unsigned(FleetBench.now - 90_000_000)),
                .init("Carrier", .text("AF_MCTP")), .init("CarrierConnected", .boolean(true)),
                .init("MctpdPresent", .boolean(false)),
                .init("MctpdSince", .unsigned(FleetBench.now - 61_000)),
                .init("MctpdControl", .text("denied")),
            ]),
            diagnostics: .dictionary([.init("LogLevel", .text("warning"))])
        )
        let page = StatusPage(
            bus: "system",
            bridge: bridge,
            inventory: FleetBench.inventory,
            statistics: .dictionary([
                .init("MessagesSent", .unsigned(12)), .init("LateMessages", .unsigned(2)),
                .init("OpenCalls", .unsigned(1)),
                .init("ErrorsLastHour", .unsigned(1)), .init("WarningsLastHour", .unsigned(0)),
            ]),
            now: FleetBench.now
        )
        XCTAssertEqual(
            page.lines(Report(width: 80)),
            [
                "Daemon     nvmemid 0.1.0, runs since 2026-11-26 09:13:20 (25 h ago)",
                "Bus        system",
                "Carrier    AF_MCTP",
                "mctpd      not on the bus, since 2026-11-27 10:12:19 (61 s ago); nobody finds",
                "           drives",
                "           refuses to recover drives and to set routes: run nvmemid as mctpd\'s",
                "           user (dbus/install --user)",
                "Drives     5 drives: 1 fine, 1 unknown, 1 unavailable, 2 critical",
                "States     1 initializing, 3 ready, 1 unavailable",
                "Endpoints  1 initializing, 4 ready, 1 unavailable", "Messages   12 sent",
                "Losses     2 came too late",
                "Last hour  1 error, 0 warnings in the log; see `nvmemi history`",
                "At work    1 calls under way",
                "Log        level warning; see `nvmemi history`",
                "Mind       at log level warning the log does not tell who changes drives",
            ]
        )
    }

    func testWhatTerminalsOfPlainASCIIShow() {
        XCTAssertEqual(Glyphs.ascii.shown("“a” → b… 3 µs"), "\"a\" > b~ 3 us")
        XCTAssertEqual(Glyphs.unicode.shown("“a”"), "“a”")
        XCTAssertEqual(Glyphs.ascii.shown("é"), "?")
    }

    func testAges() {
        XCTAssertEqual(Moment.duration(seconds: 119), "119 s")
        XCTAssertEqual(Moment.duration(seconds: 120), "2 min")
        XCTAssertEqual(Moment.duration(seconds: 7_260), "2 h 1 min")
        XCTAssertEqual(Moment.duration(seconds: 172_800), "2 d")
        XCTAssertEqual(Moment.described(0), "never")
    }
}
