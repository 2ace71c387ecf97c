import ArgumentParser
import DBus
import EventLoop
import NVMeMI

extension NamespaceCommand {
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create a namespace.",
            usage: "nvmemi namespace create <controller> <size> [--attach] [options]",
            discussion: """
                SIZE is in bytes with a unit, such as 100GB or 64GiB, rounded up to whole blocks; or a \
                number of logical blocks without one. Prints the new namespace's ID; it is attached to no \
                controller unless --attach says so.

                JSON: an object with nsid.
                """
        )

        @OptionGroup var options: GlobalOptions

        @Argument(help: "The endpoint, with /N for controller N.")
        var controller: EndpointName

        @Argument(help: "How large: 100GB, 64GiB, or blocks.")
        var size: NamespaceSize

        @Option(help: "Index of the LBA format.", transform: Number.parse)
        var format: UInt8 = 0

        @Flag(help: "Several controllers may be attached.")
        var shared = false

        @Option(help: "End-to-end protection, 0 for none.", transform: Number.parse)
        var protection: UInt8 = 0

        @Option(help: "NVM set, 0 for the drive's choice.", transform: Number.parse)
        var nvmSet: UInt16 = 0

        @Option(help: "Endurance group, 0 for the drive's choice.", transform: Number.parse)
        var enduranceGroup: UInt16 = 0

        @Flag(help: "Attach it to the controller that the command goes to.")
        var attach = false

        @OptionGroup var insistence: Insistence

        func run() throws {
            let command = self
            try options.perform { client, output in
                let target = try await client.target(command.controller)
                let blocks = try await client.blocks(
                    command.size,
                    format: command.format,
                    of: target
                )
                var options = command.insistence.added(to: target.options)
                options.set("size", blocks)
                options.set("format", command.format)
                options.set("shared", command.shared)
                if command.protection != 0 { options.set("protection", command.protection) }
                if command.nvmSet != 0 { options.set("nvm-set", command.nvmSet) }
                if command.enduranceGroup != 0 {
                    options.set("endurance-group", command.enduranceGroup)
                }
                let wanted = options
                let nsid = try await Progress.show("Creating") {
                    try await client.call(
                        target.controller.path,
                        NamespaceCommand.interface,
                        "Create",
                        [wanted]
                    ).read(UInt32.self)
                }
                if command.attach {
                    try await client.changeAttachment("Attach", target, nsid, [])
                }
                try output.show(.dictionary([.init("nsid", .unsigned(UInt64(nsid)))])) { _ in
                    [String(nsid)]
                }
            }
        }
    }
}

/// A size as a person writes it.
enum NamespaceSize: ExpressibleByArgument, Equatable {
    case bytes(UInt64)
    case blocks(UInt64)

    private static let units: KeyValuePairs<String, UInt64> = [
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40, "pib": 1 << 50,
        "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "pb": 1_000_000_000_000_000, "b": 1,
    ]

    init?(argument: String) {
        if let blocks = UInt64(number: argument) {
            guard blocks > 0 else { return nil }
            self = .blocks(blocks)
            return
        }
        let digits = argument.prefix { $0.isNumber }
        let unit = argument.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        guard let number = UInt64(digits), number > 0,
            let factor = Self.units.first(where: { $0.key == unit })?.value
        else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
        guard !overflows else { return nil }
        self = .bytes(bytes)
    }

    /// The number of blocks of a size, rounded up.
    func blocks(of size: UInt64) -> UInt64 {
        switch self {
        case .blocks(let blocks): blocks
        case .bytes(let bytes): bytes / size + (bytes % size == 0 ? 0 : 1)
        }
    }
}

extension Client {
    /// The blocks that a size has in an LBA format of the drive, which only a size in bytes needs to know.
    fileprivate func blocks(
        _ size: NamespaceSize,
        format: UInt8,
        of target: Target
    ) async throws -> UInt64 {
        guard case .bytes = size else { return size.blocks(of: 1) }
        let reply = try await call(
            target.controller.path,
            "Controller1",
            "Identify",
            [UInt8(0), UInt32.max, VariantDictionary()]
        )
        let common = try IdentifyNamespace(data: try reply.read([UInt8].self))
        let formats = Array(common.supportedFormats)
        guard formats.indices.contains(Int(format)), let block = formats[Int(format)].dataSize
        else {
            throw Failure(.usage, "The drive has no LBA format \(format); it has \(formats.count).")
        }
        return size.blocks(of: UInt64(block))
    }
}
