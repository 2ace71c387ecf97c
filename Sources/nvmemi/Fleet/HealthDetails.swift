import EventLoop
import NVMeMI

/// Everything about the health of some drives, as they have just answered.
struct HealthDetails {
    private var answers: [(drive: Inventory.Drive, health: Result<Datum, Failure>)]

    init(_ answers: [(drive: Inventory.Drive, health: Result<Datum, Failure>)]) {
        self.answers = answers
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
            case .success(let health): lines += report.lines(health, indentation: 2)
            case .failure(let failure):
                lines.append(
                    "  " + report.style.apply(.bad, to: Columns.printable(failure.message))
                )
            }
        }
        return lines
    }

    /// Who it is, and how the daemon judges it.
    private func head(of drive: DriveSummary, _ report: Report) -> [String] {
        let title = [
            "Endpoint \(drive.addresses)", drive.place, drive.model, drive.serialNumber,
        ].compactMap { $0 }.joined(separator: "  ")
        var rows: [(String, String)] = [
            (
                "Health",
                report.style.apply(drive.health.emphasis, to: drive.health.rawValue)
                    + " since \(Moment.described(drive.healthSince))"
            )
        ]
        rows += drive.reasons.filter { !drive.stateReason.hasPrefix($0) }
            .map { ("", Columns.printable($0)) }
        rows.append(("State", "\(drive.state) since \(Moment.described(drive.stateSince))"))
        if !drive.stateReason.isEmpty { rows.append(("", Columns.printable(drive.stateReason))) }
        rows.append(("Last poll", Moment.described(drive.updated)))
        let limits = [
            drive.warningTemperature.map { "warning from \($0) \(report.glyphs.celsius)" },
            drive.criticalTemperature.map { "critical from \($0) \(report.glyphs.celsius)" },
        ].compactMap { $0 }.joined(separator: ", ")
        if !limits.isEmpty { rows.append(("Temperatures", limits)) }
        if let spare = drive.spare { rows.append(("Available spare", "\(spare) %")) }
        let longest = rows.map { Columns.width($0.0) }.max() ?? 0
        return [report.style.apply(.title, to: Columns.printable(title))]
            + rows.flatMap { name, value -> [String] in
                let start = "  " + Columns.padded(name, to: longest, .leading) + "  "
                let room = max(20, (report.width ?? .max) - Columns.width(start))
                return Columns.wrapped(value, to: room).enumerated().map { index, piece in
                    (index == 0 ? start : String(repeating: " ", count: start.count)) + piece
                }
            }
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
