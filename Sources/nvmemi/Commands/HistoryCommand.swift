import ArgumentParser
import EventLoop
import Glibc

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what happened to the drives, from the log.",
        usage: "nvmemi history [<drive>] [--since <time>] [--file <file>] [options]",
        discussion: """
            Changes of health, state and wear, drives that came and went, and who changed what, with what \
            came of it: the daemon's entries in the journal of level notice and above, oldest first. DRIVE \
            is a serial number, a name, a place or an address; it need not be there any more.

            --since takes what journalctl takes: "2026-11-27 18:00", "yesterday", "-8h". --file reads the \
            lines that nvmemid wrote elsewhere, also with the time, machine and program before them that \
            syslog and journalctl (short, short-iso, short-unix) write; - is standard input.

            JSON: an array of objects with time (milliseconds of Unix time), message and what belongs to it.

            EXAMPLES
              nvmemi history --since yesterday
              nvmemi history SIM00000001
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The drive: serial number, name, place, 9 or 1:9; all when none is given.")
    var drive: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("From when on; a day if not given.", valueName: "time")
    )
    var since: String?

    @Option(help: "Read this file instead of the journal.", completion: .file())
    var file: String?

    @Option(help: "The systemd unit whose journal is read.")
    var unit = "nvmemid"

    func run() throws {
        let output = Output.standard(isJSON: options.json)
        let text = try file.map { try File.contents($0, atMost: 1 << 30) } ?? journal()
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        var all = lines.compactMap { LogEntry($0) }
        if file != nil, let since { all = try HistoryCommand.entries(all, since: since) }
        let entries = HistoryPage.chosen(all, about: drive.map(HistoryCommand.names) ?? [])
        let page = HistoryPage(entries: entries)
        let subject = drive.map { " of “\($0)”" } ?? ""
        try output.show(page.datum) { report in
            entries.isEmpty
                ? ["The log of that time tells nothing\(subject)."] : page.lines(report)
        }
    }

    /// Those of a file's entries that are not older than a time; one that tells none is of the time of the one before.
    ///
    /// - Throws: `Failure` when no entry tells its time, or that is no time.
    static func entries(
        _ all: [LogEntry],
        since text: String,
        now: UInt64 = Moment.now
    ) throws(Failure) -> [LogEntry] {
        guard let start = StartTime.milliseconds(text, now: now) else {
            throw Failure(
                .usage,
                "“\(text)” is no time from which on a file can be read.",
                advice: "It takes \"2026-11-27 18:00\", yesterday, today, -8h, -30min and the like."
            )
        }
        guard all.isEmpty || all.contains(where: { $0.time != nil }) else {
            throw Failure(
                .usage,
                "The lines of the log have no times, so that nobody can say which are that new.",
                advice: "Without --since all of them are shown."
            )
        }
        var last: UInt64 = 0
        return all.filter { entry in
            last = entry.time ?? last
            return last >= start
        }
    }

    /// What entries may call a drive that a person calls so.
    static func names(_ text: String) -> [String] {
        var names = [text.lowercased()]
        for case .address(let network, let endpoint) in EndpointName(text).readings {
            names.append("net \(network ?? 1) eid \(endpoint)")
        }
        return names
    }

    /// What entries may call a drive that is there.
    static func names(of drive: Inventory.Drive) -> Set<String> {
        let summary = DriveSummary(drive)
        let told = [summary.name, summary.serialNumber, summary.place].compactMap {
            $0?.lowercased()
        }
        let addresses = drive.endpoints.map { "net \($0.network) eid \($0.endpoint)" }
        return Set(told + addresses)
    }

    private func journal() throws -> [UInt8] {
        let (since, unit) = (since ?? "-1d", unit)
        return try runOnLoop { try await HistoryCommand.journal(since: since, unit: unit) }
    }

    /// What the journal has of the daemon's entries, a line each with its time.
    ///
    /// - Throws: `Failure`, also when the journal knows nothing at all of the unit: that is not a quiet night.
    @LoopActor
    static func journal(since: String, unit: String) async throws -> [UInt8] {
        func read(_ options: String...) async throws -> [UInt8] {
            try await ChildOutput.read(
                ["journalctl", "--unit=\(unit)", "--output=short-unix", "--no-pager", "--quiet"]
                    + options
            )
        }
        let entries: [UInt8]
        do {
            entries = try await read("--priority=notice", "--since=\(since)")
        } catch let failure as Failure {
            // It has said why; what it calls a time it knows best.
            guard StartTime.milliseconds(since, now: Moment.now) == nil else { throw failure }
            throw Failure(
                .usage,
                "“\(since)” is no time that journalctl takes.",
                advice: "It takes \"2026-11-27 18:00\", yesterday, today, -8h, -30min and the like."
            )
        }
        if entries.isEmpty, try await read("--lines=1").isEmpty {
            throw Failure(
                .failed,
                "The journal has nothing of the unit \(unit).",
                advice: "--file reads what nvmemid wrote elsewhere, --unit that of another unit."
            )
        }
        return entries
    }
}
