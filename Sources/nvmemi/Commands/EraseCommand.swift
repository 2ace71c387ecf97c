import ArgumentParser
import DBus
import EventLoop

struct EraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase all user data of a drive, or of a namespace (Sanitize).",
        usage: "nvmemi erase <controller> [--method <method>] [--certificate <file>] [options]",
        discussion: """
            All namespaces are concerned, unless --namespace names one; drives that can erase a single one do so by \
            erasing its key. The drive goes on with it by itself, also over a loss of power, and \
            nothing ends it before the time. Without --method the drive's first of block, crypto and overwrite \
            is taken.

            --method takes:
              block                erases the blocks
              crypto               erases the keys
              overwrite            writes a pattern over everything
              exit-failure-mode    leaves the failure of an operation that had --unrestricted-exit
              exit-verification    leaves the state that --media-verification asked for

            JSON: an object with the job's result, or with job, its path.
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var erasing: ErasingOptions

    @Argument(help: "The endpoint, with /N for controller N.")
    var controller: EndpointName

    @Option(help: "Erase this namespace only.", transform: Number.parse)
    var namespace: UInt32?

    @Option(help: "How it is erased.")
    var method: EraseMethod?

    @Option(help: "Passes of overwriting, 1 to 16.", transform: Number.parse)
    var passes: UInt8?

    @Option(help: "The 32-bit pattern of overwriting.", transform: Number.parse)
    var pattern: UInt32?

    @Flag(help: "Invert the pattern between passes.")
    var invertPattern = false

    @Flag(help: "Let a failure be left without a successful erasing.")
    var unrestrictedExit = false

    @Flag(help: "Deallocate nothing afterwards.")
    var noDeallocate = false

    @Flag(help: "Stay where the media can be verified afterwards.")
    var mediaVerification = false

    func validate() throws {
        if erasing.wantsCertificate, erasing.job.background || method?.erases == false {
            throw ValidationError("--certificate needs an erasing that is followed to its end.")
        }
    }

    func run() throws {
        let command = self
        try options.perform { client, output in
            let target = try await client.target(command.controller)
            let method =
                try command.method
                ?? (command.namespace == nil ? EraseMethod.first(of: target) : .crypto)
            var subject = ""
            if let namespace = command.namespace {
                try await client.requireNamespace(namespace, of: target)
                subject =
                    " namespace \(namespace)" + target.endpoint.sizeNote(of: namespace) + ", of"
            }
            let note = method.erases ? await client.selfTestNote(of: target) : ""
            try await command.erasing.carryOut(
                "Sanitize",
                method.action,
                command.arguments(target),
                on: target,
                deed: method.deed + subject,
                note: note,
                client,
                output
            )
        }
    }

    private func arguments(_ target: Target) -> VariantDictionary {
        var options = erasing.arguments(for: target)
        if let namespace { options.set("nsid", namespace) }
        if let passes { options.set("passes", passes) }
        if let pattern { options.set("pattern", pattern) }
        for (name, flag) in [
            ("invert-pattern", invertPattern), ("unrestricted-exit", unrestrictedExit),
            ("no-deallocate", noDeallocate), ("media-verification", mediaVerification),
        ] where flag {
            options.set(name, true)
        }
        return options
    }
}

/// How a drive is erased, as a person says it.
enum EraseMethod: String, ExpressibleByArgument, CaseIterable, Sendable {
    case block
    case crypto
    case overwrite
    case exitFailureMode = "exit-failure-mode"
    case exitVerification = "exit-verification"

    /// The daemon's word for it.
    var action: String {
        switch self {
        case .block: "BlockErase"
        case .crypto: "CryptoErase"
        case .overwrite: "Overwrite"
        case .exitFailureMode: "ExitFailureMode"
        case .exitVerification: "ExitMediaVerification"
        }
    }

    var erases: Bool { self == .block || self == .crypto || self == .overwrite }

    /// What is announced.
    var deed: String {
        switch self {
        case .block: "erases all user data, by erasing the blocks, of"
        case .crypto: "erases all user data, by erasing the keys, of"
        case .overwrite: "erases all user data, by overwriting, of"
        case .exitFailureMode: "leaves the failure of the last sanitize operation of"
        case .exitVerification: "leaves the state of media verification of"
        }
    }

    /// The first that the drive has.
    static func first(of target: Target) throws(Failure) -> EraseMethod {
        guard case .list(let names)? = target.controller.properties["Capabilities"],
            let method = [block, crypto, overwrite].first(where: {
                names.contains(.text($0.action))
            })
        else {
            throw Failure(
                .failed,
                "The drive says that it has no way of erasing itself (Sanitize).",
                advice: "`nvmemi format` may erase its namespaces."
            )
        }
        return method
    }
}
