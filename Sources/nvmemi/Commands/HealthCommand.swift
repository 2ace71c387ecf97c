import ArgumentParser

struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask drives for their health.",
        usage: "nvmemi health [<endpoint> ...] [--check] [options]",
        discussion: """
            Without ENDPOINT all drives are asked, at the same time. Nothing is changed: what a drive \
            reports as changed since it was last cleared stays so.

            With --check the exit status is 7 when a drive has a critical warning, does not work, or \
            cannot be asked.

            JSON: an array of objects with address, path and either health, the daemon's names and \
            numbers, or error.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoints: 9, 1:9, serial number or object path; all when none is given.")
    var endpoints: [EndpointName] = []

    @Flag(help: "Tell by the exit status whether a drive needs attention.")
    var check = false

    func run() throws {
        let (names, check) = (endpoints, check)
        try options.perform { client, output in
            let inventory = try await client.inventory()
            let endpoints =
                try names.isEmpty
                ? inventory.endpoints
                : names.map { name throws in try name.resolve(among: inventory.endpoints) }
            let answers = await client.health(of: endpoints)
            let report = HealthReport(zip(endpoints, answers).map { ($0, $1) })
            try output.show(report.datum, asText: report.lines)
            if check, report.needsAttention { throw ExitCode(ExitStatus.needsAttention.rawValue) }
            if !check, let failure = report.firstFailure { throw failure }
        }
    }
}

/// The health of some endpoints.
struct HealthReport {
    private var answers: [(endpoint: Inventory.Endpoint, health: Result<Datum, Failure>)]

    init(_ answers: [(endpoint: Inventory.Endpoint, health: Result<Datum, Failure>)]) {
        self.answers = answers
    }

    var datum: Datum {
        .list(
            answers.map { endpoint, health in
                let entry: Datum.Entry =
                    switch health {
                    case .success(let health): .init("health", health)
                    case .failure(let failure): .init("error", .text(failure.message))
                    }
                return .dictionary([
                    .init("address", .text(endpoint.address)), .init("path", .text(endpoint.path)),
                    entry,
                ])
            }
        )
    }

    func lines(_ report: Report) -> [String] {
        guard !answers.isEmpty else { return ["No endpoints."] }
        var lines: [String] = []
        for (endpoint, health) in answers {
            if !lines.isEmpty { lines.append("") }
            let model = endpoint.property("ModelNumber").map { "  " + Quantity.plain($0) } ?? ""
            lines.append(
                report.style.apply(.title, to: "Endpoint \(endpoint.address)")
                    + Columns.printable(model)
            )
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

    var firstFailure: Failure? {
        for case (_, .failure(let failure)) in answers { return failure }
        return nil
    }

    /// Whether a drive could not be asked or reports a critical warning.
    var needsAttention: Bool {
        answers.contains { _, health in
            guard case .success(let health) = health else { return true }
            return HealthReport.isCritical(health)
        }
    }

    /// Whether a drive says that it does not work, or any of its lists of warnings has an entry.
    static func isCritical(_ health: Datum) -> Bool {
        guard case .dictionary(let entries) = health else { return false }
        return entries.contains { entry in
            switch entry.value {
            case .boolean(let isFunctional) where entry.key == "DriveFunctional": !isFunctional
            case .list(let warnings) where entry.key.hasSuffix("Warnings"): !warnings.isEmpty
            default: false
            }
        }
    }
}
