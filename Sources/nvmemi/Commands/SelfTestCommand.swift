import ArgumentParser
import DBus
import EventLoop

struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test",
        abstract: "Have a drive test itself, or abort that.",
        usage: "nvmemi self-test <controller> [short|extended|vendor|refresh|abort] [options]",
        discussion: """
            The drive goes on with its work meanwhile. `nvmemi log <controller> device-self-test` shows the \
            results that it keeps.

            JSON: an object with the result, or with job, the job's path.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var job: JobOptions
    @OptionGroup var insistence: Insistence

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Argument(help: "Which self-test.")
    var kind: Kind = .short

    @Option(
        help: "A namespace to be tested too, or all.",
        transform: NamespaceCommand.parse
    )
    var nsid: UInt32?

    @Option(help: "Parameter of the vendor's self-test.", transform: Number.parse)
    var parameter: UInt32?

    /// Which self-test, as a person says it.
    enum Kind: String, ExpressibleByArgument, CaseIterable, Sendable {
        case short
        case extended
        case vendor
        case refresh
        case abort

        /// The daemon's word for it.
        var word: String {
            switch self {
            case .short: "Short"
            case .extended: "Extended"
            case .vendor: "VendorSpecific"
            case .refresh: "HostInitiatedRefresh"
            case .abort: "Abort"
            }
        }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            let target = try await client.target(command.controller)
            var options = command.insistence.added(to: VariantDictionary())
            if let nsid = command.nsid { options.set("nsid", nsid) }
            if let parameter = command.parameter { options.set("parameter", parameter) }
            let job = try await client.call(
                target.controller.path,
                "ControllerControl1",
                "SelfTest",
                [command.kind.word, options]
            ).read(ObjectPath.self)
            guard command.kind != .abort else {
                return try output.show(.dictionary([.init("job", .text(job.string))])) { _ in
                    ["The self-test is being aborted (\(job.string))."]
                }
            }
            try await command.job.finish(job, client, output)
        }
    }
}
