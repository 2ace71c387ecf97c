import ArgumentParser

struct LogLevelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level",
        abstract: "Show or change how much the daemon writes to its log.",
        usage: "nvmemi log-level [<level>] [options]",
        discussion: """
            The levels, from the least: \(levels.joined(separator: ", ")). What is set lasts until the \
            daemon reads its configuration again (log-level there). To set it is for root only.

            JSON: an object with level.
            """
    )

    private static let levels = ["error", "warning", "notice", "info", "debug", "trace"]

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The level to set.", completion: .list(levels))
    var level: String?

    func validate() throws {
        if let level, !Self.levels.contains(level) {
            throw ValidationError(
                "There is no level “\(level)”; there are "
                    + Self.levels.joined(separator: ", ") + "."
            )
        }
    }

    func run() throws {
        let level = level
        try options.perform { client, output in
            if let level {
                try await client.setProperty(Inventory.root, "Diagnostics1", "LogLevel", level)
            }
            let properties = try await client.properties(Inventory.root, "Diagnostics1")
            let now = Datum(properties)["LogLevel"] ?? .null
            try output.show(.dictionary([.init("level", now)])) { _ in [Quantity.plain(now)] }
        }
    }
}
