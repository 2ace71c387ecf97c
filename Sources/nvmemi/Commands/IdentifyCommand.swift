import ArgumentParser
import DBus
import NVMeMI

struct IdentifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify",
        abstract: "Ask a controller who it is, or for any other Identify data.",
        usage: "nvmemi identify <controller> [--cns <cns>] [--nsid <nsid>] [options]",
        discussion: """
            Without --cns the controller's own data is shown field by field; with --cns 0 --nsid N \
            that of a namespace. Of other data, or when --hex, --raw or --output asks for bytes, the \
            4096 bytes are written.

            Values of --cns: 0 namespace, 1 controller, 2 active namespaces, 3 namespace descriptors, \
            0x10 allocated namespaces, 0x12 controllers of a namespace, 0x13 controllers of the \
            subsystem; others as the NVMe specification numbers them.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var binary: BinaryOptions
    @OptionGroup var insistence: Insistence

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Option(help: "Which data structure: CNS number.", transform: Number.parse)
    var cns: UInt8 = 1

    @Option(help: "Namespace ID, for the data that has one.", transform: Number.parse)
    var nsid: UInt32 = 0

    func run() throws {
        let (name, binary, cns, nsid) = (controller, binary, cns, nsid)
        let insistence = insistence
        try options.perform { client, output in
            let path = try await client.controller(name).path
            switch cns {
            case 1 where !binary.wantsBytes:
                try output.show(try await client.dictionary(path, "Controller1", "GetIdentity"))
            case 0 where !binary.wantsBytes:
                let datum = try await client.dictionary(
                    path,
                    "Controller1",
                    "GetNamespaceIdentity",
                    nsid
                )
                try output.show(datum) { report in
                    var report = report
                    // As the drive tells them, unlike the properties of the namespace.
                    report.units = ["Size": .blocks, "Capacity": .blocks, "Utilization": .blocks]
                    return report.lines(datum)
                }
            default:
                let reply = try await client.call(
                    path,
                    "Controller1",
                    "Identify",
                    [cns, nsid, insistence.added(to: VariantDictionary())]
                )
                try binary.write(try reply.read([UInt8].self), to: output)
            }
        }
    }
}
