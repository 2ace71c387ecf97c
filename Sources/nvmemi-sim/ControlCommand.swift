internal import ArgumentParser
internal import DBus
internal import EventLoop
internal import Glibc
internal import NVMeMISimulator

/// What happens to simulated drives while they run, from the command line.
struct ControlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control",
        abstract: "Have something happen to the drives of a running simulator (--control).",
        usage: "nvmemi-sim control <deed> [<drive>] [<value>] [--bus <bus>]",
        discussion: """
            DRIVE is its number, as `nvmemi-sim control list` shows it, its serial number or its endpoint \
            ID. The deeds:
            \(Deed.allCases.map { "  \($0.line)" }.joined(separator: "\n"))

            The bus is --bus, else NVMEMI_BUS, else the system bus. Everything else that can be had is a \
            method of the interfaces Simulator1 and SimulatedDrive1 (`busctl introspect \
            xyz.openbmc_project.NVMeMI.Simulator /xyz/openbmc_project/nvme_mi/simulator`).

            Exit status:
            \(ExitStatus.list)

            Examples:
              nvmemi-sim control heat SIM00000001 81
              nvmemi-sim control mute 2
              nvmemi-sim control plug m2
            """
    )

    /// One thing that can happen.
    enum Deed: String, CaseIterable, ExpressibleByArgument {
        case list, heat, wear, spare, warn, mute, fault, heal, reset, disconnect, connect, pull,
            plug

        /// How it is called, and what it does.
        var line: String {
            switch self {
            case .list: "list                    show the drives and what is the matter with them"
            case .heat: "heat DRIVE CELSIUS      set its temperature"
            case .wear: "wear DRIVE PERCENT      set how much of its life is used"
            case .spare: "spare DRIVE PERCENT     set its available spare"
            case .warn: "warn DRIVE BITS         set its critical warnings; 0x08 can only be read"
            case .mute: "mute DRIVE              have it answer nothing"
            case .fault: "fault DRIVE NAME        put a fault in force; see --describe faults"
            case .heal: "heal DRIVE              end its faults"
            case .reset: "reset DRIVE             reset it; it loses its endpoint IDs"
            case .disconnect: "disconnect DRIVE        let nothing through; mctpd says Degraded"
            case .connect: "connect DRIVE           let messages through again"
            case .pull: "pull DRIVE              pull it out"
            case .plug: "plug MODEL              plug one in; see --describe models"
            }
        }

        /// Whether a value follows the drive.
        var takesValue: Bool {
            switch self {
            case .heat, .wear, .spare, .warn, .fault: true
            default: false
            }
        }
    }

    @Argument(help: "What is to happen.")
    var deed: Deed

    @Argument(help: "The drive: number, serial number or endpoint ID; for plug a model.")
    var drive: String?

    @Argument(help: "A number, or the name of a fault.")
    var value: String?

    @OptionGroup var place: BusOption

    func validate() throws {
        if deed != .list, drive == nil {
            throw ValidationError("\(deed.rawValue) needs more: \(deed.line)")
        }
        if deed.takesValue != (value != nil) {
            throw ValidationError("\(deed.rawValue) is called so: \(deed.line)")
        }
    }

    func run() throws {
        let command = self
        let result = Box()
        EventLoop.main.spawn {
            do {
                result.value = .success(try await command.perform())
            } catch {
                result.value = .failure(error)
            }
            EventLoop.main.stop()
        }
        EventLoop.main.run()
        switch LoopActor.assumeIsolated({ result.value }) {
        case .success(let text)?: Output.write(text, to: STDOUT_FILENO)
        case .failure(let error as ValidationError)?: throw error
        case .failure(let error)?: throw Failure(error)
        case nil: throw Failure(.failed, "the event loop ended before the work did")
        }
    }

    @LoopActor
    private final class Box {
        var value: Result<String, any Error>?
        nonisolated init() {}
    }

    @LoopActor
    private func perform() async throws -> String {
        let remote = try RemoteSimulator(bus: place.bus)
        defer { remote.close() }
        if deed == .list { return try await remote.list() }
        let name = drive ?? ""
        if deed == .plug {
            return try await remote.plug(model: name) + "\n"
        }
        let path = try await remote.drive(name)
        switch deed {
        case .heat: try await remote.call(path, "SetTemperature", Int16(try number(-60...127)))
        case .wear: try await remote.call(path, "SetPercentageUsed", UInt8(try number(0...255)))
        case .spare: try await remote.call(path, "SetAvailableSpare", UInt8(try number(0...100)))
        case .warn: try await remote.call(path, "SetCriticalWarning", UInt8(try number(0...255)))
        case .mute: try await remote.call(path, "SetFault", "mute", VariantDictionary())
        case .fault:
            try await remote.call(path, "SetFault", value ?? "", VariantDictionary())
        case .heal: try await remote.call(path, "ClearFaults")
        case .reset: try await remote.call(path, "Reset")
        case .disconnect: try await remote.call(path, "Disconnect")
        case .connect: try await remote.call(path, "Reconnect")
        case .pull: try await remote.pull(path)
        case .list, .plug: break
        }
        return ""
    }

    private func number(_ range: ClosedRange<Int>) throws -> Int {
        let text = value ?? ""
        let number =
            text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
        guard let number, range.contains(number) else {
            throw ValidationError(
                "\(deed.rawValue): “\(text)” is not a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }
}
