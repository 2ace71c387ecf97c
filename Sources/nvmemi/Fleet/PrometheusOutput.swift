/// The drives as Prometheus reads them, for a file of node_exporter's textfile collector or a scrape.
struct PrometheusOutput {
    private struct Metric: Sendable {
        let name: String
        let help: String
        /// The value of a drive; nil where it is not known, which leaves the line out.
        let value: @Sendable (DriveSummary, UInt64) -> Double?
    }

    private static let metrics: [Metric] = [
        Metric(
            name: "nvme_drive_ready",
            help: "Whether the drive answers and is known (1), or not (0)."
        ) { drive, _ in drive.state == "ready" ? 1 : 0 },
        Metric(
            name: "nvme_drive_state_since_seconds",
            help: "When the state of the drive changed last, in Unix time."
        ) { drive, _ in Double(drive.stateSince) / 1_000 },
        Metric(
            name: "nvme_drive_temperature_celsius",
            help:
                "Composite temperature; left out while it is not polled or the drive does not answer."
        ) { $0.currentTemperature(now: $1).map { Double($0) } },
        Metric(
            name: "nvme_drive_warning_temperature_celsius",
            help: "From which temperature on the drive is too warm, as it says."
        ) { drive, _ in drive.warningTemperature.map { Double($0) } },
        Metric(
            name: "nvme_drive_critical_temperature_celsius",
            help: "At which temperature the drive may stop working, as it says."
        ) { drive, _ in drive.criticalTemperature.map { Double($0) } },
        Metric(
            name: "nvme_drive_used_ratio",
            help: "Share of its life that the drive has used; may exceed 1."
        ) { drive, _ in drive.wear.map { Double($0) / 100 } },
        Metric(
            name: "nvme_drive_spare_ratio",
            help: "Share of the spare capacity that is left."
        ) { drive, _ in drive.spare.map { Double($0) / 100 } },
        Metric(
            name: "nvme_drive_capacity_bytes",
            help: "Capacity of the drive."
        ) { drive, _ in drive.capacity.map { Double($0) } },
        Metric(
            name: "nvme_drive_polled_timestamp_seconds",
            help: "When the last health poll was answered, in Unix time."
        ) { drive, _ in drive.updated == 0 ? nil : Double(drive.updated) / 1_000 },
    ]

    static func text(
        _ drives: [DriveSummary],
        missing: [MissingDrive] = [],
        now: UInt64 = Moment.now
    ) -> String {
        var lines = up(true) + head("nvme_drive_info", "The drive; always 1.")
        for drive in drives {
            let more = [
                ("model", drive.model ?? ""), ("firmware", drive.firmware ?? ""),
                ("endpoint", drive.addresses), ("place", drive.place ?? ""),
            ]
            lines.append("nvme_drive_info" + labels(of: drive, more) + " 1")
        }
        lines += head(
            "nvme_drive_health",
            "1 for the health that the drive has: fine, unknown, warning, unavailable or critical."
        )
        for drive in drives {
            for health in DriveSummary.Health.allCases {
                let label = labels(of: drive, [("health", health.rawValue)])
                lines.append("nvme_drive_health\(label) \(drive.health == health ? 1 : 0)")
            }
        }
        lines += head("nvme_drive_critical_warning", "1 for each critical warning of the drive.")
        for drive in drives {
            for warning in drive.warnings {
                let label = labels(of: drive, [("warning", warning)])
                lines.append("nvme_drive_critical_warning\(label) 1")
            }
        }
        for metric in metrics {
            lines += head(metric.name, metric.help)
            for drive in drives {
                guard let value = metric.value(drive, now) else { continue }
                lines.append("\(metric.name)\(labels(of: drive)) \(number(value))")
            }
        }
        lines += head("nvme_drive_missing", "1 for each drive that was there and is not.")
        for drive in missing {
            let label = labels([
                ("serial", drive.serialNumber), ("model", drive.model), ("place", drive.place),
            ])
            lines.append("nvme_drive_missing\(label) 1")
        }
        let summary = FleetSummary(drives)
        lines += head("nvme_drives", "How many drives have which health.")
        for health in DriveSummary.Health.allCases {
            lines.append("nvme_drives{health=\"\(health.rawValue)\"} \(summary.count(health))")
        }
        lines.append("nvme_drives{health=\"missing\"} \(missing.count)")
        return lines.map { $0 + "\n" }.joined()
    }

    /// When nobody tells of any drive.
    static var withoutDaemon: String { up(false).map { $0 + "\n" }.joined() }

    private static func up(_ isUp: Bool) -> [String] {
        head("nvme_daemon_up", "Whether the daemon that looks after the drives answers.")
            + ["nvme_daemon_up \(isUp ? 1 : 0)"]
    }

    private static func head(_ name: String, _ help: String) -> [String] {
        ["# HELP \(name) \(help)", "# TYPE \(name) gauge"]
    }

    private static func labels(of drive: DriveSummary, _ more: [(String, String)] = []) -> String {
        labels([("drive", drive.name), ("serial", drive.serialNumber ?? "")] + more)
    }

    private static func labels(_ all: [(String, String)]) -> String {
        "{" + all.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String) -> String {
        Columns.printable(text).map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}
