import EventLoop
import NVMeMI

/// Everything about the health of some drives, as they have just answered.
struct HealthDetails {
    private var answers: [(drive: Inventory.Drive, health: Result<Datum, Failure>)]
    private let now: UInt64

    init(
        _ answers: [(drive: Inventory.Drive, health: Result<Datum, Failure>)],
        now: UInt64 = Moment.now
    ) {
        self.answers = answers
        self.now = now
    }

    var datum: Datum {
        .list(
            answers.map { drive, health in
                let entry: Datum.Entry =
                    switch health {
                    case .success(let health): .init("health", health)
                    case .failure(let failure): .init("error", .text(failure.message))
                    }
                return HealthAnswer.datum(of: DriveSummary(drive), entry)
            }
        )
    }

    func lines(_ report: Report) -> [String] {
        guard !answers.isEmpty else { return ["No drives."] }
        var lines: [String] = []
        for (drive, health) in answers {
            if !lines.isEmpty { lines.append("") }
            lines += head(of: DriveSummary(drive), report)
            switch health {
            case .success(let health):
                lines.append("  " + report.style.apply(.title, to: "As the drive answers"))
                lines += report.lines(HealthDetails.withoutRepetition(health), indentation: 4)
            case .failure(let failure):
                let room = max(20, (report.width ?? .max) - 2)
                lines += Columns.wrapped(Columns.printable(failure.message), to: room)
                    .map { "  " + report.style.apply(.bad, to: $0) }
            }
        }
        return lines
    }

    /// The answer without the bits of the critical warnings, which are there by their names.
    private static func withoutRepetition(_ health: Datum) -> Datum {
        guard case .dictionary(var entries) = health,
            let index = entries.firstIndex(where: { $0.key == "Controllers" }),
            case .list(let controllers) = entries[index].value
        else { return health }
        entries[index].value = .list(
            controllers.map {
                $0["CriticalWarnings"] == nil ? $0 : $0.without("CriticalWarning")
            }
        )
        return .dictionary(entries)
    }

    /// Who it is, and how the daemon judges it.
    private func head(of drive: DriveSummary, _ report: Report) -> [String] {
        let title = [
            "Endpoint \(drive.addresses)", drive.place, drive.model, drive.serialNumber,
        ].compactMap { $0 }.joined(separator: "  ")
        let health = drive.health.rawValue
        var rows: [(String, String)] = [
            ("Health", "\(health) since \(Moment.described(drive.healthSince, now: now))")
        ]
        rows += drive.reasons.filter { !drive.stateReason.hasPrefix($0) }
            .map { ("", Columns.printable($0)) }
        rows.append(
            ("State", "\(drive.state) since \(Moment.described(drive.stateSince, now: now))")
        )
        if !drive.stateReason.isEmpty { rows.append(("", Columns.printable(drive.stateReason))) }
        rows.append(("Last poll", Moment.described(drive.updated, now: now)))
        let limits = [
            drive.warningTemperature.map { "warning from \($0) \(report.glyphs.celsius)" },
            drive.criticalTemperature.map { "critical from \($0) \(report.glyphs.celsius)" },
        ].compactMap { $0 }.joined(separator: ", ")
        if !limits.isEmpty { rows.append(("Temperatures", limits)) }
        if let spare = drive.spare { rows.append(("Available spare", "\(spare) %")) }
        let longest = rows.map { Columns.width($0.0) }.max() ?? 0
        var lines = Columns.wrapped(Columns.printable(title), to: report.width ?? .max)
            .map { report.style.apply(.title, to: $0) }
        for (name, value) in rows {
            let start = "  " + Columns.padded(name, to: longest, .leading) + "  "
            let room = max(20, (report.width ?? .max) - Columns.width(start))
            lines += Columns.wrapped(value, to: room).enumerated().map { index, piece in
                if index > 0 { return String(repeating: " ", count: start.count) + piece }
                guard name == "Health" else { return start + piece }
                return start + report.style.apply(drive.health.emphasis, to: health)
                    + piece.dropFirst(health.count)
            }
        }
        return lines
    }

    var firstFailure: Failure? {
        for case (_, .failure(let failure)) in answers { return failure }
        return nil
    }
}

/// What scripts are told of a drive's health.
enum HealthAnswer {
    /// With what was polled last, under the names that the drive's own answer has.
    static func datum(polled drives: [Inventory.Drive], _ summaries: [DriveSummary]) -> Datum {
        .list(
            zip(drives, summaries).map { drive, summary in
                let properties = drive.endpoints.first?.object.properties ?? .null
                let names = [
                    "DriveFunctional", "ResetRequired", "SanitizeFailureMode", "SMARTWarnings",
                    "CompositeTemperature", "CompositeTemperatureState", "PercentageDriveLifeUsed",
                    "CompositeControllerStatus", "AvailableSpare", "Updated", "Changed",
                ]
                let known = names.compactMap { name in
                    properties[name].map { Datum.Entry(name, $0) }
                }
                return datum(of: summary, .init("health", .dictionary(known)))
            }
        )
    }

    static func datum(of drive: DriveSummary, _ entry: Datum.Entry) -> Datum {
        .dictionary([
            .init("address", .text(drive.endpoints.first?.address ?? drive.name)),
            .init("path", .text(drive.endpoints.first?.path ?? "")),
            .init("level", .text(drive.health.rawValue)),
            .init("reasons", .list(drive.reasons.map(Datum.text))), entry,
        ])
    }
}

extension Client {
    /// What each endpoint's drive says of its health; all are asked at the same time.
    func health(
        of endpoints: [Inventory.Endpoint],
        timeout: Duration? = nil
    ) async -> [Result<Datum, Failure>] {
        let tasks = endpoints.map { endpoint in
            EventLoop.main.spawn {
                let health = try await self.dictionary(
                    endpoint.path,
                    "Endpoint1",
                    "GetHealth",
                    timeout: timeout
                )
                guard case .dictionary(let entries) = health else { return health }
                // A drive that has no poll of its controllers has told enough.
                let controllers = try? await self.dictionaries(
                    endpoint.path,
                    "Endpoint1",
                    "GetControllerHealth"
                )
                return .dictionary(entries + (controllers.map { [.init("Controllers", $0)] } ?? []))
            }
        }
        var answers: [Result<Datum, Failure>] = []
        for task in tasks { answers.append(await task.result.mapError { Failure($0) }) }
        return answers
    }
}
