internal import ArgumentParser
internal import DBus
internal import EventLoop
internal import Glibc
internal import MCTP
internal import NVMeMIDevice
internal import NVMeMISimulator

/// The command line of the simulator.
struct SimulatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nvmemi-sim",
        abstract: "Simulated NVMe drives that speak NVMe-MI over MCTP.",
        discussion: """
            Prints one line that begins with "ready" when everything is up, and ends with exit \
            status 0 on SIGTERM and SIGINT.

            With --control, something can happen to the drives while they run: `nvmemi-sim control --help` \
            has verbs to heat, mute, pull and plug them. All that there is, drives being plugged, pulled, \
            swapped, reset, interrupted and given faults, the carrier being stalled, and the stand-in for mctpd being stopped, started (also \
            empty), told what to refuse and asked what it was asked, is in `busctl introspect --xml-interface \
            xyz.openbmc_project.NVMeMI.Simulator /xyz/openbmc_project/nvme_mi/simulator`, and the \
            same for /drives/1 below it.

            Exit status:
            \(ExitStatus.list)

            Examples:
              nvmemi-sim --bus session --mctpd --demux @mctp-mux --drives 4
              nvmemi-sim --bus session --mctpd --control --pty --model m2
              nvmemi-sim --demux /run/mux --file drives.conf
              nvmemi-sim --demux mux --fault slow,opcode=0x06,delay-ms=300
              nvmemi-sim --attach-kernel --set temperature=71
              nvmemi-sim --describe keys
              nvmemi-sim --describe firmware
              nvmemi-sim control heat 1 81
            """,
        version: "nvmemi-sim 0.1.0",
        subcommands: [ControlCommand.self]
    )

    @OptionGroup var place: BusOption

    @Flag(help: "Stand in for mctpd on the bus.")
    var mctpd = false

    @Flag(help: "Publish the control interface on the bus.")
    var control = false

    @Option(
        help: ArgumentHelp(
            "Listen as libmctp's mctp-demux-daemon; a value with a slash is a path.",
            valueName: "name|path"
        )
    )
    var demux: String?

    @Flag(help: "Open a terminal for each endpoint that speaks MCTP over serial.")
    var pty = false

    @Flag(
        help: "As --pty, and have the kernel make an MCTP network device of each terminal."
    )
    var attachKernel = false

    @Option(help: "Number of drives; 1 unless a file has some.")
    var drives: UInt16?

    @Option(help: "Model of the drives; see --describe models.")
    var model = DriveDescription.models[0].name

    @Option(
        help: ArgumentHelp(
            "Change the drives of --drives; see --describe keys.",
            valueName: "key=value"
        )
    )
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            "Put a fault in force on the drives of --drives; see --describe faults.",
            valueName: "name[,option=value…]"
        )
    )
    var fault: [String] = []

    @Option(help: ArgumentHelp("Read drives from a file as well.", valueName: "path"))
    var file: String?

    @Option(help: ArgumentHelp("First endpoint identifier given out.", valueName: "eid"))
    var firstEid: UInt8 = 9

    @Option(help: ArgumentHelp("Endpoint identifier of the machine itself.", valueName: "eid"))
    var ownEid: UInt8 = 8

    @Option(help: ArgumentHelp("MCTP network of the drives.", valueName: "id"))
    var network: UInt32 = 1

    @Option(
        help: ArgumentHelp(
            "Time between the three polls of mctpd's Recover.",
            valueName: "milliseconds"
        )
    )
    var recoverInterval: UInt32 = 2_500

    @Option(help: "Print what there is to choose from, and end.")
    var describe: Subject?

    enum Subject: String, ExpressibleByArgument, CaseIterable {
        case models, keys, faults, firmware
    }

    func validate() throws {
        for (name, identifier) in [("--first-eid", firstEid), ("--own-eid", ownEid)]
        where !(8...254).contains(identifier) {
            throw ValidationError("\(name) is not in 8…254")
        }
        guard describe == nil else { return }
        if demux != nil, demuxAddress == nil {
            throw ValidationError("--demux is empty or longer than a socket address can be")
        }
    }

    func run() throws {
        if let describe {
            Output.write(Descriptions.text(describe), to: STDOUT_FILENO)
            return
        }
        // Not when arguments are validated: a subcommand has others.
        guard mctpd || control || demux != nil || pty || attachKernel else {
            throw ValidationError(
                "without --mctpd, --control, --demux or --pty nobody could reach the drives"
            )
        }
        let options = self.options
        let entries = try self.entries
        let outcome = EventLoop.main.spawn { () async throws in
            try await Session.run(options, entries)
        }
        EventLoop.main.spawn {
            _ = await outcome.result
            EventLoop.main.stop()
        }
        EventLoop.main.run()
        if let message = LoopActor.assumeIsolated({ Session.failure }) {
            throw Failure(.failed, message)
        }
    }

    private var options: Simulator.Options {
        var options = Simulator.Options()
        switch place.bus ?? "system" {
        case "system": options.bus = .system
        case "session": options.bus = .session
        case let address: options.bus = .address(address)
        }
        options.standsInForMctpd = mctpd
        options.recoverInterval = .milliseconds(Int64(recoverInterval))
        options.hasControlInterface = control
        options.demultiplexer = demuxAddress
        options.hasTerminals = pty
        options.attachesKernel = attachKernel
        options.network = network
        options.firstIdentifier = firstEid
        options.ownIdentifier = ownEid
        return options
    }

    private var demuxAddress: DemuxAddress? {
        // A name without a slash is abstract even without the sign for it.
        demux.flatMap { DemuxAddress($0.hasPrefix("@") || $0.contains("/") ? $0 : "@" + $0) }
    }

    private var entries: [DescriptionFile.Entry] {
        get throws {
            var entries: [DescriptionFile.Entry] = []
            if let file {
                do {
                    entries = try DescriptionFile(try Input.text(of: file)).entries
                } catch let error as DescriptionError {
                    throw ValidationError("\(file): \(error)")
                }
            }
            let count = drives ?? (file == nil ? 1 : 0)
            guard count > 0 else { return entries }
            entries.append(try template(copies: count))
            return entries
        }
    }

    private func template(copies: UInt16) throws -> DescriptionFile.Entry {
        do {
            var entry = DescriptionFile.Entry(drive: try DriveDescription.model(named: model))
            entry.copies = copies
            for setting in set {
                guard let sign = setting.firstIndex(of: "=") else {
                    throw ValidationError("--set \(setting): not of the form key=value")
                }
                let key = String(setting[..<sign])
                if key == "serial-number" { entry.hasSerialNumber = true }
                try entry.drive.set(key, to: String(setting[setting.index(after: sign)...]))
            }
            for text in fault { entry.faults.append(try Fault(parsing: text)) }
            return entry
        } catch let error as ValueError {
            throw ValidationError(error.reason)
        }
    }
}
