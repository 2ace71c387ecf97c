import ArgumentParser
import Glibc

/// The command itself: its help, its subcommands, and how it ends.
struct CommandLineTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nvmemi",
        abstract: "Look after NVMe drives through their management interface (NVMe-MI).",
        usage: "nvmemi [options] <command> ...",
        discussion: """
            Talks to the daemon nvmemid on D-Bus; it never touches a drive itself.

            ENDPOINT names a drive's management endpoint in one of these ways:
              9                    endpoint ID, where only one network has it
              1:9                  network and endpoint ID
              "net 1 eid 9"        the same, as log lines write it
              S4AB                 serial number, or its beginning
              "Bay 3"              place, where the configuration or the machine tells it
              /xyz/…/endpoints/9   object path on the bus
            A controller behind it is named by its number after a slash: 1:9/2. Where none is named, \
            the first controller is taken. Numbers may be hexadecimal after 0x.

            ENVIRONMENT
              NVMEMI_BUS         the bus where --bus is not given
              NO_COLOR           when set, no colour

            EXIT STATUS
            \(ExitStatus.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))

            EXAMPLES
              nvmemi list
              nvmemi health 9
              nvmemi config set 9 SMBusFrequency 400kHz
              nvmemi identify 1:9/1 --cns 0x13 --hex
              nvmemi list --json | jq -r '.[].serial'
              nvmemi demo
            """,
        version: version,
        subcommands: [
            ListCommand.self, HealthCommand.self, StatusCommand.self, WatchCommand.self,
            HistoryCommand.self,
            FirmwareCommand.self, JobsCommand.self,
            ShowCommand.self, ConfigCommand.self,
            IdentifyCommand.self, SmartCommand.self, LogCommand.self, FeatureCommand.self,
            NamespaceCommand.self, EraseCommand.self, FormatCommand.self, SelfTestCommand.self,
            TelemetryCommand.self, SecurityCommand.self, VPDCommand.self, PortsCommand.self,
            ResetCommand.self, ShutdownCommand.self, PassthruCommand.self, StatisticsCommand.self,
            RecoverCommand.self, RescanCommand.self, ForgetCommand.self, PollCommand.self,
            LogLevelCommand.self,
            ReportCommand.self, CaptureCommand.self, DemoCommand.self,
        ]
    )

    static let version = "0.1.0"

    /// Options may stand before the subcommand too.
    @OptionGroup var options: GlobalOptions

    /// Runs the command that the arguments ask for.
    ///
    /// - Returns: The status to exit with.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            do {
                try checkName(arguments)
                var command = try parseAsRoot(arguments)
                try command.run()
                return ExitStatus.success.rawValue
            } catch let failure as Failure {
                complain(failure)
                return failure.status.rawValue
            } catch {
                return try end(error)
            }
        } catch {
            complain(error)
            return error.status.rawValue
        }
    }

    /// What argument-parser throws: wrong arguments, but also help, version and completion scripts.
    private static func end(_ error: any Error) throws(Failure) -> Int32 {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if let failure = Failure(unknownOption: text, of: Self.self) { throw failure }
        if !text.isEmpty {
            if text == version {
                try Output.standard(isJSON: false).write(lines: versions())
            } else if code.isSuccess {
                try Output.standard(isJSON: false)
                    .write(
                        lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(
                            String.init
                        )
                    )
            } else {
                // One style for all that goes wrong.
                let own = "Error: "
                Descriptor.complain(
                    text.hasPrefix(own) ? "nvmemi: " + text.dropFirst(own.count) : text
                )
            }
        }
        return code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue
    }

    /// Help for a command that there is not would be that for all, and an error about an argument for one that is
    /// called.
    private static func checkName(_ arguments: [String]) throws(Failure) {
        // Options of all commands may stand before it. Every other one is the parser's own, as that for completion
        // scripts, and what follows it is no command.
        var words = arguments[...]
        while let option = words.first, option.hasPrefix("-") {
            switch option.prefix(while: { $0 != "=" }) {
            case option where ["--bus", "--timeout"].contains(option): words = words.dropFirst(2)
            case "--bus", "--timeout", "--json": words = words.dropFirst()
            default: return
            }
        }
        if words.first == "help" { words = words.dropFirst() }
        guard let name = words.first, !name.hasPrefix("-") else { return }
        let known = configuration.subcommands.compactMap { $0.configuration.commandName }
        if !known.contains(name) {
            // The beginning of one, or one with a slip.
            let begun = known.filter { $0.hasPrefix(name) }
            let near = known.filter { $0.distance(to: name) <= max(1, name.count / 4) }
            let proposals = begun.isEmpty ? near : begun
            throw Failure(
                .usage,
                "There is no command “\(name)”."
                    + (proposals.isEmpty
                        ? "" : " Did you mean \(proposals.joined(separator: " or "))?"),
                advice: "There are: " + known.joined(separator: ", ")
            )
        }
    }

    /// The version of this command, and that of the daemon where there is one.
    private static func versions() -> [String] {
        var options = GlobalOptions()
        options.json = false
        options.timeout = 1
        options.bus = EndpointCompletion.bus(in: CommandLine.arguments)
        let address = options.address
        let daemon = try? runOnLoop {
            let client = try Client.connect(to: address, timeout: .seconds(1))
            defer { client.close() }
            guard try await client.isDaemonThere() else { return String?.none }
            return try await BridgeStatus(client).version
        }
        return ["nvmemi \(version)"] + (daemon.flatMap { $0 }.map { ["nvmemid \($0)"] } ?? [])
    }

    private static func complain(_ failure: Failure) {
        Descriptor.complain("nvmemi: " + Columns.printable(failure.message))
        if let advice = failure.advice { Descriptor.complain("  " + advice) }
    }
}
