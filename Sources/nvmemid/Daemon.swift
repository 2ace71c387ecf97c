import EventLoop
import Glibc
import Logging
import NVMeMIBridge

/// nvmemid: takes its options, and does what they say.
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
        case .checkConfiguration:
            do {
                TextFile.standardOutput.write(try SettingsSource(options: options).text())
            } catch {
                TextFile.standardError.write("nvmemid: \(error.text)\n")
                exit(error.exit.rawValue)
            }
        case .keepState:
            do {
                try StateFile(options).keepStandardInput()
            } catch {
                TextFile.standardError.write("nvmemid: \(error.text)\n")
                exit(Exit.failure.rawValue)
            }
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
            Heap.returnLargeBlocks()
            let outcome = Outcome()
            EventLoop.main.takeGlobalJobs()
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
        let logger = Logger(label: "nvmemid") { _ in JournalLogHandler() }
        defer { JournalLogHandler.tellLeftOut(isEnd: true) }
        do {
            try await Service(options, logger).run()
            return .success
        } catch let failure as Failure {
            logger.critical("\(failure.text)")
            return failure.exit
        } catch {
            logger.critical("\(error)")
            return .failure
        }
    }
}
