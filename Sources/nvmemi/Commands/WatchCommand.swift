import ArgumentParser
import EventLoop
import Glibc

import struct EventLoop.Signal

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow the drives as they change.",
        usage: "nvmemi watch [<drive> ...] [--table] [--exec <command>] [options]",
        discussion: """
            Prints a line for each change of state, health, temperature, wear, spare and firmware, and for \
            drives that come and go, until Ctrl-C. No drive is asked; no right is needed.

            --table keeps a screen up to date instead, with the temperatures of the last minutes as bars up \
            to each drive's own critical temperature. --exec runs a command with sh for each change, with \
            NVMEMI_CHANGE, NVMEMI_DRIVE, NVMEMI_ADDRESS, NVMEMI_PLACE, NVMEMI_SERIAL, NVMEMI_FROM, \
            NVMEMI_TO, NVMEMI_STATE and NVMEMI_HEALTH in its environment. --only leaves out other changes.

            JSON: an object on a line for each change, with time (milliseconds of Unix time), drive, \
            address, place, serial, change, from, to, state and health.

            EXAMPLES
              nvmemi watch --only health,state
              nvmemi watch --only health --exec 'logger -p daemon.warning -- "$NVMEMI_SERIAL: $NVMEMI_TO"'
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: "The drives: 9, 1:9, serial number, name, place or object path; all without any."
    )
    var drives: [EndpointName] = []

    @Flag(help: "Keep a screen up to date.")
    var table = false

    @Option(
        help: ArgumentHelp(
            "Only these changes, separated by commas: "
                + FleetChange.Kind.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "changes"
        ),
        transform: FleetChange.Kind.parse
    )
    var only: [FleetChange.Kind]?

    @Option(help: ArgumentHelp("Run this for each change.", valueName: "command"))
    var exec: String?

    @Option(help: ArgumentHelp("End after this many changes.", valueName: "number"))
    var count: Int?

    func validate() throws {
        if table, options.json {
            throw ValidationError("--table and --json cannot be given together.")
        }
        if let count, count < 1 { throw ValidationError("--count takes a number from 1 on.") }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            let watch = FleetWatch(client, of: command.drives)
            try await watch.begin()
            defer { watch.end() }
            let work = EventLoop.main.spawn {
                try await command.table
                    ? command.keepTable(watch, output) : command.follow(watch, output)
            }
            let signals = try SignalSet([.interrupt, .terminate]) { _ in work.cancel() }
            defer { signals.close() }
            do {
                try await work.value
            } catch  where work.isCancelled {
                // Ctrl-C is how it ends.
            }
        }
    }

    @LoopActor
    private func follow(_ watch: FleetWatch, _ output: Output) async throws {
        if !output.isJSON {
            Descriptor.complain("Following \(FleetSummary(watch.drives).text); Ctrl-C ends it.")
        }
        var rest = count ?? .max
        while rest > 0 {
            let changes = try await watch.changes().filter { only?.contains($0.kind) ?? true }
            for change in changes.prefix(rest) {
                let now = Moment.now
                if output.isJSON {
                    try output.write(JSONWriter.line(change.datum(at: now)))
                } else {
                    try output.write(lines: [change.line(at: now, output.style)])
                }
                if let exec { try await run(exec, for: change) }
            }
            rest -= min(rest, changes.count)
        }
    }

    /// Runs a person's command, and waits for its end: one at a time.
    @LoopActor
    private func run(_ command: String, for change: FleetChange) async throws {
        let environment = [
            ("CHANGE", change.kind.rawValue), ("DRIVE", change.drive.name),
            ("ADDRESS", change.drive.endpoints.first?.address ?? ""),
            ("PLACE", change.drive.place ?? ""), ("SERIAL", change.drive.serialNumber ?? ""),
            ("FROM", change.from ?? ""), ("TO", change.to ?? ""), ("STATE", change.drive.state),
            ("HEALTH", change.drive.health.rawValue),
        ].map { (name: "NVMEMI_" + $0.0, value: Columns.printable($0.1)) }
        let child = try ChildProcess.start(
            ["/bin/sh", "-c", command],
            .init(environment: environment, isBackground: false)
        )
        let status: Int32
        do {
            status = try await child.wait()
        } catch {
            await child.stop()
            throw error
        }
        if status != 0 { Descriptor.complain("nvmemi: the command ended with status \(status).") }
    }

    @LoopActor
    private func keepTable(_ watch: FleetWatch, _ output: Output) async throws {
        var screen = WatchScreen(output)
        let isTerminal = isatty(STDOUT_FILENO) == 1
        // A screen of its own, without a cursor, and the former one back in the end.
        if isTerminal { try output.write("\u{1b}[?1049h\u{1b}[?25l") }
        defer { if isTerminal { try? output.write("\u{1b}[?25h\u{1b}[?1049l") } }
        var rest = count ?? .max
        while rest > 0 {
            screen.note(watch.drives)
            try screen.draw(watch.drives)
            // A column of the bars is five seconds, so that a row is two minutes.
            let next = EventLoop.main.now + .seconds(5)
            while EventLoop.main.now < next, rest > 0 {
                let changes = try await watch.changes(within: .seconds(1))
                rest -= min(rest, changes.count)
                try screen.draw(watch.drives)
            }
        }
    }
}

extension FleetChange.Kind {
    /// The changes that a person names.
    @Sendable
    static func parse(_ text: String) throws -> [FleetChange.Kind] {
        try text.split(separator: ",").map { name in
            guard let kind = FleetChange.Kind(rawValue: name.lowercased()) else {
                throw ValidationError(
                    "There is no change “\(name)”; there are "
                        + allCases.map(\.rawValue).joined(separator: ", ") + "."
                )
            }
            return kind
        }
    }
}
