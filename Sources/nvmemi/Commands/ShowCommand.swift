import ArgumentParser
import NVMeMI

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that the daemon knows of an endpoint.",
        usage: "nvmemi show <endpoint> [options]",
        discussion: """
            The properties of the endpoint, its ports, controllers and namespaces, as the daemon read \
            them when it found the drive; nothing is asked of the drive.

            JSON: an object with address, path and properties of the endpoint, and ports, controllers \
            and namespaces as arrays of objects with number, path and properties.
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
    var endpoint: EndpointName

    func run() throws {
        let name = endpoint
        try options.perform { client, output in
            var endpoint = try await client.endpoint(name)
            // Of a controller that is named, only that; the daemon says when there is none.
            if name.controller != nil {
                let controller = try await client.controller(name)
                endpoint.ports = []
                endpoint.controllers = [controller]
                endpoint.namespaces = []
            }
            let chosen = endpoint
            let isWhole = name.controller == nil
            try output.show(EndpointDetails.datum(chosen)) { report in
                EndpointDetails.lines(chosen, report, isWhole: isWhole)
            }
        }
    }
}

/// All of one endpoint's objects.
enum EndpointDetails {
    private static func parts(
        _ endpoint: Inventory.Endpoint
    ) -> [(title: String, key: String, objects: [Inventory.Object])] {
        [
            ("Port", "ports", endpoint.ports),
            ("Controller", "controllers", endpoint.controllers),
            ("Namespace", "namespaces", endpoint.namespaces),
        ]
    }

    static func datum(_ endpoint: Inventory.Endpoint) -> Datum {
        .dictionary(
            [
                .init("address", .text(endpoint.address)),
                .init("path", .text(endpoint.path)),
                .init("properties", endpoint.object.properties),
            ]
                + parts(endpoint).map { part in
                    .init(
                        part.key,
                        .list(
                            part.objects.map { object in
                                .dictionary([
                                    .init("number", .unsigned(UInt64(object.number ?? 0))),
                                    .init("path", .text(object.path)),
                                    .init("properties", object.properties),
                                ])
                            }
                        )
                    )
                }
        )
    }

    static func lines(
        _ endpoint: Inventory.Endpoint,
        _ report: Report,
        isWhole: Bool = true
    ) -> [String] {
        var lines: [String] = []
        if isWhole {
            lines = block("Endpoint \(endpoint.address)", endpoint.object, report)
        }
        for part in parts(endpoint) {
            for object in part.objects {
                if !lines.isEmpty { lines.append("") }
                lines += block("\(part.title) \(object.number ?? 0)", object, report)
            }
        }
        return lines
    }

    /// Sizes of a namespace are in bytes as properties, but in blocks where the drive tells them.
    private static let units: [String: Unit] = [
        "Size": .bytes, "Capacity": .bytes, "Utilization": .bytes,
    ]

    private static func block(
        _ title: String,
        _ object: Inventory.Object,
        _ report: Report
    ) -> [String] {
        var report = report
        report.units = units
        return [
            report.style.apply(.title, to: title),
            "  " + report.style.apply(.quiet, to: object.path),
        ]
            + report.lines(ObjectProperties.shown(object), indentation: 2)
    }
}
