import DBus
import EventLoop
import Glibc
import Logging
import MCTP
import NVMeMIBridge

import struct EventLoop.Signal

/// nvmemid: takes its options and its configuration, connects the bridge to the bus and to MCTP, and
/// ends when it is told to.
@main
enum Daemon {
    /// The exit status.
    enum Exit: Int32 {
        case success = 0
        case failure = 1
        /// Called wrongly, or with a wrong configuration.
        case usage = 2
    }

    /// Why the daemon cannot start or go on.
    struct Failure: Error {
        let text: String
        let exit: Exit
    }

    static func main() {
        let options: Options
        do {
            options = try Options(CommandLine.arguments.dropFirst())
        } catch {
            TextFile.standardError.write("nvmemid: \(error.text)\n")
            exit(Exit.usage.rawValue)
        }
        switch options.action {
        case .printHelp: TextFile.standardOutput.write(Options.help)
        case .printVersion: TextFile.standardOutput.write("nvmemid \(Bridge.version)\n")
        case .printSampleConfiguration: TextFile.standardOutput.write(ConfigurationFile.sample)
        case .writeInterfaces(let directory):
            for (name, text) in LoopActor.assumeIsolated({ BridgeInterface.documents }) {
                let path = "\(directory)/\(name).xml"
                do {
                    try TextFile.write(text, to: path)
                } catch {
                    TextFile.standardError.write("nvmemid: \(error)\n")
                    exit(Exit.failure.rawValue)
                }
            }
        case .run:
            let outcome = Outcome()
            EventLoop.main.spawn {
                outcome.exit = await run(options)
                EventLoop.main.stop()
            }
            EventLoop.main.run()
            exit(LoopActor.assumeIsolated { outcome.exit.rawValue })
        }
    }

    @LoopActor
    private final class Outcome {
        var exit = Exit.success
        nonisolated init() {}
    }

    @LoopActor
    private static func run(_ options: Options) async -> Exit {
        var logger = Logger(label: "nvmemid") { _ in JournalLogHandler() }
        do {
            try await serve(options, &logger)
            return .success
        } catch let failure as Failure {
            logger.critical("\(failure.text)")
            return failure.exit
        } catch {
            logger.critical("\(error)")
            return .failure
        }
    }

    /// What the process is told from outside.
    private enum Notice: Sendable {
        case end(Signal)
        case reload
        case busLost
    }

    @LoopActor
    private static func serve(_ options: Options, _ logger: inout Logger) async throws {
        // Signals are taken from the start, so that none is lost; what they say waits in line.
        let (notices, line) = AsyncStream.makeStream(of: Notice.self)
        let signals = try SignalSet([.terminate, .interrupt, .hangUp]) { signal in
            line.yield(signal == .hangUp ? .reload : .end(signal))
        }
        defer { signals.close() }
        Signal.brokenPipe.ignore()

        let settings = try settings(for: options)
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        let transport = try transport(for: options)
        defer { transport.close() }
        let connection = try connection(for: options)
        defer { connection.close() }
        connection.onDisconnect = { line.yield(.busLost) }

        let bridge = Bridge(
            on: connection,
            over: transport,
            settings: settings,
            logger: logger,
            logLevel: logLevelControl
        )
        (transport as? DemuxTransport)?.onConnectionChange = { isConnected in
            if isConnected { bridge.carrierReturned() }
        }
        do {
            try await bridge.start()
        } catch let error as DBusError {
            throw Failure(text: "cannot start: \(error.message)", exit: .failure)
        }
        for await notice in notices {
            switch notice {
            case .end(let signal):
                logger.notice("told to end", metadata: ["signal": "\(signal)"])
                let hurry = EventLoop.main.spawn { [logger] in
                    for await case .end(let signal) in notices {
                        logger.notice("told to end at once", metadata: ["signal": "\(signal)"])
                        connection.objects.hurryDrain()
                    }
                }
                await bridge.stop()
                hurry.cancel()
                await hurry.value
                return
            case .reload:
                do {
                    let settings = try self.settings(for: options)
                    logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
                    bridge.apply(settings)
                    logger.notice("configuration read again")
                } catch let failure as Failure {
                    logger.error(
                        "configuration left as it was",
                        metadata: ["problem": "\(failure.text)"]
                    )
                }
            case .busLost:
                throw Failure(text: "the connection to the bus was lost", exit: .failure)
            }
        }
    }

    /// The level is one for all loggers, so any handler will do.
    private static let logLevelControl = LogLevelControl(
        get: { JournalLogHandler().logLevel.rawValue },
        set: { level in
            var handler = JournalLogHandler()
            handler.logLevel = Logger.Level(rawValue: level) ?? handler.logLevel
        }
    )

    /// The defaults, what the configuration file says, and what the options say on top of it.
    @LoopActor
    private static func settings(for options: Options) throws -> BridgeSettings {
        var settings = BridgeSettings()
        let path = options.configuration ?? Options.standardConfiguration
        do {
            settings = try ConfigurationFile.parse(try TextFile.read(path))
        } catch let error as ConfigurationError {
            throw Failure(text: "\(path): \(error)", exit: .usage)
        } catch let error as SystemCallError {
            // Only the standard file may be missing.
            guard options.configuration == nil, error.errno.rawValue == ENOENT else {
                throw Failure(text: "\(path): \(error)", exit: .usage)
            }
        }
        if let level = options.logLevel { settings.logLevel = level }
        return settings
    }

    @LoopActor
    private static func connection(for options: Options) throws -> Connection {
        let address: BusAddress =
            switch options.bus {
            case "system": .system
            case "session": .session
            default: .address(options.bus)
            }
        do {
            return try Connection.open(address)
        } catch {
            throw Failure(
                text: "no connection to the \(options.bus) bus: \(error.message)",
                exit: .failure
            )
        }
    }

    @LoopActor
    private static func transport(for options: Options) throws -> any Transport {
        do throws(TransportError) {
            switch options.carrier {
            case .kernel: return try KernelTransport()
            case .demux(let name): return DemuxTransport(name)
            }
        } catch {
            throw Failure(text: "no MCTP: \(error). \(error.advice)", exit: .failure)
        }
    }
}
