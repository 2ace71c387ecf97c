import ArgumentParser
import DBus
import EventLoop
import Glibc

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Bring up simulated drives and the daemon on a bus of their own.",
        usage: "nvmemi demo [--drives <drives>] [--quiet] [-- <command> ...]",
        discussion: """
            Starts a private dbus-daemon, the simulator nvmemi-sim (which also stands in for mctpd) and \
            nvmemid, and says what it starts. Needs no privileges, no MCTP in the kernel and no drive. \
            The programs are looked for beside this one, then in its installation.

            The drives are alive: they warm up and cool down, the second until it is too warm, the third \
            is worn, and the last is pulled once a minute and comes back. --still, or a COMMAND, leaves \
            them alone.

            With COMMAND, it is run with the bus in NVMEMI_BUS and DBUS_SYSTEM_BUS_ADDRESS, and its exit \
            status is the one of the demo; when it fails, the programs' logs are shown. Without, the \
            bus stays until Ctrl-C.

            EXAMPLES
              nvmemi demo
              nvmemi demo -- nvmemi list
              nvmemi demo --drives 8 -- bash
            """
    )

    @Option(help: "How many drives.")
    var drives = 4

    @Flag(help: "Say nothing of what is started.")
    var quiet = false

    @Flag(help: "Have nothing happen to the drives.")
    var still = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("A program to run on the bus, with its arguments.", valueName: "command")
    )
    var command: [String] = []

    func validate() throws {
        guard (1...64).contains(drives) else {
            throw ValidationError("--drives takes a number from 1 to 64.")
        }
    }

    func run() throws {
        let programs = try DemoSystem.Programs.find()
        let (drives, command, quiet) = (drives, command, quiet)
        let isAlive = !still && command.isEmpty
        let status = try runOnLoop {
            let system = try DemoSystem { line in
                if !quiet { Descriptor.complain(line) }
            }
            let work = EventLoop.main.spawn {
                try await system.start(programs, drives: drives)
                let life = EventLoop.main.spawn {
                    if isAlive { try await system.live(drives: drives) }
                }
                defer { life.cancel() }
                return try await command.isEmpty
                    ? system.stay(isAlive: isAlive) : system.run(command, programs: programs.own)
            }
            let signals = try SignalSet([.interrupt, .terminate, .hangUp]) { signal in
                // The terminal has interrupted the command too; whether that ends it is its own affair.
                if signal != .interrupt || !system.isRunningCommand { work.cancel() }
            }
            defer { signals.close() }
            let result = await work.result
            let logs = system.logs()
            await system.stop()
            switch result {
            case .success(let status):
                if status != 0 { Descriptor.complain(logs) }
                return status
            case .failure where work.isCancelled:
                return command.isEmpty ? 0 : 128 + SIGTERM
            case .failure(let error):
                Descriptor.complain(logs)
                throw error
            }
        }
        throw ExitCode(status)
    }
}

extension DemoSystem {
    /// Says how to use the bus, and stays until someone interrupts or a program ends by itself.
    fileprivate func stay(isAlive: Bool) async throws -> Int32 {
        let output = Output.standard(isJSON: false)
        let client = try Client.connect(to: .address(address), timeout: .seconds(10))
        defer { client.close() }
        let table = DriveTable(try await client.inventory().summaries)
        try output.write(
            lines: table.lines(
                Report(width: output.width, style: output.style, glyphs: output.glyphs)
            )
        )
        let own = CommandLine.arguments[0]
        let simulator = own.hasSuffix("nvmemi") ? own + "-sim" : "nvmemi-sim"
        var lines = [
            "", "Ready. In another terminal:", "",
            "  export NVMEMI_BUS=\(address) DBUS_SYSTEM_BUS_ADDRESS=\(address)",
            "  \(own) watch --table", "  \(own) health",
            "  \(simulator) control heat 1 81", "  \(simulator) control mute 1",
            "  busctl tree \(Client.busName)", "",
        ]
        if isAlive {
            lines.append(
                "The second drive gets too warm, the third is worn, the last is pulled in a while."
            )
        }
        lines.append("Ctrl-C ends it.")
        try output.write(lines: lines)
        let ended = try await waitForEnd()
        Descriptor.complain("nvmemi: \(ended) has ended by itself.")
        return ExitStatus.failed.rawValue
    }
}

extension DemoSystem.Programs {
    /// The programs beside this one, as a build leaves them, or where an installation puts them.
    nonisolated static func find() throws(Failure) -> DemoSystem.Programs {
        let resolved = realpath("/proc/self/exe", nil)
        defer { free(resolved) }
        let own = resolved.map { String(cString: $0) } ?? ""
        let beside = own.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let directories = [beside, "\(beside)/../libexec/nvme-mi-bridge"]
        func find(_ name: String) throws(Failure) -> String {
            for directory in directories where access("\(directory)/\(name)", X_OK) == 0 {
                return "\(directory)/\(name)"
            }
            throw Failure(
                .failed,
                "\(name) is not beside nvmemi (\(beside)).",
                advice: "Build it (swift build), or install it (dbus/install --simulator)."
            )
        }
        return .init(own: beside, simulator: try find("nvmemi-sim"), daemon: try find("nvmemid"))
    }
}
