import DBus
import EventLoop
import Glibc
import Logging
import MCTP
import NVMeMIBridge

import struct EventLoop.Signal

/// The daemon at work: reads its configuration, connects the bridge to the bus and to MCTP, tells the service
/// manager how it is, and ends when it is told to.
@LoopActor
final class Service {
    /// What the process is told from outside.
    private enum Notice: Sendable {
        case end(Signal)
        case reload
        case busLost
    }

    private let options: Options
    private let source: SettingsSource
    private let manager = ServiceManager.ofProcess
    private var logger: Logger
    /// The task that reads the configuration again, while there is one.
    private var reload: Task<Void, Never>?
    /// Whether it was asked for another time since it began.
    private var isReloadWanted = false

    /// The daemon that options ask for, which does nothing yet.
    init(_ options: Options, _ logger: Logger) {
        self.options = options
        self.logger = logger
        source = SettingsSource(options: options)
    }

    /// Serves until the daemon is told to end.
    ///
    /// - Throws: `Daemon.Failure`, or why there are no signals.
    func run() async throws {
        // Signals are taken from the start, so that none is lost; what they say waits in line.
        let (notices, line) = AsyncStream.makeStream(of: Notice.self)
        let signals = try SignalSet([.terminate, .interrupt, .hangUp]) { signal in
            line.yield(signal == .hangUp ? .reload : .end(signal))
        }
        defer { signals.close() }
        Signal.brokenPipe.ignore()

        // Nobody is served yet, so it may wait for the file system.
        let settings = try source.settings()
        take(level: settings.logLevel)
        let transport = try transport()
        defer { transport.close() }
        let connection = try connection()
        defer { connection.close() }
        connection.onProblem = { [logger] in logger.error("\($0)") }
        connection.onDisconnect = { line.yield(.busLost) }

        let bridge = Bridge(
            on: connection,
            over: transport,
            settings: settings,
            logger: logger,
            log: logControl,
            memory: StateFile(options).memory(logger)
        )
        (transport as? DemuxTransport)?.onConnectionChange = { isConnected in
            bridge.carrierChanged(isConnected: isConnected)
        }
        do {
            try await bridge.start()
        } catch let error as DBusError {
            throw Daemon.Failure(text: "cannot start: \(error.message)", exit: .failure)
        }
        manager.tell(.ready)
        let watchdog = watch(over: connection)
        defer { watchdog?.cancel() }
        for await notice in notices {
            switch notice {
            case .end(let signal):
                logger.notice("told to end", metadata: ["signal": "\(signal)"])
                reload?.cancel()
                manager.tell(.stopping)
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
                startReload(of: bridge)
            case .busLost:
                throw Daemon.Failure(text: "the connection to the bus was lost", exit: .failure)
            }
        }
    }

    // MARK: The service manager's watchdog

    /// Feeds the watchdog, if there is one, as long as a call of our own takes its way: out to the bus, back
    /// to us, and out and back again with the answer.
    private func watch(over connection: Connection) -> Task<Void, Never>? {
        guard let interval = manager.watchdogInterval,
            let ourselves = try? BusName(connection.uniqueName)
        else { return nil }
        let watchdog = Watchdog(interval: interval, logger: logger) { limit in
            do {
                _ = try await connection.call(
                    destination: ourselves,
                    path: "/",
                    interface: "org.freedesktop.DBus.Peer",
                    member: "Ping",
                    timeout: limit
                )
            } catch let error as DBusError where error.isStandard("AccessDenied") {
                // A bus on which we may not call ourselves has answered at least.
            }
        } feed: { [manager] in
            manager.tell(.alive)
        }
        return EventLoop.main.spawn { await watchdog.run() }
    }

    // MARK: Settings

    /// Reads the configuration again; who asks for it while that goes on has it done once more.
    private func startReload(of bridge: Bridge) {
        isReloadWanted = true
        guard reload == nil else { return }
        reload = EventLoop.main.spawn {
            while self.isReloadWanted, !Task.isCancelled {
                self.isReloadWanted = false
                await self.readAgain(for: bridge)
            }
            self.reload = nil
        }
    }

    private func readAgain(for bridge: Bridge) async {
        manager.tell(.reloading)
        do {
            let deadline = EventLoop.main.now + SettingsSource.timeLimit
            let settings = try await source.settings(until: deadline)
            guard !Task.isCancelled else { return }
            take(level: settings.logLevel)
            bridge.apply(settings)
            logger.notice("configuration read again")
        } catch let failure as Daemon.Failure {
            logger.error(
                "configuration left as it was",
                metadata: ["problem": "\(failure.text)"]
            )
        } catch {
            // Told to end meanwhile.
            return
        }
        manager.tell(.ready)
    }

    private func take(level: String) {
        logger.logLevel = Logger.Level(rawValue: level) ?? .info
    }

    /// The level is one for all loggers, so any handler will do.
    private let logControl = LogControl(
        level: { JournalLogHandler().logLevel.rawValue },
        setLevel: { level in
            var handler = JournalLogHandler()
            handler.logLevel = Logger.Level(rawValue: level) ?? handler.logLevel
        },
        troubles: {
            let count = JournalLogHandler.troublesOfLastHour
            return LogControl.Troubles(warnings: count.warnings, errors: count.errors)
        }
    )

    // MARK: What the bridge stands on

    private func connection() throws -> Connection {
        let address: BusAddress =
            switch options.bus {
            case "system": .system
            case "session": .session
            default: .address(options.bus)
            }
        do {
            return try Connection.open(address)
        } catch {
            throw Daemon.Failure(
                text: "no connection to the \(options.bus) bus: \(error.message)",
                exit: .failure
            )
        }
    }

    private func transport() throws -> any Transport {
        do throws(TransportError) {
            switch options.carrier {
            case .kernel: return try KernelTransport()
            case .demux(let name): return DemuxTransport(name)
            }
        } catch {
            throw Daemon.Failure(text: "no MCTP: \(error). \(error.advice)", exit: .failure)
        }
    }
}
