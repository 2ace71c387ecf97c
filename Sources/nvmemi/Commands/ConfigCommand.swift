import ArgumentParser
import DBus
import EventLoop

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Read and change the settings of an endpoint.",
        usage: "nvmemi config list|get|set <endpoint> [<name>] ...",
        discussion: ConfigCommand.settings,
        subcommands: [List.self, Get.self, Set.self]
    )

    static let names = ["SMBusFrequency", "HealthStatusChange", "MCTPTransmissionUnit"]

    static let settings = """
        NAME is one of:
          SMBusFrequency        clock of a two-wire port: 100kHz, 400kHz or 1MHz
          MCTPTransmissionUnit  bytes of payload in one packet of a port, 64 or more
          HealthStatusChange    what has changed; setting flags clears them (A,B)

        A setting of a port needs --port when the endpoint has more than one port that has it.
        """

    @OptionGroup var options: GlobalOptions
}

extension ConfigCommand {
    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get",
            abstract: "Read a setting from the drive.",
            usage: "nvmemi config get <endpoint> <name> [--port <port>] [options]",
            discussion: ConfigCommand.settings + """


                JSON: an object with name, port and value.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
        var endpoint: EndpointName

        @Argument(help: "The setting.", completion: .list(ConfigCommand.names))
        var name: String

        @Option(help: "The port, where a setting has one for each.", transform: Number.parse)
        var port: UInt8?

        func run() throws {
            let (endpoint, name, port) = (endpoint, name, port)
            try options.perform { client, output in
                let setting = try await Setting(name, port: port, of: endpoint, client)
                try setting.show(try await setting.value(client), output)
            }
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Change a setting of the drive.",
            usage: "nvmemi config set <endpoint> <name> <value> [--port <port>] [options]",
            discussion: ConfigCommand.settings + """


                Prints the value that the drive has afterwards. JSON: an object with name, port and \
                value.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
        var endpoint: EndpointName

        @Argument(help: "The setting.", completion: .list(ConfigCommand.names))
        var name: String

        @Argument(help: "The value, as `config get` writes it; a list with commas.")
        var value: String

        @Option(help: "The port, where a setting has one for each.", transform: Number.parse)
        var port: UInt8?

        func run() throws {
            let (endpoint, name, port, text) = (endpoint, name, port, value)
            try options.perform { client, output in
                let setting = try await Setting(name, port: port, of: endpoint, client)
                // The drive's present value tells the type that the daemon wants.
                try await setting.set(try await setting.value(client).parsed(text), client)
                try setting.show(try await setting.value(client), output)
            }
        }
    }
}

/// One setting of one port of an endpoint.
private struct Setting {
    let path: String
    let name: String
    let port: UInt8

    /// The setting of a port; of the only port that has it when none is given.
    @LoopActor
    init(_ name: String, port: UInt8?, of endpoint: EndpointName, _ client: Client) async throws {
        let found = try await client.endpoint(endpoint)
        path = found.path
        let known = ConfigCommand.names + ["HealthStatusChange"]
        let name = known.first { $0.lowercased() == name.lowercased() } ?? name
        self.name = name
        if let port {
            self.port = port
        } else if name == "HealthStatusChange" {
            // The flags belong to the subsystem; the port is not looked at.
            self.port = 0
        } else {
            guard ConfigCommand.names.contains(name) else {
                throw Failure(
                    .usage,
                    "There is no setting “\(name)”.",
                    advice: "There are: " + ConfigCommand.names.joined(separator: ", ")
                )
            }
            let ports = Setting.ports(of: found, for: name).compactMap { $0.number }
            guard ports.count == 1, let only = UInt8(exactly: ports[0]) else {
                throw Failure(
                    .usage,
                    "Which port? The setting is one of several ports.",
                    advice: "Add --port with one of: "
                        + ports.map { String($0) }.joined(separator: ", ")
                )
            }
            self.port = only
        }
    }

    /// The ports that can have a setting.
    private static func ports(
        of endpoint: Inventory.Endpoint,
        for name: String
    ) -> [Inventory.Object] {
        guard name == "SMBusFrequency" else { return endpoint.ports }
        let twoWire = endpoint.ports.filter { $0.properties["Type"] == .text("TwoWire") }
        return twoWire.isEmpty ? endpoint.ports : twoWire
    }

    @LoopActor
    func value(_ client: Client) async throws -> Value {
        try await client.call(path, "Endpoint1", "ConfigGet", [name, port]).read(Variant.self).value
    }

    @LoopActor
    func set(_ value: Value, _ client: Client) async throws {
        _ = try await client.call(
            path,
            "EndpointControl1",
            "ConfigSet",
            [name, port, Variant(value)]
        )
    }

    func show(_ value: Value, _ output: Output) throws(Failure) {
        let datum = Datum(value)
        let result = Datum.dictionary([
            .init("name", .text(name)), .init("port", .unsigned(UInt64(port))),
            .init("value", datum),
        ])
        try output.show(result) { _ in [Columns.printable(Quantity.text(datum, field: name))] }
    }
}
