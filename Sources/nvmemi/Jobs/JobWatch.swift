import DBus
import EventLoop
import Glibc

import struct EventLoop.Signal

/// Follows a job to its end, and shows how far it is: a bar on a terminal, else a line for each step.
@LoopActor
final class JobWatch {
    private let client: Client
    private let path: String
    private var status = JobStatus(properties: .dictionary([]))
    private var shownStep = ""
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var wake = Promise<Void>()
    private var isInterrupted = false
    /// Told of the job instead of a person; nil when it is shown.
    private let report: (@LoopActor (JobStatus) -> Void)?

    init(
        _ path: String,
        _ client: Client,
        report: (@LoopActor (JobStatus) -> Void)? = nil
    ) {
        self.path = path
        self.client = client
        self.report = report
    }

    /// Follows the job until it is done, or nobody wants to look any more.
    ///
    /// - Returns: The job as it ended.
    /// - Throws: `Failure` when it failed or was cancelled, and when it goes on unwatched.
    func follow() async throws -> JobStatus {
        let status = try await end()
        switch status.state {
        case "done": return status
        case "cancelled": throw Failure(.failed, "\(status.operation) was cancelled.")
        default: throw Failure(.failed, "\(status.operation) failed: \(status.message)")
        }
    }

    /// Follows the job until it has ended, however that is.
    ///
    /// - Throws: `Failure` when it goes on unwatched.
    func end() async throws -> JobStatus {
        let daemon = client.watchDaemon { [self] in
            wake.fail(Failure(.noDaemon, "The daemon left the bus; what the drive does goes on."))
        }
        defer { daemon.cancel() }
        let changes = try await client.observe(path, "Job1") { [self] changed in
            take(changed)
            wake.resolve()
        }
        defer { changes.cancel() }
        status.properties = Datum(try await client.properties(path, "Job1"))
        var signals = report == nil ? try watchSignals() : nil
        defer { signals?.close() }
        while !status.isOver {
            show()
            // Once a second, so that the time left goes down.
            try? await wake.value(until: EventLoop.main.now + .seconds(1))
            if wake.isResolved {
                try await wake.value
                wake = Promise()
            }
            guard isInterrupted else { continue }
            signals?.close()
            try await decide()
            signals = try watchSignals()
        }
        hide()
        return status
    }

    private func take(_ changed: VariantDictionary) {
        guard case .dictionary(var entries) = status.properties else { return }
        for (key, value) in changed {
            entries.removeAll { $0.key == key }
            entries.append(.init(key, Datum(value)))
        }
        status.properties = .dictionary(entries)
    }

    // MARK: Showing

    private func show() {
        if let report {
            report(status)
        } else if isTerminal {
            write("\r\u{1B}[K" + status.line(width: Terminal.width ?? 80, now: JobStatus.now))
        } else if status.step != shownStep, !status.step.isEmpty {
            shownStep = status.step
            Descriptor.complain(Columns.printable("\(status.operation): \(status.step)"))
        }
    }

    private func hide() {
        if isTerminal, report == nil { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        try? Descriptor.write(Array(text.utf8), to: STDERR_FILENO, name: "standard error")
    }

    // MARK: Ctrl-C

    private func watchSignals() throws -> SignalSet {
        isInterrupted = false
        return try SignalSet([.interrupt]) { [self] _ in
            isInterrupted = true
            wake.resolve()
        }
    }

    /// Asks a person whether the job is to be cancelled, or only not watched any more.
    private func decide() async throws {
        hide()
        let goesOn = Failure(
            .failed,
            "\(status.operation) goes on.",
            advice: "`nvmemi jobs watch \(number)` follows it."
        )
        guard status.isCancelable, isTerminal, isatty(STDIN_FILENO) == 1 else { throw goesOn }
        write("Cancel \(status.operation) (c), stop watching (s), or go on (return)? ")
        switch (readLine() ?? "s").lowercased().first {
        case "c": _ = try await client.call(path, "Job1", "Cancel")
        case "s": throw goesOn
        default: break
        }
    }

    /// The job's number.
    private var number: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension Client {
    /// Follows a job to its end.
    func follow(_ job: ObjectPath) async throws -> JobStatus {
        try await JobWatch(job.string, self).follow()
    }
}
