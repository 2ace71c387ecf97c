import ArgumentParser

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Have the daemon not miss a drive any more.",
        usage: "nvmemi forget <drive> [options]",
        discussion: """
            A drive that was there and is not is missing: `nvmemi list`, `health` and `status` show it until it \
            comes back or another drive is in its place. This says that it is not to come back. It says \
            nothing to any drive; should it come, it is shown as any other.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(
        help:
            "The drive that is missing: its serial number, or the beginning of that, or its place."
    )
    var drive: String

    func run() throws {
        let name = drive
        try options.perform { client, output in
            let inventory = try await client.inventory()
            guard let drive = inventory.missing.named(name) else {
                let others = inventory.missing.map(\.label)
                throw Failure(
                    .noEndpoint,
                    "No drive is missing that is “\(name)”.",
                    advice: others.isEmpty ? nil : "Missing: \(others.joined(separator: ", "))."
                )
            }
            let serialNumber = drive.serialNumber
            _ = try await client.call(
                Inventory.root,
                "ManagerControl1",
                "ForgetDrive",
                [serialNumber]
            )
            try output.show(drive.datum) { _ in ["\(drive.label) is not missed any more."] }
        }
    }
}
