import ArgumentParser
import DBus

struct ResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Reset the NVM subsystem of a drive.",
        usage: "nvmemi reset <endpoint> [--yes] [options]",
        discussion: """
            All controllers of the drive are reset, as if its power had gone for a moment: hosts lose what \
            they have not flushed. The endpoint loses its ID, which the daemon has mctpd give it again. \
            The serial number that the drive is known by goes along, so that another one that has come in \
            its place is not reset.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var insistence: Insistence

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName

    func run() throws {
        let (name, confirmation) = (endpoint, confirmation)
        let insistence = insistence
        try options.perform { client, _ in
            let endpoint = try await client.endpoint(name)
            try confirmation.ask("resets", of: DriveLabel(endpoint))
            _ = try await Progress.show("Resetting") {
                try await client.call(
                    endpoint.path,
                    "EndpointControl1",
                    "Reset",
                    [insistence.added(to: endpoint.namedDrive)]
                )
            }
        }
    }
}
