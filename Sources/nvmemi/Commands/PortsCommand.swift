import ArgumentParser

struct PortsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ports",
        abstract: "Show the ports of a drive.",
        usage: "nvmemi ports <endpoint> [options]",
        discussion: """
            What the daemon read of each port when it found the drive: its type, the largest MCTP \
            transmission unit, and what is particular to PCIe and two-wire ports.

            JSON: an array of the properties of each port.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName

    func run() throws {
        let name = endpoint
        try options.perform { client, output in
            let ports = try await client.endpoint(name).ports
            try output.show(.list(ports.map(\.properties))) { report in
                guard !ports.isEmpty else { return ["The daemon knows no port of the endpoint."] }
                return Array(
                    ports.map { port in
                        [report.style.apply(.title, to: "Port \(port.number ?? 0)")]
                            + report.lines(ObjectProperties.shown(port), indentation: 2)
                    }.joined(separator: [""])
                )
            }
        }
    }
}
