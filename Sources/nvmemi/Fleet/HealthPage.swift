/// How all drives are: one line each, and the reasons of those that are not well.
struct HealthPage {
    var drives: [DriveSummary]
    /// Those that were there.
    var missing: [MissingDrive]
    var now: UInt64

    init(
        _ drives: [DriveSummary],
        missing: [MissingDrive] = [],
        now: UInt64 = Moment.now
    ) {
        self.drives = drives
        self.missing = missing
        self.now = now
    }

    func lines(_ report: Report, columns: [DriveColumn]? = nil) -> [String] {
        var table = DriveTable(drives, columns: columns ?? self.columns(report), now: now)
        // The last line is for below the reasons.
        table.drives = drives
        var lines = Array(table.lines(report).dropLast(2))
        let unwell = drives.filter { $0.health != .fine }
        if !unwell.isEmpty {
            lines.append("")
            for drive in unwell { lines += reasons(of: drive, report) }
        }
        if !missing.isEmpty { lines += [""] + missing.lines(report, now: now) }
        return lines + ["", FleetSummary(drives, missing: missing.count).text]
    }

    private func columns(_ report: Report) -> [DriveColumn] {
        let hasPlaces = drives.contains { $0.place != nil }
        let columns: [DriveColumn] = [
            .endpoint, .place, .health, .serial, .temperature, .wear, .spare, .age,
        ]
        return columns.filter { $0 != .place || hasPlaces }
    }

    /// The drive and what is the matter with it, the state's reason among it.
    private func reasons(of drive: DriveSummary, _ report: Report) -> [String] {
        let title = Columns.printable(
            [drive.label, drive.model, drive.serialNumber].compactMap { $0 }.joined(separator: "  ")
        )
        let since =
            drive.healthSince == 0
            ? "" : "  since \(Moment.described(drive.healthSince, now: now))"
        let health = drive.health.rawValue
        // The time is below where the line has no room for it.
        let fits =
            Columns.width("\(health)  \(title)\(since)") <= report.width ?? .max || since.isEmpty
        var lines = [
            report.style.apply(drive.health.emphasis, to: health) + "  " + title
                + (fits ? since : "")
        ]
        if !fits { lines.append(since) }
        let texts = drive.allReasons
        let room = max(20, (report.width ?? .max) - 4)
        for text in texts {
            let pieces = Columns.wrapped(Columns.printable(text), to: room)
            lines += pieces.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
        }
        return lines
    }

    /// Whether a drive needs somebody.
    var needsAttention: Bool { !missing.isEmpty || drives.contains { $0.health != .fine } }

    /// For --check: those that need somebody, a line each, and all in one.
    func complaints() -> [String] {
        let gone = missing.map {
            "missing: \($0.label): since \(Moment.described($0.since, now: now))"
        }
        return gone
            + drives.filter { $0.health != .fine }.map { drive in
                let name = [drive.label, drive.serialNumber].compactMap { $0 }.joined(
                    separator: " "
                )
                return Columns.printable(
                    "\(drive.health.rawValue): \(name): " + drive.reasons.joined(separator: "; ")
                )
            } + [FleetSummary(drives, missing: missing.count).text]
    }
}
