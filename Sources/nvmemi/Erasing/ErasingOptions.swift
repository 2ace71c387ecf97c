import ArgumentParser
import DBus
import EventLoop

/// What every command has that erases: how the right drive is made sure of, and what is kept of it.
struct ErasingOptions: ParsableArguments {
    @OptionGroup var confirmation: DriveConfirmation
    @OptionGroup var certificate: CertificateOptions
    @OptionGroup var job: JobOptions
    @OptionGroup var insistence: Insistence

    /// Whether a certificate is wanted.
    var wantsCertificate: Bool { certificate.certificate != nil }

    /// What every such method is told.
    func arguments(for target: Target) -> VariantDictionary { insistence.added(to: target.options) }

    /// Asks whether it is meant, starts the job and follows it, and writes the certificate in the end.
    ///
    /// - Parameters:
    ///   - member: The method of Erase1.
    ///   - first: Its first argument.
    ///   - arguments: Its options, those of ``arguments(for:)`` among them.
    ///   - target: The controller that it is asked of.
    ///   - deed: What is announced, up to the drive.
    ///   - note: What else is announced.
    ///   - client: By whom the daemon is called.
    ///   - output: Where the result is shown.
    /// - Throws: `Failure` when it is not meant, or does not come to a good end.
    @LoopActor
    func carryOut(
        _ member: String,
        _ first: any DBusType,
        _ arguments: VariantDictionary,
        on target: Target,
        deed: String,
        note: String,
        _ client: Client,
        _ output: Output
    ) async throws {
        try confirmation.ask(deed, of: target.label, note: note)
        let files = try certificate.makeFiles()
        let path = try await client.call(
            target.controller.path,
            "Erase1",
            member,
            [first, arguments]
        ).read(ObjectPath.self)
        do {
            try await job.finish(path, client, output) { status in
                try files?.write(status)
                return status.result
            }
        } catch {
            files?.discard()
            throw error
        }
    }
}
