import ArgumentParser

struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Have mctpd bring an endpoint back that does not answer.",
        usage: "nvmemi recover <endpoint> [options]",
        discussion: """
            mctpd asks the drive by its physical address and gives it its endpoint ID again. It forgets a \
            drive that does not answer even then. The daemon does the same by itself after a while; this \
            does it now, and has transmission unit and frequency tried again that did not work before; one that \
            answers is interrupted meanwhile.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName

    func run() throws {
        let name = endpoint
        try options.perform { client, output in
            let endpoint = try await client.endpoint(name)
            _ = try await client.call(endpoint.path, "EndpointControl1", "Recover")
            try output.show(.dictionary([.init("asked", .text(endpoint.address))])) { _ in
                [
                    "mctpd has taken it on for endpoint \(endpoint.address).",
                    "`nvmemi show \(endpoint.address)` tells what comes of it.",
                ]
            }
        }
    }
}
