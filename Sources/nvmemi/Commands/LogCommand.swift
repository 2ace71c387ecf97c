import ArgumentParser
import DBus
import EventLoop
import NVMeMI

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Read a log page of a controller.",
        usage: "nvmemi log <controller> [<log>] [options]",
        discussion: """
            Without LOG, the log pages that the drive has are listed. LOG is the name of one that is \
            decoded:
            \(LogName.help)
            in any spelling, or one of error, smart, firmware, self-test and sanitize for short; or the \
            number of any log page, whose bytes are then written.

            --hex, --raw and --output write the bytes instead of what they mean.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var binary: BinaryOptions
    @OptionGroup var selection: LogSelection

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Argument(
        help: "The log: a name or a log page number.",
        completion: .list(LogName.all),
        transform: LogName.parse
    )
    var log: LogName?

    @Option(help: "How many entries of the error log.", transform: Number.parse)
    var entries: UInt32 = 16

    @Option(
        help: "How many bytes to read; needed for logs whose size the daemon does not know.",
        transform: Number.parse
    )
    var length: UInt32?

    @Option(help: "First byte to read.", transform: Number.parse)
    var offset: UInt64?

    func run() throws {
        let command = self
        try options.perform { client, output in
            let path = try await client.controller(command.controller).path
            switch command.log {
            case nil:
                try await SupportedLogs.show(of: path, client, output)
            case .named(let name)? where !command.binary.wantsBytes:
                let datum = try await Progress.show("Reading") {
                    try await command.decoded(name, of: path, client)
                }
                try output.show(datum) { $0.lines(datum.without("RawData")) }
            case let log?:
                try await command.writeBytes(log, of: path, client, output)
            }
        }
    }

    @LoopActor
    private func decoded(
        _ name: String,
        of path: String,
        _ client: Client
    ) async throws -> Datum {
        // What has a method of its own, with the names that it has always had.
        switch LogName.page(named: name)?.rawValue {
        case 0x01:
            return try await client.dictionaries(path, "Controller1", "GetErrorLog", entries)
        case 0x02 where selection.isDefault:
            return try await client.dictionary(path, "Controller1", "GetSmartLog")
        case 0x03:
            return try await client.dictionary(path, "Controller1", "GetFirmwareLog")
        default:
            return try await client.dictionary(
                path,
                "Controller1",
                "GetLog",
                name,
                selection.named
            )
        }
    }

    @LoopActor
    private func writeBytes(
        _ log: LogName,
        of path: String,
        _ client: Client,
        _ output: Output
    ) async throws {
        guard let page = log.page?.rawValue else {
            throw Failure(.usage, "There is no log \(log.text); see `nvmemi log --help`.")
        }
        var options = selection.raw
        if let length { options.set("length", length) }
        if let offset { options.set("offset", offset) }
        let (nsid, wanted) = (selection.nsid ?? 0xffff_ffff, options)
        if let file = binary.output {
            let descriptor = try FileDescriptor.create(file)
            let handle = FileDescriptorHandle(adopting: descriptor.number)
            do {
                try await Progress.show(
                    "Reading",
                    done: { Quantity.scaled(Double(descriptor.size), "B") }
                ) {
                    _ = try await client.call(
                        path,
                        "Controller1",
                        "ReadLogTo",
                        [page, nsid, handle, wanted]
                    )
                }
                return
            } catch let error as DBusError where error.isStandard("UnknownMethod") {
                // A daemon without it: the bytes come to us, which large logs are too large for.
            }
        }
        let bytes = try await Progress.show("Reading") {
            try await client.call(path, "Controller1", "GetLogPage", [page, nsid, wanted])
                .read([UInt8].self)
        }
        try binary.write(bytes, to: output)
    }
}
