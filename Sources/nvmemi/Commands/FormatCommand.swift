import ArgumentParser
import DBus
import EventLoop

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Give a namespace, or all, another format, which erases it.",
        usage: "nvmemi format <controller> <nsid>|all [--block-size <bytes>] [options]",
        discussion: """
            Without --format and --block-size the format stays as it is.

            --secure-erase takes none, user-data (all user data) and cryptographic (the keys).

            JSON: an object with the job's result, or with job, its path.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var erasing: ErasingOptions

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Argument(help: "The namespace ID, or all.", transform: NamespaceCommand.parse)
    var nsid: UInt32

    @Option(help: "Index of the LBA format.", transform: Number.parse)
    var format: UInt8?

    @Option(help: "Bytes of a logical block: 512, 4096.", transform: Number.parse)
    var blockSize: UInt64?

    @Option(help: "Bytes of metadata of a block, with --block-size.", transform: Number.parse)
    var metadataSize: UInt16?

    @Flag(help: "Have metadata at the end of each block instead of apart.")
    var extendedMetadata = false

    @Option(help: "Type of end-to-end protection, 0 for none.", transform: Number.parse)
    var protection: UInt8 = 0

    @Flag(help: "Have the protection in the first bytes of the metadata.")
    var protectionFirst = false

    @Option(help: "How to erase.")
    var secureErase: SecureErase = .none

    /// What becomes of the data, as a person says it, and as the daemon understands it.
    enum SecureErase: String, ExpressibleByArgument, CaseIterable, Sendable {
        case none
        case userData = "user-data"
        case cryptographic
    }

    func validate() throws {
        if erasing.wantsCertificate, secureErase == .none {
            throw ValidationError(
                "--certificate is for a format that erases: with --secure-erase user-data or cryptographic."
            )
        }
        if erasing.wantsCertificate, erasing.job.background {
            throw ValidationError("--certificate needs a format that is followed to its end.")
        }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            let target = try await client.target(command.controller)
            try await client.requireNamespace(command.nsid, of: target)
            let subject =
                command.nsid == .max
                ? "all namespaces"
                : "namespace \(command.nsid)" + target.endpoint.sizeNote(of: command.nsid)
            try await command.erasing.carryOut(
                "Format",
                command.nsid,
                command.arguments(target),
                on: target,
                deed: "formats \(subject), with all data, of",
                note: await client.selfTestNote(of: target),
                client,
                output
            )
        }
    }

    private func arguments(_ target: Target) -> VariantDictionary {
        var options = erasing.arguments(for: target)
        if let format { options.set("format", format) }
        if let blockSize { options.set("block-size", blockSize) }
        if let metadataSize { options.set("metadata-size", metadataSize) }
        if extendedMetadata { options.set("extended-metadata", true) }
        if protection != 0 { options.set("protection", protection) }
        if protectionFirst { options.set("protection-first", true) }
        if secureErase != .none { options.set("secure-erase", secureErase.rawValue) }
        return options
    }
}
