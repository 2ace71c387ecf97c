import ArgumentParser
import EventLoop

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Collect everything about drives in an archive, for a vendor's ticket.",
        usage: "nvmemi report [<drive> ...] --output <file> [--redact] [options]",
        discussion: """
            Writes a compressed tar archive with, of every drive: identity, health, all logs that are \
            decoded and their bytes, Vital Product Data, configuration and statistics; and the daemon's \
            status, the log of the last days, and what could not be had. Open report.html in it first; \
            summary.txt says the same.

            The drives are asked; nothing of them is changed, and what logs report as new stays so. \
            --redact puts the same other name for each serial number and NQN everywhere.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: "The drives: 9, 1:9, serial number, name or object path; all when none is given."
    )
    var drives: [EndpointName] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The archive to write.", valueName: "file"),
        completion: .file()
    )
    var output: String

    @Flag(help: "Take out serial numbers and NQNs.")
    var redact = false

    @Option(
        help: ArgumentHelp("From when on the log is taken; a week if not given.", valueName: "time")
    )
    var since = "-7d"

    @Option(help: "Read this file instead of the journal.", completion: .file())
    var file: String?

    func run() throws {
        let command = self
        try options.perform { client, output in
            let inventory = try await client.inventory()
            let chosen =
                try command.drives.isEmpty
                ? inventory.drives
                : command.drives.map { name throws in try inventory.drive(named: name) }
            let summaries = chosen.map { DriveSummary($0) }
            let bundle = try SupportBundle(
                redaction: command.redact ? Redaction(of: inventory.summaries) : Redaction()
            )
            defer { bundle.remove() }
            var done = 0
            try await Progress.show("Reading", done: { "\(done) of \(chosen.count) drives," }) {
                for drive in chosen {
                    try await DriveEvidence(client: client, bundle: bundle, drive: drive).collect()
                    done += 1
                }
            }
            let page = try await command.summary(client, inventory, summaries, bundle)
            try bundle.add("report.html", text: page.html)
            let health = HealthPage(summaries).lines(Report())
            let parts = [health, page.status, page.historyLines, page.gaps]
            let text = parts.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
            try bundle.add("summary.txt", text: text)
            try await bundle.archive(to: command.output)
            let result = Datum.dictionary([
                .init("file", .text(command.output)),
                .init("drives", .unsigned(UInt64(chosen.count))),
                .init("missing", .list(page.gaps.map(Datum.text))),
            ])
            try output.show(result) { _ in
                ["\(command.output): \(FleetSummary(summaries).text)"]
                    + (page.gaps.isEmpty
                        ? []
                        : ["\(page.gaps.count) things could not be had; summary.txt names them."])
            }
        }
    }

    @LoopActor
    private func summary(
        _ client: Client,
        _ inventory: Inventory,
        _ summaries: [DriveSummary],
        _ bundle: SupportBundle
    ) async throws -> SummaryPage {
        let status = StatusPage(
            bus: options.busName,
            bridge: try await BridgeStatus(client),
            inventory: inventory,
            statistics: try await client.dictionary(Inventory.root, "Manager1", "GetStatistics")
        )
        try bundle.add("status.json", status.datum)
        var entries: [LogEntry] = []
        try await bundle.attempt("log") {
            let bytes =
                try file.map { try File.contents($0, atMost: 1 << 30) }
                ?? []
            let text =
                file == nil
                ? try await HistoryCommand.journal(since: since, unit: "nvmemid") : bytes
            try bundle.add("log.txt", text, isText: true)
            entries = String(decoding: text, as: UTF8.self).split(separator: "\n")
                .compactMap { LogEntry($0) }
        }
        return SummaryPage(
            drives: summaries,
            history: HistoryPage.chosen(entries, about: []),
            status: status.lines(Report()),
            gaps: bundle.gaps
        )
    }
}
