import ArgumentParser

struct RescanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rescan",
        abstract: "Have the daemon look at everything anew.",
        usage: "nvmemi rescan [options]",
        discussion: """
            It asks mctpd for its endpoints again, and every endpoint for what it is. Returns at once; \
            `nvmemi list` shows what comes of it. Whoever may not change drives is heard once in 5 seconds.
            """
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try options.perform { client, _ in
            _ = try await client.call(Inventory.root, "Manager1", "Rescan")
        }
    }
}
