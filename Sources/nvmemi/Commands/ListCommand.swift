import ArgumentParser
import DBus
import EventLoop

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the drives and how they are.",
        usage: "nvmemi list [--wide | --columns <columns>] [options]",
        discussion: """
            One line a drive, from what the daemon has polled: no drive is asked. The state is what the \
            daemon can do with it (ready, busy, unavailable, failed); the health is the worst of its \
            warnings, its temperature against its own thresholds, its wear and whether it answers: \
            \(DriveSummary.Health.allCases.map(\.rawValue).joined(separator: ", ")). `nvmemi health` \
            says why. Below the table are drives that were there and are not. A value with * is older than twice the poll interval; AGE is how old it is.

            On a terminal that is too narrow columns are left out, in this order: \
            \(DriveColumn.droppedFirst.map(\.rawValue).joined(separator: ", ")). --wide shows all, \
            --columns those that are named: \
            \(DriveColumn.allCases.map(\.rawValue).joined(separator: ", ")).

            JSON: an array of objects with address, network, eid, state, model, serial, firmware, mi, \
            temperature (°C), path, name, place, health, reasons, capacity (bytes), wear and spare (%), \
            updated (milliseconds of Unix time), stale, drive and endpoints; what is not known is null. \
            Drives that are missing are in `nvmemi status --json`.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Show all columns, however wide they are.")
    var wide = false

    @Option(
        help: "Show these columns, separated by commas.",
        completion: .list(DriveColumn.allCases.map(\.rawValue)),
        transform: DriveColumn.parse
    )
    var columns: [DriveColumn]?

    // Drives were asked for their temperature once, unless this was given.
    @Flag(help: .hidden)
    var quick = false

    func run() throws {
        let (columns, wide) = (columns, wide)
        try options.perform { client, output in
            let inventory = try await client.inventory()
            let drives = inventory.summaries
            let table = DriveTable(drives, missing: inventory.missing, columns: columns)
            let whyNone = drives.isEmpty ? try await client.whyNoDrives() : []
            try output.show(table.datum) { report in
                drives.isEmpty
                    ? whyNone + inventory.missing.lines(report, now: Moment.now)
                    : table.lines(report, isWide: wide)
            }
        }
    }
}

extension DriveColumn {
    /// The columns that a person names.
    @Sendable
    static func parse(_ text: String) throws -> [DriveColumn] {
        let names = text.split(separator: ",").map { $0.filter { $0 != " " } }
        guard !names.isEmpty else {
            throw ValidationError(
                "--columns names no column; there are "
                    + allCases.map(\.rawValue).joined(separator: ", ") + "."
            )
        }
        return try names.map { name in
            guard let column = DriveColumn(rawValue: name.lowercased()) else {
                throw ValidationError(
                    "There is no column “\(name)”; there are "
                        + allCases.map(\.rawValue).joined(separator: ", ") + "."
                )
            }
            return column
        }
    }
}

extension Client {
    /// What keeps drives away, as far as the daemon can tell, in lines for people.
    func whyNoDrives() async throws -> [String] {
        let bridge = try await BridgeStatus(self)
        if bridge.isMctpdPresent == false {
            return [
                "No drives: mctpd, which finds them, is not on the bus (systemctl status mctpd)."
            ]
        }
        if bridge.isCarrierConnected == false {
            return ["No drives: nothing carries MCTP messages at \(bridge.carrier)."]
        }
        return [
            "No drives. The daemon lists what mctpd has found: see `mctp link` and `mctp addr`."
        ]
    }
}
