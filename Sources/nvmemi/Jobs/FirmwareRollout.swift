import DBus
import EventLoop
import Glibc

import struct EventLoop.Signal

/// Gives many drives one firmware image, a few at a time on each network, and keeps account of what came of each.
@LoopActor
final class FirmwareRollout {
    /// What became of one drive.
    struct Outcome {
        var member: SimilarDrives.Member
        /// waiting, running, and then what the job's state is; failed as well when no job was started.
        var state = "waiting"
        /// Why it failed.
        var message = ""
        /// From 0 to 1; nil when nobody can say.
        var fraction: Double?
        var result: Datum = .dictionary([])

        var isDone: Bool { state == "done" }
        fileprivate var isOver: Bool { state != "waiting" && state != "running" }
    }

    /// Starts the job of one drive.
    typealias Starter = @LoopActor (SimilarDrives.Member) async throws -> ObjectPath

    private let client: Client
    private let start: Starter
    private let limit: Int
    private let goesOnAfterFailure: Bool
    private(set) var outcomes: [Outcome]
    /// No further drives are begun.
    private var isStopped = false
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Some drives, so many of a network at a time, each by a job that is started so.
    init(
        _ drives: SimilarDrives,
        by client: Client,
        atATime limit: Int,
        goesOnAfterFailure: Bool,
        _ start: @escaping Starter
    ) {
        self.client = client
        self.limit = max(1, limit)
        self.goesOnAfterFailure = goesOnAfterFailure
        self.start = start
        outcomes = drives.members.map { Outcome(member: $0) }
    }

    /// Does it; returns when nothing is under way any more.
    func run() async throws {
        var signals: SignalSet?
        signals = try SignalSet([.interrupt]) { [self] _ in
            isStopped = true
            hide()
            Descriptor.complain(
                "No further drive is begun; waiting for those under way. Ctrl-C again waits no more: they go on."
            )
            // The next one ends the process, as usual.
            signals?.close()
        }
        defer { signals?.close() }
        let networks = Set(outcomes.map(\.member.endpoint.network)).sorted()
        let workers = networks.flatMap { network in
            (0..<limit).map { _ in EventLoop.main.spawn { [self] in await work(on: network) } }
        }
        for worker in workers { await worker.value }
        hide()
    }

    /// Takes one drive of a network after the other.
    private func work(on network: UInt32) async {
        while !isStopped,
            let index = outcomes.firstIndex(where: {
                $0.state == "waiting" && $0.member.endpoint.network == network
            })
        {
            outcomes[index].state = "running"
            tell(index, "begun")
            await update(index)
            let outcome = outcomes[index]
            tell(index, outcome.isDone ? "done" : "\(outcome.state): \(outcome.message)")
            if !outcome.isDone, !goesOnAfterFailure { isStopped = true }
        }
    }

    private func update(_ index: Int) async {
        do {
            let job = try await start(outcomes[index].member)
            let status = try await JobWatch(job.string, client) { [self] status in
                outcomes[index].fraction = status.fraction
                show()
            }.end()
            outcomes[index].state = status.state
            outcomes[index].message = status.message
            outcomes[index].result = status.result
        } catch {
            outcomes[index].state = "failed"
            outcomes[index].message = Failure(error).message
        }
    }

    // MARK: Showing

    private func tell(_ index: Int, _ words: String) {
        let label = outcomes[index].member.label
        hide()
        Descriptor.complain(
            Columns.printable("\(label.address)  \(label.serialNumber ?? "-")  \(words)")
        )
        show()
    }

    private func show() {
        guard isTerminal else { return }
        let running = outcomes.filter { $0.state == "running" }.map { outcome in
            outcome.member.endpoint.address
                + (outcome.fraction.map { " \(Int($0 * 100)) %" } ?? "")
        }
        let over = outcomes.count(where: \.isOver)
        let line = Columns.printable(
            "\(over) of \(outcomes.count) drives  " + running.joined(separator: "  ")
        )
        write("\r\u{1B}[K" + String(line.prefix(max(10, (Terminal.width ?? 80) - 1))))
    }

    private func hide() { if isTerminal { write("\r\u{1B}[K") } }

    private func write(_ text: String) {
        try? Descriptor.write(Array(text.utf8), to: STDERR_FILENO, name: "standard error")
    }
}

extension [FirmwareRollout.Outcome] {
    /// A row for each drive.
    var table: Table {
        var table = Table([
            .init("ADDRESS"), .init("SERIAL"), .init("STATE"), .init("RUNS"),
            .init("NOTE", shrinksTo: 20),
        ])
        table.wrapsLastColumn = true
        table.rows = map { outcome in
            [
                .init(outcome.member.endpoint.address),
                .init(outcome.member.label.serialNumber ?? "-"),
                .init(outcome.state == "waiting" ? "not begun" : outcome.state),
                .init(outcome.result["NewRevision"]?.nonEmptyText ?? "-"), .init(outcome.note),
            ]
        }
        return table
    }

    /// The same for programs.
    var datum: Datum {
        .list(
            map { outcome in
                .dictionary([
                    .init("endpoint", .text(outcome.member.endpoint.address)),
                    .init("serialNumber", .text(outcome.member.label.serialNumber ?? "")),
                    .init("state", .text(outcome.state == "waiting" ? "not begun" : outcome.state)),
                    .init("message", .text(outcome.message)), .init("result", outcome.result),
                ])
            }
        )
    }
}

extension FirmwareRollout.Outcome {
    fileprivate var note: String {
        guard isDone else { return message }
        guard result["Activated"] != .boolean(true),
            let reset = result["ResetNeeded"]?.nonEmptyText, reset != "None"
        else { return "" }
        return "needs a reset (\(reset))"
    }
}
