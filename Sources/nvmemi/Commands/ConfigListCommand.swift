import ArgumentParser
import DBus
import EventLoop

extension ConfigCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Read all settings of an endpoint, and what they can be.",
            usage: "nvmemi config list <endpoint> [options]",
            discussion: """
                One line for each setting of each port that has it, with the value that the drive tells \
                now and what it takes.

                JSON: an array of objects with name, port, value (or error) and allowed.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
        var endpoint: EndpointName

        func run() throws {
            let name = endpoint
            try options.perform { client, output in
                let endpoint = try await client.endpoint(name)
                var rows: [Row] = []
                for setting in Row.all(of: endpoint) {
                    rows.append(try await setting.read(endpoint.path, client))
                }
                let known = rows
                try output.show(.list(known.map(\.datum))) { Row.lines(known, $0) }
            }
        }
    }

    /// A setting of a port.
    struct Row: Sendable {
        var name: String
        var port: UInt8
        var allowed: String
        var value: Result<Datum, Failure> = .success(.null)

        /// Those that the endpoint has, as far as its ports are known.
        static func all(of endpoint: Inventory.Endpoint) -> [Row] {
            var rows = [
                Row(
                    name: "HealthStatusChange",
                    port: 0,
                    allowed: "flags to clear, separated by commas"
                )
            ]
            for port in endpoint.ports {
                guard let number = port.number.flatMap({ UInt8(exactly: $0) }) else { continue }
                let information = port.properties["Information"]
                if port.properties["Type"] == .text("TwoWire") {
                    let most = information?["MaximumManagementEndpointFrequency"]?.nonEmptyText
                    rows.append(
                        Row(
                            name: "SMBusFrequency",
                            port: number,
                            allowed: "100kHz, 400kHz, 1MHz"
                                + (most.map { "; the drive takes up to \($0)" } ?? "")
                        )
                    )
                }
                let most = port.properties["MaximumTransmissionUnit"]?.number.map { Int($0) }
                rows.append(
                    Row(
                        name: "MCTPTransmissionUnit",
                        port: number,
                        allowed: "64 to \(most ?? 64)"
                    )
                )
            }
            return rows
        }

        @LoopActor
        func read(_ path: String, _ client: Client) async throws -> Row {
            var row = self
            do {
                let reply = try await client.call(path, "Endpoint1", "ConfigGet", [name, port])
                row.value = .success(Datum(try reply.read(Variant.self).value))
            } catch {
                let failure = Failure(error)
                // What one setting is refused for is no reason not to show the others.
                guard failure.status == .failed else { throw error }
                row.value = .failure(failure)
            }
            return row
        }

        var datum: Datum {
            let entry: Datum.Entry =
                switch value {
                case .success(let value): .init("value", value)
                case .failure(let failure): .init("error", .text(failure.message))
                }
            return .dictionary([
                .init("name", .text(name)), .init("port", .unsigned(UInt64(port))), entry,
                .init("allowed", .text(allowed)),
            ])
        }

        static func lines(_ rows: [Row], _ report: Report) -> [String] {
            var table = Table([
                .init("SETTING"), .init("PORT", .trailing), .init("VALUE", shrinksTo: 12),
                .init("ALLOWED", shrinksTo: 16),
            ])
            table.rows = rows.map { row in
                let value: Table.Cell =
                    switch row.value {
                    case .success(let value):
                        Table.Cell(Quantity.text(value, field: row.name, report.glyphs))
                    case .failure(let failure): Table.Cell(failure.message, .warning)
                    }
                let port = row.name == "HealthStatusChange" ? "-" : String(row.port)
                return [
                    Table.Cell(row.name), Table.Cell(port), value, Table.Cell(row.allowed),
                ]
            }
            return table.lines(width: report.width, style: report.style)
        }
    }
}
