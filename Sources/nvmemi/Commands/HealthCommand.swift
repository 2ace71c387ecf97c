import ArgumentParser
import EventLoop

struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Show how the drives are, and why.",
        usage: "nvmemi health [<drive> ...] [--check] [--format <format>] [options]",
        discussion: """
            Without DRIVE one line a drive, from what the daemon has polled, and what is the matter with \
            those that are not well. With DRIVE everything about its health; the drive is asked. Nothing \
            is changed: what a drive reports as changed since it was last cleared stays so.

            --check prints the drives that are not well, and why, and tells by the exit status: 0 all are \
            fine, \(ExitStatus.needsAttention.rawValue) one is not, \
            \(ExitStatus.noDrives.rawValue) there is none, \(ExitStatus.noMctpd.rawValue) mctpd is not \
            there, \(ExitStatus.noDaemon.rawValue) the daemon is not. A drive whose last poll is older \
            than twice the poll interval, or that is not polled, is not fine. A drive that was \
            there and is not needs attention until it comes back, another is in its place, or `nvmemi forget` \
            says that it is not to come; --missing-ok has it that they are fine. --expect says how many there \
            are to be.

            --format nagios prints one line and exits with 0, 1, 2 or 3 as Nagios has it; unavailable \
            drives are critical. --format prometheus prints metrics for the textfile collector.

            JSON: an array of objects with address, path, level, reasons and either health, the daemon's \
            names and numbers, or error; with --check also those that are missing, whose state is that.

            EXAMPLES
              nvmemi health --check || mail -s "NVMe drives" root
              nvmemi health --check --expect 24 --max-wear 80 --min-spare 20
              nvmemi health --format prometheus > /var/lib/node_exporter/nvme.prom
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, nagios, prometheus
    }

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: "The drives: 9, 1:9, serial number, name, place or object path; all without any."
    )
    var drives: [EndpointName] = []

    @Flag(help: "Tell by the exit status whether a drive needs attention.")
    var check = false

    @Option(help: "What to print.")
    var format = Format.text

    @Flag(help: "With --check or --format nagios: no drives at all are fine.")
    var noDrivesOk = false

    @Option(
        help: ArgumentHelp(
            "With --check or --format nagios: fewer drives need attention.",
            valueName: "number"
        )
    )
    var expect: Int?

    @Flag(help: "With --check or --format nagios: drives that were there and are not are fine.")
    var missingOk = false

    @OptionGroup var thresholds: HealthThresholds

    func validate() throws {
        if options.json, format != .text {
            throw ValidationError("--json and --format cannot be given together.")
        }
        if let expect {
            guard check || format == .nagios else {
                throw ValidationError("--expect is for --check and --format nagios.")
            }
            guard expect > 0 else {
                throw ValidationError("--expect \(expect): it takes a number of drives from 1 on.")
            }
            guard !noDrivesOk else {
                throw ValidationError("--expect and --no-drives-ok contradict each other.")
            }
        }
    }

    func run() throws {
        let command = self
        do {
            try options.perform { client, output in
                try await command.show(client, output)
            }
        } catch let failure as Failure where format == .nagios {
            let result = NagiosOutput(failure)
            try Output.standard(isJSON: false).write(lines: [result.line])
            throw ExitCode(result.status.rawValue)
        } catch let failure as Failure where format == .prometheus {
            // An empty file would say nothing at all.
            try Output.standard(isJSON: false).write(PrometheusOutput.withoutDaemon)
            throw failure
        }
    }

    @LoopActor
    private func show(_ client: Client, _ output: Output) async throws {
        let inventory = try await client.inventory()
        // Who names drives asks for those, be they there or missing.
        var chosen = drives.isEmpty ? inventory.drives : []
        var missing = drives.isEmpty ? inventory.missing : []
        for name in drives {
            do {
                chosen.append(try inventory.drive(named: name))
            } catch {
                let isToldOf = check || format != .text
                guard isToldOf, let gone = inventory.missing.named(name.text) else { throw error }
                missing.append(gone)
            }
        }
        let summaries = chosen.map { thresholds.judging(DriveSummary($0)) }
        let missed = missingOk ? [] : missing
        switch format {
        case .nagios:
            var result = NagiosOutput(summaries, missing: missed, lacking: lacking(summaries))
            if summaries.isEmpty, missing.isEmpty, expect == nil {
                let isMctpdGone = try await BridgeStatus(client).isMctpdPresent == false
                result = NagiosOutput(
                    noDrives: isMctpdGone
                        ? try await client.whyNoDrives().joined(separator: " ") : nil,
                    areFine: noDrivesOk && !isMctpdGone
                )
            }
            try output.write(lines: [result.line])
            if result.status != .ok { throw ExitCode(result.status.rawValue) }
        case .prometheus: try output.write(PrometheusOutput.text(summaries, missing: missing))
        case .text where check:
            try await tell(summaries, missed, areAnyMissing: !missing.isEmpty, client, output)
        case .text where drives.isEmpty:
            let page = HealthPage(summaries, missing: missing)
            let whyNone = chosen.isEmpty ? try await client.whyNoDrives() : []
            try output.show(HealthAnswer.datum(polled: chosen, summaries)) { report in
                chosen.isEmpty
                    ? whyNone + missing.lines(report, now: Moment.now) : page.lines(report)
            }
        case .text:
            let answers = await client.health(of: chosen.compactMap(\.endpoints.first))
            let details = HealthDetails(Array(zip(chosen, answers)).map { ($0, $1) })
            try output.show(details.datum, asText: details.lines)
            // It is told already, with the drive that it is of.
            if let failure = details.firstFailure { throw ExitCode(failure.status.rawValue) }
        }
    }

    /// Says that there are fewer drives than there are to be; nil when there are enough.
    private func lacking(_ drives: [DriveSummary]) -> String? {
        guard let expect, drives.count < expect else { return nil }
        return "\(drives.count) of \(expect) expected drives are there"
    }

    /// Prints what needs attention, and ends with the status that says so.
    @LoopActor
    private func tell(
        _ summaries: [DriveSummary],
        _ missing: [MissingDrive],
        areAnyMissing: Bool,
        _ client: Client,
        _ output: Output
    ) async throws {
        if summaries.isEmpty {
            // Without mctpd nobody knows that there are none.
            let isMctpdGone = try await BridgeStatus(client).isMctpdPresent == false
            if isMctpdGone || !noDrivesOk && !areAnyMissing {
                throw Failure(
                    isMctpdGone ? .noMctpd : .noDrives,
                    try await client.whyNoDrives().joined(separator: " ")
                )
            }
        }
        let page = HealthPage(summaries, missing: missing)
        let lacking = lacking(summaries)
        try output.show(.list(DriveTable(summaries).rows + missing.map(\.datum))) { _ in
            (lacking.map { ["missing: \($0)"] } ?? []) + page.complaints()
        }
        if page.needsAttention || lacking != nil {
            throw ExitCode(ExitStatus.needsAttention.rawValue)
        }
    }
}
