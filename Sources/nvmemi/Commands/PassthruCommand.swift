import ArgumentParser
import DBus
import EventLoop

struct PassthruCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passthru",
        abstract: "Send a command to a drive as it is.",
        usage: "nvmemi passthru mi|admin|pcie <endpoint> <opcode> ...",
        discussion: """
            For root. What the drive answers is shown, be it a refusal; data is written as a dump, or as \
            --raw and --output say. The drive's serial number goes along, so that a command that destroys \
            something cannot meet another drive.
            """,
        subcommands: [Management.self, Admin.self, PCIe.self]
    )

    @OptionGroup var options: GlobalOptions

    static let interface = "Passthru1"
}

/// What all three kinds of commands take.
struct PassthruOptions: ParsableArguments {
    @OptionGroup var binary: BinaryOptions
    @OptionGroup var confirmation: Confirmation

    @Option(help: "A file with data for the drive, or - for standard input.", completion: .file())
    var input: String?

    @Option(help: "The command slot, 0 or 1.", transform: Number.parse)
    var slot: UInt8?

    @Flag(help: "Data is in the Management Endpoint Buffer.")
    var endpointBuffer = false

    /// The bytes to send.
    func data() throws(Failure) -> [UInt8] {
        try input.map { (path) throws(Failure) in try File.contents(path, atMost: 4_096) } ?? []
    }

    func add(to options: inout VariantDictionary) {
        if let slot { options.set("slot", slot) }
        if endpointBuffer { options.set("management-endpoint-buffer", true) }
    }

    /// Shows an answer: the bytes alone where they were asked for, else everything.
    func show(_ answer: Datum, _ output: Output) throws {
        if binary.wantsBytes, case .bytes(let bytes)? = answer["Data"] {
            return try binary.write(bytes, to: output)
        }
        try output.show(answer) { report in
            guard case .dictionary(let entries) = answer else { return report.lines(answer) }
            let named = Datum.dictionary(entries.filter { $0.key != "Data" })
            guard case .bytes(let bytes)? = answer["Data"], !bytes.isEmpty else {
                return report.lines(named)
            }
            return report.lines(named) + [""] + HexDump.lines(bytes)
        }
    }
}

extension PassthruCommand {
    struct Management: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mi",
            abstract: "Send a command of the Management Interface.",
            usage: "nvmemi passthru mi <endpoint> <opcode> [--nmd0 <n>] [--nmd1 <n>] [options]"
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var passthru: PassthruOptions

        @Argument(help: "The endpoint: 9, 1:9, serial number or object path.")
        var endpoint: EndpointName

        @Argument(help: "The opcode.", transform: Number.parse)
        var opcode: UInt8

        @Option(help: "NVMe Management Dword 0.", transform: Number.parse)
        var nmd0: UInt32 = 0

        @Option(help: "NVMe Management Dword 1.", transform: Number.parse)
        var nmd1: UInt32 = 0

        func run() throws {
            let command = self
            let data = try passthru.data()
            try options.perform { client, output in
                let endpoint = try await client.endpoint(command.endpoint)
                // Resets, shutdowns, and writes of what the drive is.
                if [0x06, 0x07, 0x0C].contains(command.opcode) {
                    let deed = "sends the NVMe-MI command \(HexDump.digits([command.opcode]))h to"
                    try command.passthru.confirmation.ask(deed, of: DriveLabel(endpoint))
                }
                var options = endpoint.namedDrive
                command.passthru.add(to: &options)
                let answer = try await client.dictionary(
                    endpoint.path,
                    PassthruCommand.interface,
                    "ManagementCommand",
                    command.opcode,
                    command.nmd0,
                    command.nmd1,
                    data,
                    options
                )
                try command.passthru.show(answer, output)
            }
        }
    }

    struct Admin: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "admin",
            abstract: "Send an NVMe Admin command.",
            usage:
                "nvmemi passthru admin <controller> <opcode> [--nsid <n>] [--cdw10 <n>] … [options]"
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var passthru: PassthruOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "The opcode.", transform: Number.parse)
        var opcode: UInt8

        @Option(help: "Namespace ID.", transform: Number.parse)
        var nsid: UInt32 = 0

        @Option(help: "Command dword 2.", transform: Number.parse)
        var cdw2: UInt32 = 0

        @Option(help: "Command dword 3.", transform: Number.parse)
        var cdw3: UInt32 = 0

        @Option(help: "Command dword 10.", transform: Number.parse)
        var cdw10: UInt32 = 0

        @Option(help: "Command dword 11.", transform: Number.parse)
        var cdw11: UInt32 = 0

        @Option(help: "Command dword 12.", transform: Number.parse)
        var cdw12: UInt32 = 0

        @Option(help: "Command dword 13.", transform: Number.parse)
        var cdw13: UInt32 = 0

        @Option(help: "Command dword 14.", transform: Number.parse)
        var cdw14: UInt32 = 0

        @Option(help: "Command dword 15.", transform: Number.parse)
        var cdw15: UInt32 = 0

        @Option(help: "How many bytes of data are wanted.", transform: Number.parse)
        var length: UInt32 = 0

        @Option(help: "From which byte of the data on.", transform: Number.parse)
        var offset: UInt32 = 0

        @Flag(help: "Also when the drive is shut down.")
        var ignoreShutdown = false

        /// Commands that only read: Get Log Page, Identify, Get Features, and receiving ones.
        private static let harmless: [UInt8] = [0x02, 0x06, 0x0A, 0x1A, 0x1E, 0x82, 0x86]

        func run() throws {
            let command = self
            let data = try passthru.data()
            try options.perform { client, output in
                let target = try await client.target(command.controller)
                if !Self.harmless.contains(command.opcode) {
                    let deed = "sends the Admin command \(HexDump.digits([command.opcode]))h to"
                    try command.passthru.confirmation.ask(deed, of: target.label)
                }
                let answer = try await client.dictionary(
                    target.controller.path,
                    PassthruCommand.interface,
                    "AdminCommand",
                    command.opcode,
                    data,
                    command.options(of: target)
                )
                try command.passthru.show(answer, output)
            }
        }

        private func options(of target: Target) -> VariantDictionary {
            var options = target.options
            passthru.add(to: &options)
            let dwords: KeyValuePairs = [
                "nsid": nsid, "cdw2": cdw2, "cdw3": cdw3, "cdw10": cdw10, "cdw11": cdw11,
                "cdw12": cdw12, "cdw13": cdw13, "cdw14": cdw14, "cdw15": cdw15, "length": length,
                "offset": offset,
            ]
            for (name, value) in dwords where value != 0 { options.set(name, value) }
            if ignoreShutdown { options.set("ignore-shutdown", true) }
            return options
        }
    }

    struct PCIe: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pcie",
            abstract: "Read or write configuration, memory or I/O space.",
            usage: "nvmemi passthru pcie <controller> <opcode> --offset <n> [options]",
            discussion: """
                Opcodes: 0 configuration read, 1 configuration write, 2 memory read, 3 memory write, \
                4 I/O read, 5 I/O write.
                """
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var passthru: PassthruOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "The opcode.", transform: Number.parse)
        var opcode: UInt8

        @Option(help: "The first byte.", transform: Number.parse)
        var offset: UInt64 = 0

        @Option(help: "How many bytes to read.", transform: Number.parse)
        var length: UInt16 = 0

        @Option(help: "Base address register, for memory and I/O space.", transform: Number.parse)
        var bar: UInt8 = 0

        func run() throws {
            let command = self
            let data = try passthru.data()
            try options.perform { client, output in
                let target = try await client.target(command.controller)
                // Odd ones write.
                if command.opcode % 2 == 1 {
                    let deed = "sends the PCIe command \(HexDump.digits([command.opcode]))h to"
                    try command.passthru.confirmation.ask(deed, of: target.label)
                }
                var options = target.options
                command.passthru.add(to: &options)
                if command.length != 0 { options.set("length", command.length) }
                if command.bar != 0 { options.set("bar", command.bar) }
                let answer = try await client.dictionary(
                    target.controller.path,
                    PassthruCommand.interface,
                    "PCIeCommand",
                    command.opcode,
                    command.offset,
                    data,
                    options
                )
                try command.passthru.show(answer, output)
            }
        }
    }
}
