import ArgumentParser
import DBus

struct SecurityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "security",
        abstract: "Talk to the security protocols of a drive.",
        usage: "nvmemi security protocols|receive|send <controller> ...",
        subcommands: [Protocols.self, Receive.self, Send.self]
    )

    @OptionGroup var options: GlobalOptions
}

/// What selects a security protocol's function.
struct SecurityOptions: ParsableArguments {
    @Option(
        help: "What is specific to the protocol (SPSP), such as a ComID.",
        transform: Number.parse
    )
    var specific: UInt16 = 0

    @Option(help: "NVMe security specific field.", transform: Number.parse)
    var nssf: UInt8 = 0

    @Option(help: "Namespace ID.", transform: Number.parse)
    var nsid: UInt32 = 0

    @OptionGroup var insistence: Insistence

    func options(of target: Target) -> VariantDictionary {
        var options = insistence.added(to: target.options)
        if nssf != 0 { options.set("nssf", nssf) }
        if nsid != 0 { options.set("nsid", nsid) }
        return options
    }
}

extension SecurityCommand {
    struct Protocols: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "protocols",
            abstract: "List the security protocols that a controller has.",
            usage: "nvmemi security protocols <controller> [options]"
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        func run() throws {
            let name = controller
            try options.perform { client, output in
                let target = try await client.target(name)
                let reply = try await client.call(
                    target.controller.path,
                    "Security1",
                    "Receive",
                    [UInt8(0), UInt16(0), UInt32(512), target.options]
                )
                let protocols = SecurityCommand.protocols(in: try reply.read([UInt8].self))
                try output.show(.list(protocols.map { .unsigned(UInt64($0)) })) { _ in
                    protocols.map { HexDump.digits(UInt64($0), width: 2) + "h" }
                }
            }
        }
    }

    /// The list of protocols: its length at byte 6, the most significant byte first, then each.
    static func protocols(in data: [UInt8]) -> [UInt8] {
        guard data.count >= 8 else { return [] }
        let count = Int(data[6]) << 8 | Int(data[7])
        return Array(data.dropFirst(8).prefix(count))
    }

    struct Receive: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "receive",
            abstract: "Receive data of a security protocol.",
            usage:
                "nvmemi security receive <controller> <protocol> [--specific <n>] [--length <n>] [options]"
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var binary: BinaryOptions
        @OptionGroup var security: SecurityOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "The protocol's number.", transform: Number.parse)
        var number: UInt8

        @Option(help: "How many bytes, at most 4096.", transform: Number.parse)
        var length: UInt32 = 512

        func run() throws {
            let command = self
            try options.perform { client, output in
                let target = try await client.target(command.controller)
                let reply = try await client.call(
                    target.controller.path,
                    "Security1",
                    "Receive",
                    [
                        command.number, command.security.specific, command.length,
                        command.security.options(of: target),
                    ]
                )
                try command.binary.write(try reply.read([UInt8].self), to: output)
            }
        }
    }

    struct Send: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "send",
            abstract: "Send data of a security protocol; it may lock or erase the drive.",
            usage:
                "nvmemi security send <controller> <protocol> <file> [--specific <n>] [--yes] [options]"
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var security: SecurityOptions
        @OptionGroup var confirmation: Confirmation

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "The protocol's number.", transform: Number.parse)
        var number: UInt8

        @Argument(help: "The file with the data, or - for standard input.", completion: .file())
        var file: String

        func run() throws {
            let command = self
            let data = try File.contents(file, atMost: 4_096)
            try options.perform { client, _ in
                let target = try await client.target(command.controller)
                let deed = "sends \(data.count) bytes of security protocol \(command.number) to"
                try command.confirmation.ask(deed, of: target.label)
                _ = try await client.call(
                    target.controller.path,
                    "Security1",
                    "Send",
                    [
                        command.number, command.security.specific, data,
                        command.security.options(of: target),
                    ]
                )
            }
        }
    }
}
