import ArgumentParser
import EventLoop
import Glibc

/// Where the record of an erasing is written, and what people say in it.
struct CertificateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a record of the erasing: text to FILE, and JSON to FILE.json. Neither may exist yet.",
            valueName: "file"
        ),
        completion: .file()
    )
    var certificate: String?

    @Option(name: .customLong("operator"), help: "Who erases the drive, for the certificate.")
    var operatorName = ""

    @Option(help: "Whose people they are, for the certificate.")
    var organization = ""

    @Option(help: "Where the drive is, for the certificate.")
    var location = ""

    @Option(help: "What else is to be said, for the certificate.")
    var note = ""

    /// Files that were made before anything is erased, so that no erasing ends without a record.
    struct Files: Sendable {
        fileprivate let text: FileDescriptor
        fileprivate let json: FileDescriptor
        fileprivate let people: ErasingCertificate.People
        fileprivate let path: String

        /// Takes them away, as nothing will be written to them, and says so.
        func discard() {
            for path in [path, path + ".json"] { unlink(path) }
            Descriptor.complain(
                "No certificate was written. When the job has ended, `nvmemi jobs watch JOB --certificate \(path)` "
                    + "writes one."
            )
        }

        /// Writes the record.
        func write(_ job: JobStatus) throws(Failure) {
            let certificate = ErasingCertificate(people: people, job: job)
            try write(certificate.text, to: text)
            try write(JSONWriter.document(certificate.datum), to: json)
        }

        private func write(_ content: String, to file: FileDescriptor) throws(Failure) {
            try Descriptor.write(Array(content.utf8), to: file.number, name: "the certificate")
            guard fsync(file.number) == 0 || errno == EINVAL else {
                throw Failure(
                    .failed,
                    "The certificate is not safely on the disk: \(String(cString: strerror(errno)))"
                )
            }
            file.close()
        }
    }

    /// Makes the files; nil where no certificate is wanted.
    func makeFiles() throws(Failure) -> Files? {
        guard let certificate else { return nil }
        let text = try FileDescriptor.createNew(certificate)
        let json: FileDescriptor
        do {
            json = try FileDescriptor.createNew(certificate + ".json")
        } catch {
            text.close()
            unlink(certificate)
            throw error
        }
        return Files(
            text: text,
            json: json,
            people: .init(
                operatorName: operatorName,
                organization: organization,
                location: location,
                note: note
            ),
            path: certificate
        )
    }
}
