import ArgumentParser
import DBus
import EventLoop

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the drives' management endpoints.",
        usage: "nvmemi list [--quick] [options]",
        discussion: """
            One line an endpoint: its address (network:endpoint ID), the state the daemon sees it in \
            (initializing, ready, unavailable, failed), the drive's identity, the NVMe-MI version, and \
            the composite temperature in °C. The temperature is asked of the drives themselves, with a \
            second's patience; a drive that does not answer has none.

            JSON: an array of objects with address, network, eid, state, model, serial, firmware, mi, \
            temperature and path; what is not known is null.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Do not ask the drives for their temperature.")
    var quick = false

    func run() throws {
        let quick = self.quick
        try options.perform { client, output in
            let endpoints = try await client.inventory().endpoints
            let temperatures = quick ? [:] : await client.temperatures(of: endpoints)
            let list = EndpointList(endpoints, temperatures: temperatures)
            try output.show(list.datum) { report in
                list.isEmpty
                    ? ["No endpoints. The daemon lists what mctpd has found: see `mctp link`."]
                    : list.table.lines(width: report.width, style: report.style)
            }
        }
    }
}

/// What is shown of each endpoint in a list.
struct EndpointList {
    private static let keys: [(key: String, property: String)] = [
        ("state", "State"), ("model", "ModelNumber"), ("serial", "SerialNumber"),
        ("firmware", "FirmwareRevision"), ("mi", "MIVersion"),
    ]

    private var endpoints: [Inventory.Endpoint]
    private var temperatures: [String: Datum]

    /// A list with the temperatures that are known, by object path.
    init(_ endpoints: [Inventory.Endpoint], temperatures: [String: Datum]) {
        self.endpoints = endpoints
        self.temperatures = temperatures
    }

    var isEmpty: Bool { endpoints.isEmpty }

    var datum: Datum {
        .list(
            endpoints.map { endpoint in
                .dictionary(
                    [
                        .init("address", .text(endpoint.address)),
                        .init("network", .unsigned(UInt64(endpoint.network))),
                        .init("eid", .unsigned(UInt64(endpoint.endpoint))),
                    ]
                        + EndpointList.keys.map {
                            .init($0.key, endpoint.property($0.property) ?? .null)
                        }
                        + [
                            .init("temperature", temperatures[endpoint.path] ?? .null),
                            .init("path", .text(endpoint.path)),
                        ]
                )
            }
        )
    }

    var table: Table {
        var table = Table([
            .init("ENDPOINT"), .init("STATE"), .init("MODEL", shrinksTo: 12),
            .init("SERIAL", shrinksTo: 10), .init("FIRMWARE", shrinksTo: 8), .init("MI"),
            .init("TEMP", .trailing),
        ])
        table.rows = endpoints.map { endpoint in
            let properties = EndpointList.keys.map { endpoint.property($0.property) ?? .null }
            var cells = properties.map { Table.Cell(Quantity.plain($0)) }
            cells[0].emphasis = EndpointList.emphasis(ofState: cells[0].text)
            let temperature = temperatures[endpoint.path] ?? .null
            return [Table.Cell(endpoint.address)] + cells
                + [Table.Cell(Quantity.text(temperature, field: "CompositeTemperature"))]
        }
        return table
    }

    static func emphasis(ofState state: String) -> Emphasis {
        switch state {
        case "ready": .good
        case "failed": .bad
        case "unavailable": .warning
        default: .plain
        }
    }
}

extension Client {
    /// The composite temperatures of the endpoints that answer at once, by object path.
    fileprivate func temperatures(of endpoints: [Inventory.Endpoint]) async -> [String: Datum] {
        let ready = endpoints.filter { $0.property("State") == .text("ready") }
        let answers = await health(of: ready, timeout: .seconds(1))
        var temperatures: [String: Datum] = [:]
        for (endpoint, answer) in zip(ready, answers) {
            guard case .success(let health) = answer else { continue }
            temperatures[endpoint.path] = health["CompositeTemperature"]
        }
        return temperatures
    }

    /// What each endpoint's drive says of its health; all are asked at the same time.
    func health(
        of endpoints: [Inventory.Endpoint],
        timeout: Duration? = nil
    ) async -> [Result<Datum, Failure>] {
        let tasks = endpoints.map { endpoint in
            EventLoop.main.spawn {
                try await self.dictionary(
                    endpoint.path,
                    "Endpoint1",
                    "GetHealth",
                    timeout: timeout
                )
            }
        }
        var answers: [Result<Datum, Failure>] = []
        for task in tasks { answers.append(await task.result.mapError { Failure($0) }) }
        return answers
    }
}
