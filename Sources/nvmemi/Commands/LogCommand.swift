import ArgumentParser
import DBus
import EventLoop

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Read a log page of a controller.",
        usage: "nvmemi log <controller> <log> [options]",
        discussion: """
            LOG is one of the logs that the daemon decodes (self-test and sanitize not yet in version \
            0.1.0 of it):
              error      the latest errors, the newest first
              smart      SMART / health information
              firmware   what the firmware slots hold
              self-test  results of the latest device self-tests
              sanitize   state of the last sanitize operation
            or the number of any log page, whose bytes are then written.

            --output FILE writes the bytes into the file.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var binary: BinaryOptions

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Argument(
        help: "The log: a name or a log page number.",
        completion: .list(DecodedLog.allCases.map(\.rawValue))
    )
    var log: LogName

    @Option(help: "Namespace ID, for logs that have one for each.", transform: Number.parse)
    var nsid: UInt32 = 0xffff_ffff

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
            if case .decoded(let log) = command.log, !command.binary.wantsBytes {
                try output.show(try await log.read(path, entries: command.entries, client))
            } else {
                try await command.writeBytes(of: path, client, output)
            }
        }
    }

    @LoopActor
    private func writeBytes(of path: String, _ client: Client, _ output: Output) async throws {
        var options = VariantDictionary()
        if let length { options.set("length", length) }
        if let offset { options.set("offset", offset) }
        if let file = binary.output {
            let handle = FileDescriptorHandle(adopting: try FileDescriptor.create(file).number)
            do {
                _ = try await client.call(
                    path,
                    "Controller1",
                    "ReadLogTo",
                    [log.page, nsid, handle, options]
                )
                return
            } catch let error as DBusError where error.isStandard("UnknownMethod") {
                // A daemon without it: the bytes come to us, which large logs are too large for.
            }
        }
        let reply = try await client.call(
            path,
            "Controller1",
            "GetLogPage",
            [log.page, nsid, options]
        )
        try binary.write(try reply.read([UInt8].self), to: output)
    }
}

/// A log that the daemon decodes.
enum DecodedLog: String, CaseIterable {
    case error, smart, firmware
    case selfTest = "self-test"
    case sanitize

    var page: UInt8 {
        switch self {
        case .error: 0x01
        case .smart: 0x02
        case .firmware: 0x03
        case .selfTest: 0x06
        case .sanitize: 0x81
        }
    }

    @LoopActor
    func read(_ path: String, entries: UInt32, _ client: Client) async throws -> Datum {
        switch self {
        case .error: try await client.dictionaries(path, "Controller1", "GetErrorLog", entries)
        case .smart: try await client.dictionary(path, "Controller1", "GetSmartLog")
        case .firmware: try await client.dictionary(path, "Controller1", "GetFirmwareLog")
        case .selfTest: try await client.dictionaries(path, "Controller1", "GetSelfTestLog")
        case .sanitize: try await client.dictionary(path, "Controller1", "GetSanitizeStatus")
        }
    }
}

/// What a person writes to name a log.
enum LogName: ExpressibleByArgument {
    case decoded(DecodedLog)
    case page(UInt8)

    init?(argument: String) {
        if let log = DecodedLog(rawValue: argument) {
            self = .decoded(log)
        } else if let page = UInt8(number: argument) {
            self = .page(page)
        } else {
            return nil
        }
    }

    var page: UInt8 {
        switch self {
        case .decoded(let log): log.page
        case .page(let page): page
        }
    }
}
