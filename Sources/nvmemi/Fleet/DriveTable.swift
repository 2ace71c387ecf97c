/// Drives, one a line, as wide as the terminal: serial numbers are never cut, columns are left out instead.
struct DriveTable {
    var drives: [DriveSummary]
    /// Those that were there.
    var missing: [MissingDrive]
    /// Which columns are wanted; nil for those that fit.
    var columns: [DriveColumn]?
    var now: UInt64

    init(
        _ drives: [DriveSummary],
        missing: [MissingDrive] = [],
        columns: [DriveColumn]? = nil,
        now: UInt64 = Moment.now
    ) {
        self.drives = drives
        self.missing = missing
        self.columns = columns
        self.now = now
    }

    func lines(_ report: Report, isWide: Bool = false) -> [String] {
        let table = shown(report, isWide: isWide)
        var lines = table.lines
        let isAnyMarked = drives.contains { drive in
            table.columns.contains { $0.isMarked(of: drive, now: now) }
        }
        if isAnyMarked { lines.append(DriveColumn.markMeaning) }
        if !missing.isEmpty { lines += [""] + missing.lines(report, now: now) }
        lines.append("")
        lines.append(FleetSummary(drives, missing: missing.count).text)
        return lines
    }

    /// The columns that are wanted or fit, and the lines with them.
    private func shown(
        _ report: Report,
        isWide: Bool
    ) -> (columns: [DriveColumn], lines: [String]) {
        func lines(_ columns: [DriveColumn], width: Int? = nil) -> ([DriveColumn], [String]) {
            (columns, table(columns, report).lines(width: width, style: report.style))
        }
        if let columns { return lines(columns) }
        var shown = DriveColumn.standard
        if isWide { shown += [.mi, .reason] }
        // A column in which nothing stands says nothing.
        if drives.allSatisfy({ $0.place == nil }) { shown.removeAll { $0 == .place } }
        guard let width = report.width, !isWide else { return lines(shown) }
        for column in DriveColumn.droppedFirst {
            if table(shown, report).leastWidth <= width { break }
            shown.removeAll { $0 == column }
        }
        return lines(shown, width: width)
    }

    private func table(_ columns: [DriveColumn], _ report: Report) -> Table {
        var table = Table(columns.map(\.column))
        table.rows = drives.map { drive in
            columns.map { $0.cell(of: drive, now: now, report.glyphs) }
        }
        return table
    }

    /// One object a drive; what is not known is null.
    var datum: Datum { .list(rows) }

    /// Its elements.
    var rows: [Datum] {
        drives.map { drive in
            let endpoint = drive.endpoints.first
            func text(_ text: String?) -> Datum { text.map(Datum.text) ?? .null }
            func number(_ number: Int?) -> Datum { number.map { .integer(Int64($0)) } ?? .null }
            return .dictionary([
                .init("address", text(endpoint?.address)),
                .init("network", endpoint.map { .unsigned(UInt64($0.network)) } ?? .null),
                .init("eid", endpoint.map { .unsigned(UInt64($0.endpoint)) } ?? .null),
                .init("state", .text(drive.state)), .init("model", text(drive.model)),
                .init("serial", text(drive.serialNumber)),
                .init("firmware", text(drive.firmware)),
                .init("mi", text(drive.managementVersion)),
                .init("temperature", number(drive.temperature)),
                .init("path", text(endpoint?.path)), .init("name", .text(drive.name)),
                .init("place", text(drive.place)),
                .init("health", .text(drive.health.rawValue)),
                .init("reasons", .list(drive.reasons.map(Datum.text))),
                .init("capacity", drive.capacity.map(Datum.unsigned) ?? .null),
                .init("wear", number(drive.wear)), .init("spare", number(drive.spare)),
                .init("updated", drive.updated == 0 ? .null : .unsigned(drive.updated)),
                .init("stale", .boolean(drive.isStale(now: now))),
                .init("drive", text(drive.path)),
                .init("endpoints", .list(drive.endpoints.map { .text($0.address) })),
            ])
        }
    }
}
