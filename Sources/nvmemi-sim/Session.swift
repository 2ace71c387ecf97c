internal import EventLoop
internal import Glibc
internal import NVMeMIDevice
internal import NVMeMISimulator

/// A run of the simulator from its start to the signal that ends it.
@LoopActor
enum Session {
    /// Why the run ended, when it was not for a signal.
    static var failure: String?

    static func run(
        _ options: Simulator.Options,
        _ entries: [DescriptionFile.Entry]
    ) async throws {
        let ended = Promise<Void>()
        do {
            let signals = try SignalSet([.terminate, .interrupt]) { _ in ended.resolve() }
            let simulator = try await Simulator(options, drives: entries)
            simulator.onDisconnect = {
                failure = "the bus has gone away"
                ended.resolve()
            }
            Output.write(readyLine(simulator, options), to: STDOUT_FILENO)
            try await ended.value
            simulator.close()
            signals.close()
        } catch {
            failure = "\(error)"
        }
    }

    /// One line with what a script wants to know.
    private static func readyLine(
        _ simulator: Simulator,
        _ options: Simulator.Options
    ) -> String {
        var words = ["ready", "drives=\(simulator.network.drives.count)"]
        let endpoints = simulator.network.drives.flatMap(\.endpoints)
        words.append(
            "endpoints="
                + endpoints.map { "\($0.network):\($0.identifier)" }.joined(separator: ",")
        )
        if let address = options.demultiplexer { words.append("demux=\(address)") }
        if options.standsInForMctpd { words.append("mctpd=au.com.codeconstruct.MCTP1") }
        if options.hasControlInterface { words.append("control=\(ControlInterface.service)") }
        let terminals = endpoints.compactMap { endpoint in
            endpoint.terminal.map { path in
                "\(path)" + (endpoint.networkInterface.map { ":" + $0 } ?? "")
            }
        }
        if !terminals.isEmpty { words.append("pty=" + terminals.joined(separator: ",")) }
        return words.joined(separator: " ") + "\n"
    }
}
