import ArgumentParser

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Have the daemon not miss a drive any more.",
        usage: "nvmemi forget <serial-number> [options]",
        discussion: """
            A drive that was there and is not is missing: `nvmemi list`, `health` and `status` show it until it \
            comes back or another drive is in its place. This says that it is not to come back. It says \
            nothing to any drive; should it come, it is shown as any other.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The serial number of the drive that is missing.")
    var serialNumber: String

    func run() throws {
        let serialNumber = serialNumber
        try options.perform { client, _ in
            _ = try await client.call(
                Inventory.root,
                "ManagerControl1",
                "ForgetDrive",
                [serialNumber]
            )
        }
    }
}
