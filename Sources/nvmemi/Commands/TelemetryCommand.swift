import ArgumentParser
import DBus
import EventLoop
import Glibc

struct TelemetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telemetry",
        abstract: "Save telemetry, or the persistent events, of a drive as of one time.",
        usage: "nvmemi telemetry <controller> <file> [--log <log>] [--area <n>] [options]",
        discussion: """
            --log takes:
              host           what the controller collects now
              controller     what the controller has collected by itself
              events         the persistent event log; --force takes it from somebody else who reads it

            JSON: an object with the job's result: Bytes, GenerationNumber and others.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var job: JobOptions
    @OptionGroup var insistence: Insistence

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @Option(help: "Which log.")
    var log: Log = .host

    @Option(help: "The last data area, 1 to 4; all without.", transform: Number.parse)
    var area: UInt8?

    @Flag(help: "Let the controller replace afterwards what it has collected by itself.")
    var acknowledge = false

    /// Which log, as a person says it.
    enum Log: String, ExpressibleByArgument, CaseIterable, Sendable {
        case host
        case controller
        case events

        /// The daemon's word for it.
        var word: String {
            switch self {
            case .host: "HostTelemetry"
            case .controller: "ControllerTelemetry"
            case .events: "PersistentEvents"
            }
        }
    }

    func validate() throws {
        if file == "-" {
            throw ValidationError(
                "telemetry … - : telemetry is a file; give its name, or /dev/stdout for standard output."
            )
        }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            let target = try await client.target(command.controller)
            var options = VariantDictionary()
            options.set("log", command.log.word)
            if let area = command.area { options.set("area", area) }
            if command.acknowledge { options.set("acknowledge", true) }
            command.insistence.add(to: &options)
            let isNew = !FileDescriptor.isStream(command.file)
            let handle = FileDescriptorHandle(
                adopting: try isNew
                    ? FileDescriptor.createNew(command.file).number
                    : FileDescriptor.create(command.file).number
            )
            let job: ObjectPath
            do {
                job = try await client.call(
                    target.controller.path,
                    "ControllerControl1",
                    "CaptureTelemetry",
                    [handle, options]
                ).read(ObjectPath.self)
            } catch {
                // An empty file would be in the way of the next attempt.
                if isNew { unlink(command.file) }
                throw error
            }
            try await command.job.finish(job, client, output)
        }
    }
}
