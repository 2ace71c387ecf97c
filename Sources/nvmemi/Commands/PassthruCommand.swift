import ArgumentParser
import DBus
import EventLoop
import NVMeMI

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

    @Flag(help: "Also while a job changes the drive.")
    var force = false

    /// The bytes to send.
    func data() throws(Failure) -> [UInt8] {
        try input.map { (path) throws(Failure) in try File.contents(path, atMost: 4_096) } ?? []
    }

    func add(to options: inout VariantDictionary) {
        if let slot { options.set("slot", slot) }
        if endpointBuffer { options.set("management-endpoint-buffer", true) }
        if force { options.set("force", true) }
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
    struct Management: RawCommand {
        static let kind = (
            category: MessageCategory.managementInterface, name: "NVMe-MI",
            member: "ManagementCommand"
        )
        static let configuration = CommandConfiguration(
            commandName: "mi",
            abstract: "Send a command of the Management Interface.",
            usage: "nvmemi passthru mi <endpoint> <opcode> [--nmd0 <n>] [--nmd1 <n>] [options]"
        )

        @OptionGroup var options: GlobalOptions
        @OptionGroup var passthru: PassthruOptions

        @Argument(help: "The endpoint: 9, 1:9, serial number, place or object path.")
        var endpoint: EndpointName

        @Argument(help: "The opcode.", transform: Number.parse)
        var opcode: UInt8

        @Option(help: "NVMe Management Dword 0.", transform: Number.parse)
        var nmd0: UInt32 = 0

        @Option(help: "NVMe Management Dword 1.", transform: Number.parse)
        var nmd1: UInt32 = 0

        func arguments(_ data: [UInt8], _ options: VariantDictionary) -> [any DBusType] {
            [opcode, nmd0, nmd1, data, options]
        }

        @LoopActor
        func place(_ client: Client) async throws -> RawPlace {
            let endpoint = try await client.endpoint(endpoint)
            return RawPlace(path: endpoint.path, endpoint: endpoint)
        }
    }

    struct Admin: RawControllerCommand {
        static let kind = (category: MessageCategory.admin, name: "Admin", member: "AdminCommand")
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

        func add(to options: inout VariantDictionary) {
            let dwords: KeyValuePairs = [
                "nsid": nsid, "cdw2": cdw2, "cdw3": cdw3, "cdw10": cdw10, "cdw11": cdw11,
                "cdw12": cdw12, "cdw13": cdw13, "cdw14": cdw14, "cdw15": cdw15, "length": length,
                "offset": offset,
            ]
            for (name, value) in dwords where value != 0 { options.set(name, value) }
            if ignoreShutdown { options.set("ignore-shutdown", true) }
        }

        func arguments(_ data: [UInt8], _ options: VariantDictionary) -> [any DBusType] {
            [opcode, data, options]
        }
    }

    struct PCIe: RawControllerCommand {
        static let kind = (category: MessageCategory.pcie, name: "PCIe", member: "PCIeCommand")
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

        func add(to options: inout VariantDictionary) {
            if length != 0 { options.set("length", length) }
            if bar != 0 { options.set("bar", bar) }
        }

        func arguments(_ data: [UInt8], _ options: VariantDictionary) -> [any DBusType] {
            [opcode, offset, data, options]
        }
    }
}
