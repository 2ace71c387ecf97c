import ArgumentParser
import DBus
import EventLoop

extension EndpointName: ExpressibleByArgument {
    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        self.init(argument)
    }

    /// Completion asks the daemon which endpoints there are.
    static var defaultCompletionKind: CompletionKind { .custom(EndpointCompletion.candidates) }
}

/// What a shell offers where an endpoint is expected.
enum EndpointCompletion {
    /// A shell that waits for a completion is a shell that hangs.
    private static let patience = Duration.seconds(1)

    /// The endpoints on the bus that the command line names; none when the daemon does not answer.
    @Sendable
    static func candidates(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
        var options = GlobalOptions()
        options.json = false
        options.timeout = 1
        options.bus = bus(in: words)
        let address = options.address
        let endpoints = try? runOnLoop {
            let client = try Client.connect(to: address, timeout: patience)
            defer { client.close() }
            return try await client.inventory().endpoints
        }
        return names(of: endpoints ?? [])
    }

    /// The shortest name of each endpoint: its ID, with the network only where two networks have it.
    static func names(of endpoints: [Inventory.Endpoint]) -> [String] {
        endpoints.map { endpoint in
            let isUnique = endpoints.filter { $0.endpoint == endpoint.endpoint }.count == 1
            return isUnique ? String(endpoint.endpoint) : endpoint.address
        }
    }

    /// The value of `--bus` among the words of an unfinished command line.
    static func bus(in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if word == "--bus", index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix("--bus=") { return String(word.dropFirst("--bus=".count)) }
        }
        return nil
    }
}
