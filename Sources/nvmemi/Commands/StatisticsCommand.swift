import ArgumentParser

struct StatisticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics",
        abstract: "Show how the daemon's talks with an endpoint, or with all, went.",
        usage: "nvmemi statistics [<endpoint>] [options]",
        discussion: """
            With ENDPOINT: commands sent, answers, repetitions, time-outs, damaged messages and latencies \
            since the daemon found it. A drive whose numbers of repetitions grow has a bad link. Without: \
            what the daemon as a whole has sent and received since its start, and what it holds now.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName?

    func run() throws {
        let name = endpoint
        try options.perform { client, output in
            guard let name else {
                return try output.show(
                    try await client.dictionary(Inventory.root, "Manager1", "GetStatistics")
                )
            }
            let path = try await client.endpoint(name).path
            try output.show(try await client.dictionary(path, "Endpoint1", "GetStatistics"))
        }
    }
}
