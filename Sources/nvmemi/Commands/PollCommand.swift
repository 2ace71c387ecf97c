import ArgumentParser
import DBus
import EventLoop
import NVMeMI

import struct EventLoop.Signal

struct PollCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll",
        abstract: "Show, change or pause how often a drive's health is polled.",
        usage: "nvmemi poll [<endpoint>] [--interval <seconds> | --pause] [options]",
        discussion: """
            Without options the intervals are shown. An interval of 0 polls never; what is set holds until \
            the daemon reads its configuration again, which is where it is set for good \
            (health-interval-ms). --pause has the drive not polled until Ctrl-C, or for --seconds; others' \
            commands go on.

            JSON: an array of objects with address, interval (milliseconds), paused and updated.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path; all without any.")
    var endpoint: EndpointName?

    @Option(help: ArgumentHelp("Poll so often from now on.", valueName: "seconds"))
    var interval: Double?

    @Flag(help: "Have it not polled until Ctrl-C.")
    var pause = false

    @Option(help: ArgumentHelp("With --pause: end after this time.", valueName: "seconds"))
    var seconds: Double?

    func validate() throws {
        if let interval, !(0...86_400).contains(interval) {
            throw ValidationError("--interval takes a number of seconds from 0 to 86400.")
        }
        if interval != nil, pause {
            throw ValidationError("--interval and --pause cannot be given together.")
        }
        if endpoint == nil, pause || interval != nil {
            throw ValidationError("Which endpoint? --interval and --pause are for one.")
        }
        if let seconds, !(0.001...86_400).contains(seconds) {
            throw ValidationError("--seconds takes a number from 0.001 to 86400.")
        }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            var endpoints = try await client.inventory().endpoints
            if let name = command.endpoint {
                endpoints = [try await client.endpoint(name)]
                if let interval = command.interval {
                    try await client.setProperty(
                        endpoints[0].path,
                        "Health1",
                        "PollInterval",
                        UInt32(interval * 1_000)
                    )
                    endpoints = [try await client.endpoint(name)]
                } else if command.pause {
                    return try await command.pause(endpoints[0], client)
                }
            }
            try PollCommand.show(endpoints, output)
        }
    }

    private static func show(
        _ endpoints: [Inventory.Endpoint],
        _ output: Output
    ) throws(Failure) {
        func value(_ endpoint: Inventory.Endpoint, _ name: String) -> Datum {
            endpoint.property(name) ?? .null
        }
        let rows = endpoints.map { endpoint in
            Datum.dictionary([
                .init("address", .text(endpoint.address)),
                .init("interval", value(endpoint, "PollInterval")),
                .init("paused", value(endpoint, "PollingPaused")),
                .init("updated", value(endpoint, "Updated")),
            ])
        }
        try output.show(.list(rows)) { report in
            var table = Table([
                .init("ENDPOINT"), .init("INTERVAL", .trailing), .init("PAUSED"),
                .init("LAST POLL"),
            ])
            table.rows = rows.map { row in
                [
                    Table.Cell(Quantity.plain(row["address"] ?? .null)),
                    Table.Cell(text(ofInterval: row["interval"]?.number)),
                    Table.Cell(Quantity.plain(row["paused"] ?? .null)),
                    Table.Cell(Quantity.text(row["updated"] ?? .null, .moment)),
                ]
            }
            return table.lines(width: report.width, style: report.style)
        }
    }

    private static func text(ofInterval milliseconds: Double?) -> String {
        guard let milliseconds else { return "-" }
        return milliseconds == 0 ? "never" : Quantity.plain(.real(milliseconds / 1_000)) + " s"
    }

    /// The pause lasts as long as this program stays on the bus.
    @LoopActor
    private func pause(_ endpoint: Inventory.Endpoint, _ client: Client) async throws {
        let end = Promise<Void>()
        let signals = try SignalSet([.interrupt, .terminate]) { _ in end.resolve() }
        defer { signals.close() }
        let daemon = client.watchDaemon {
            end.fail(Failure(.noDaemon, "The daemon left the bus, which ended the pause."))
        }
        defer { daemon.cancel() }
        _ = try await client.call(endpoint.path, "EndpointControl1", "PauseHealthPolling")
        Descriptor.complain(
            "Health of endpoint \(endpoint.address) is not polled; Ctrl-C ends that."
        )
        guard let seconds else { return try await end.value }
        try? await end.value(until: EventLoop.main.now + .seconds(seconds))
    }
}
