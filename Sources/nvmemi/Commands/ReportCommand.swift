import ArgumentParser
import EventLoop
import Glibc

import struct EventLoop.Signal

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Collect everything about drives in an archive, for a vendor's ticket.",
        usage: "nvmemi report [<drive> ...] --output <file> [--redact] [options]",
        discussion: """
            Writes a compressed tar archive with, of every drive: identity, health, all logs that are \
            decoded and their bytes, Vital Product Data, configuration and statistics; and the daemon's \
            status, the log of the last days, as far as it is about these drives or about none, and what could \
            not be had. Open report.html in it first; \
            summary.txt says the same.

            The drives are asked; nothing of them is changed, and what logs report as new stays so. \
            --redact puts the same other name for each serial number, NQN, UUID, NGUID and EUI64 everywhere, those of drives that \
            the log tells of and that have gone among them. The archive is for its owner alone, and no file \
            is written over.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: "The drives: 9, 1:9, serial number, name, place or object path; all without any."
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
        parsing: .unconditional,
        help: ArgumentHelp("From when on the log is taken; a week if not given.", valueName: "time")
    )
    var since = "-7d"

    @Option(help: "Read this file instead of the journal.", completion: .file())
    var file: String?

    func validate() throws {
        if output == "-" {
            throw ValidationError(
                "--output - : a report is a file; give its name, such as report.tar.gz."
            )
        }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            let archive = try FileDescriptor.createNew(command.output, mode: 0o600)
            defer { archive.close() }
            let work = EventLoop.main.spawn {
                try await command.write(archive, client, output)
            }
            let signals = try SignalSet([.interrupt, .terminate]) { _ in work.cancel() }
            defer { signals.close() }
            do {
                try await work.value
            } catch {
                // Half an archive is none.
                unlink(command.output)
                if work.isCancelled {
                    throw Failure(.failed, "The report was interrupted; nothing was written.")
                }
                throw error
            }
        }
    }

    @LoopActor
    private func write(
        _ archive: FileDescriptor,
        _ client: Client,
        _ screen: Output
    ) async throws {
        let inventory = try await client.inventory()
        let chosen =
            try drives.isEmpty
            ? inventory.drives
            : drives.map { name throws in try inventory.drive(named: name) }
        let bundle = try SupportBundle(
            redaction: redact
                ? Redaction(of: inventory.summaries, missing: inventory.missing) : Redaction()
        )
        defer { bundle.remove() }
        var log: [UInt8] = []
        if let file {
            log = try File.contents(file, atMost: 1 << 30)
        } else {
            let since = since
            try await bundle.attempt("log") {
                log = try await HistoryCommand.journal(since: since, unit: "nvmemid")
            }
        }
        var entries = String(decoding: log, as: UTF8.self).split(separator: "\n")
            .compactMap { line in LogEntry(line).map { (line: line, entry: $0) } }
        if !drives.isEmpty {
            // Other drives are none of the business of who sees to these.
            let names = chosen.reduce(into: Set<String>()) {
                $0.formUnion(HistoryCommand.names(of: $1))
            }
            entries = zip(entries, DriveContext.namesOfDrives(in: entries.map(\.entry)))
                .filter { $1.isEmpty || !$1.isDisjoint(with: names) }.map(\.0)
            log = entries.flatMap { Array($0.line.utf8) + [UInt8(ascii: "\n")] }
        }
        let events = entries.map(\.entry)
        if redact { bundle.redact(events) }
        try bundle.add("log.txt", log, isText: true)
        var done = 0
        try await Progress.show("Reading", done: { "\(done) of \(chosen.count) drives," }) {
            for drive in chosen {
                try await DriveEvidence(client: client, bundle: bundle, drive: drive).collect()
                done += 1
            }
        }
        // How they are is known better now that they were asked.
        var present = try await client.inventory()
        if !drives.isEmpty { present.missing = [] }
        let summaries = chosen.map { drive in
            DriveSummary(present.drives.first { $0.isSame(as: drive) } ?? drive)
        }
        let page = try await summary(client, present, summaries, events, bundle)
        try bundle.add("report.html", text: page.html)
        let health = HealthPage(summaries, missing: present.missing)
            .lines(Report(), columns: DriveColumn.standard)
        let parts = [health, page.status, page.historyLines, page.gaps]
        let text = parts.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
        try bundle.add("summary.txt", text: text)
        try await bundle.archive(to: archive)
        let result = Datum.dictionary([
            .init("file", .text(output)),
            .init("drives", .unsigned(UInt64(chosen.count))),
            .init("missing", .list(page.gaps.map(Datum.text))),
        ])
        try screen.show(result) { _ in
            ["\(output): \(FleetSummary(summaries).text)"]
                + (page.gaps.isEmpty
                    ? []
                    : [
                        (page.gaps.count == 1
                            ? "One thing" : "\(page.gaps.count) things")
                            + " could not be had; summary.txt says what."
                    ])
        }
    }

    @LoopActor
    private func summary(
        _ client: Client,
        _ inventory: Inventory,
        _ summaries: [DriveSummary],
        _ entries: [LogEntry],
        _ bundle: SupportBundle
    ) async throws -> SummaryPage {
        let status = StatusPage(
            bus: options.busName,
            bridge: try await BridgeStatus(client),
            inventory: inventory,
            statistics: try await client.dictionary(Inventory.root, "Manager1", "GetStatistics")
        )
        try bundle.add("status.json", status.datum)
        return SummaryPage(
            drives: summaries,
            history: HistoryPage.chosen(entries, about: []),
            status: status.lines(Report()),
            gaps: bundle.gaps
        )
    }
}
