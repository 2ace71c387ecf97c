import ArgumentParser
import DBus
import EventLoop

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether the daemon itself is all right.",
        usage: "nvmemi status [options]",
        discussion: """
            Its version and since when it runs, what carries its messages, whether mctpd is there and lets \
            it recover drives, the drives by health and state, what waits and what went wrong on the way, \
            and settings that keep it from telling how drives are.

            The exit status is \(ExitStatus.noMctpd.rawValue) when mctpd is not there, and \
            \(ExitStatus.failed.rawValue) when nothing carries messages.

            JSON: an object with version, commandVersion, started, bus, carrier, mctpd, drives (by health), \
            states, endpoints, statistics, logLevel and hindrances; times are milliseconds of Unix time.
            """
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let bus = options.busName
        try options.perform { client, output in
            let bridge = try await BridgeStatus(client)
            let statistics = try await client.dictionary(
                Inventory.root,
                "Manager1",
                "GetStatistics"
            )
            let page = StatusPage(
                bus: bus,
                bridge: bridge,
                inventory: try await client.inventory(),
                statistics: statistics
            )
            try output.show(page.datum, asText: page.lines)
            if bridge.isMctpdPresent == false { throw ExitCode(ExitStatus.noMctpd.rawValue) }
            if bridge.isCarrierConnected == false { throw ExitCode(ExitStatus.failed.rawValue) }
        }
    }
}
