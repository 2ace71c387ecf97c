import ArgumentParser
import DBus

struct ShutdownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shutdown",
        abstract: "Shut down the NVM subsystem of a drive.",
        usage: "nvmemi shutdown <endpoint> [--abrupt] [--yes] [options]",
        discussion: """
            The drive saves what it has to and then takes no commands that need its media, until it is reset \
            or its power is switched. Hosts that use it lose it. The serial number that the drive is known by \
            goes along, so that another one that has come in its place is not shut down.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var insistence: Insistence

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName

    @Flag(help: "As fast as possible; the next start takes longer.")
    var abrupt = false

    func run() throws {
        let (name, confirmation, kind) = (endpoint, confirmation, abrupt ? "abrupt" : "normal")
        let insistence = insistence
        try options.perform { client, _ in
            let endpoint = try await client.endpoint(name)
            try confirmation.ask("shuts down", of: DriveLabel(endpoint))
            _ = try await Progress.show("Shutting down") {
                try await client.call(
                    endpoint.path,
                    "EndpointControl1",
                    "Shutdown",
                    [kind, insistence.added(to: endpoint.namedDrive)]
                )
            }
        }
    }
}
