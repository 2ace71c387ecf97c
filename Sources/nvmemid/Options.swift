import MCTP
import NVMeMIBridge

/// What nvmemid was called with.
struct Options: Equatable {
    enum Carrier: Equatable {
        /// AF_MCTP sockets.
        case kernel
        /// The socket of libmctp's mctp-demux-daemon: an abstract name, or a path.
        case demux(DemuxAddress)
    }

    enum Action: Equatable {
        case run
        case printHelp
        case printVersion
        case printSampleConfiguration
        /// Prints the configuration file, if it is right.
        case checkConfiguration
        /// Keeps standard input in the file of the state.
        case keepState
        /// Writes the interfaces' XML files into a directory.
        case writeInterfaces(String)
    }

    /// A call that cannot be understood.
    struct Problem: Error, Equatable {
        let text: String
    }

    static let standardConfiguration = "/etc/nvmemid.conf"

    var action = Action.run
    var bus = "system"
    var carrier = Carrier.kernel
    /// The configuration file; nil takes the standard one, which may be missing.
    var configuration: String?
    /// Where is kept which drives there are; nil takes the folder that the service manager gives, if it does.
    var state: String?
    /// Overrides the configuration's.
    var logLevel: String?

    static let help = """
        Usage: nvmemid [options]

        Publishes the NVMe-MI endpoints that mctpd knows on D-Bus.

          --bus system|session|ADDRESS    the bus to be on (system)
          --transport kernel|demux[:NAME] AF_MCTP sockets, or the socket of libmctp's
                                          mctp-demux-daemon: an abstract name, or a path
                                          that begins with / (kernel; demux: mctp-mux)
          --config FILE                   the configuration file (/etc/nvmemid.conf)
          --state FILE                    where is kept which drives there are, so that those that
                                          are missing after a start are told ($STATE_DIRECTORY/
                                          drives; without either nothing is kept)
          --log-level LEVEL               error, warning, notice, info, debug or trace;
                                          overrides the configuration's
          --write-interfaces DIRECTORY    write the D-Bus interfaces as XML files and end
          --print-configuration           print a configuration file with every key and end
          --check-configuration           print the configuration file and end; with 2 and
                                          what is wrong, if it is
          --keep-state                    keep what is read from standard input as the state, and end
          --version                       print the version and end
          --help                          print this and end

        Signals: TERM and INT end it when open calls are answered; HUP has it read the
        configuration again. It exits with 0 when it was told to end, with 1 when the bus
        was lost or its name is taken, and with 2 when it was called wrongly or its
        configuration is wrong.

        """

    init(_ arguments: some Sequence<String>) throws(Problem) {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts.first ?? "")
            let attached = parts.count == 2 ? String(parts[1]) : nil
            switch name {
            case "--help", "-h": action = .printHelp
            case "--version": action = .printVersion
            case "--print-configuration": action = .printSampleConfiguration
            case "--check-configuration": action = .checkConfiguration
            case "--keep-state": action = .keepState
            case "--state": state = try Self.value(of: name, attached, &rest)
            case "--bus": bus = try Self.value(of: name, attached, &rest)
            case "--config": configuration = try Self.value(of: name, attached, &rest)
            case "--transport": carrier = try Self.carrier(Self.value(of: name, attached, &rest))
            case "--write-interfaces":
                action = .writeInterfaces(try Self.value(of: name, attached, &rest))
            case "--log-level":
                let level = try Self.value(of: name, attached, &rest)
                guard BridgeSettings.logLevels.contains(level) else {
                    throw Problem(
                        text: "--log-level is '\(level)'; it takes "
                            + BridgeSettings.logLevels.joined(separator: ", ")
                    )
                }
                logLevel = level
            default:
                throw Problem(text: "unknown argument '\(argument)'; see nvmemid --help")
            }
        }
    }

    private static func value(
        of name: String,
        _ attached: String?,
        _ rest: inout ArraySlice<String>
    ) throws(Problem) -> String {
        guard let value = attached ?? rest.popFirst(), !value.isEmpty else {
            throw Problem(text: "\(name) needs a value; see nvmemid --help")
        }
        return value
    }

    private static func carrier(_ text: String) throws(Problem) -> Carrier {
        if text == "kernel" { return .kernel }
        if text == "demux" { return .demux(.standard) }
        if text.hasPrefix("demux:") {
            let name = text.dropFirst("demux:".count)
            let isPlain = !name.isEmpty && !name.hasPrefix("/") && !name.hasPrefix("@")
            if let address = DemuxAddress((isPlain ? "@" : "") + name) { return .demux(address) }
        }
        throw Problem(text: "--transport is '\(text)'; it takes kernel, demux or demux:NAME")
    }
}
