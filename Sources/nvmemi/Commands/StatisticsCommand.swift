import ArgumentParser

struct StatisticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics",
        abstract: "Show how the daemon's talks with an endpoint went.",
        usage: "nvmemi statistics <endpoint> [options]",
        discussion: """
            Commands sent, answers, repetitions, time-outs, damaged messages and latencies since the \
            daemon found the endpoint. A drive whose numbers of repetitions grow has a bad link.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoint: 9, 1:9, serial number or object path.")
    var endpoint: EndpointName

    func run() throws {
        let name = endpoint
        try options.perform { client, output in
            let path = try await client.endpoint(name).path
            try output.show(try await client.dictionary(path, "Endpoint1", "GetStatistics"))
        }
    }
}
