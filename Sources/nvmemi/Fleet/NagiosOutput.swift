/// What Nagios and its like read of a check: one line of text, with the measurements behind a bar, and an exit status.
struct NagiosOutput {
    /// The exit statuses that such programs know.
    enum Status: Int32 {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3
    }

    let status: Status
    let line: String

    /// For no drives at all, with the reason where there is one.
    init(noDrives reason: String?, areFine: Bool) {
        self.init(areFine ? .ok : .unknown, reason ?? "no drives")
    }

    /// For the drives that there are; that some are missing, or as `lacking` says fewer than there are to be, is
    /// critical.
    init(
        _ drives: [DriveSummary],
        missing: [MissingDrive] = [],
        lacking: String? = nil,
        now: UInt64 = Moment.now
    ) {
        let worst = drives.map(\.health).max { $0.rank < $1.rank } ?? .fine
        let unwell = drives.filter { $0.health != .fine }.sorted { $0.health.rank > $1.health.rank }
        let reasons = unwell.map { drive in
            " - \(drive.label) \(drive.serialNumber ?? drive.name): "
                + drive.reasons.joined(separator: ", ")
        }
        let gone = missing.map { " - \($0.label): missing since \(Moment.text($0.since))" }
        let data = drives.flatMap { NagiosOutput.measurements(of: $0, now) }.joined(separator: " ")
        self.init(
            lacking == nil && missing.isEmpty ? NagiosOutput.status(of: worst) : .critical,
            FleetSummary(drives, missing: missing.count).text + (lacking.map { " - \($0)" } ?? "")
                + (gone + reasons).joined(),
            measurements: data
        )
    }

    /// For what keeps the drives from being looked at.
    init(_ failure: Failure) { self.init(.unknown, failure.message) }

    private init(_ status: Status, _ text: String, measurements: String = "") {
        self.status = status
        // A bar would begin the measurements.
        let plain = String(Columns.printable(text).map { $0 == "|" ? "/" : $0 })
        let word = "\(status)".uppercased()
        line = "NVME \(word) - \(plain)" + (measurements.isEmpty ? "" : " | \(measurements)")
    }

    static func status(of health: DriveSummary.Health) -> Status {
        switch health {
        case .fine: .ok
        case .unknown: .unknown
        case .warning: .warning
        case .unavailable, .critical: .critical
        }
    }

    /// `'label'=value;warning;critical` of what was measured.
    private static func measurements(of drive: DriveSummary, _ now: UInt64) -> [String] {
        func limit(_ value: Int?) -> String { value.map(String.init) ?? "" }
        var entries: [String] = []
        if let temperature = drive.currentTemperature(now: now) {
            entries.append(
                "'\(drive.name) temperature'=\(temperature);\(limit(drive.warningTemperature))"
                    + ";\(limit(drive.criticalTemperature))"
            )
        }
        if let wear = drive.wear { entries.append("'\(drive.name) wear'=\(wear)%") }
        if let spare = drive.spare { entries.append("'\(drive.name) spare'=\(spare)%") }
        return entries
    }
}
