import EventLoop
import Glibc

/// Files in a directory of their own, which become an archive.
@LoopActor
final class SupportBundle {
    private let parent: String
    private let name = "nvmemi-report"
    private var redaction: Redaction
    private var files: [String] = []
    private var directories: [String] = []
    /// What could not be had, a line each.
    private(set) var gaps: [String] = []

    init(redaction: Redaction) throws(Failure) {
        let temporary = Environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(temporary)/nvmemi-XXXXXX\0".utf8.map { CChar(bitPattern: $0) })
        guard let made = mkdtemp(&template) else {
            throw Failure(
                .failed,
                "Cannot make a directory in \(temporary): \(String(cString: strerror(errno)))"
            )
        }
        parent = String(cString: made)
        self.redaction = redaction
        try makeDirectory("")
    }

    private func makeDirectory(_ path: String) throws(Failure) {
        let full = path.isEmpty ? "\(parent)/\(name)" : "\(parent)/\(name)/\(path)"
        guard !directories.contains(full) else { return }
        guard mkdir(full, 0o700) == 0 else {
            throw Failure(.failed, "Cannot make \(full): \(String(cString: strerror(errno)))")
        }
        directories.append(full)
    }

    /// Adds a file; the name may have one directory in it.
    func add(_ path: String, _ bytes: [UInt8], isText: Bool) throws(Failure) {
        let shown = String(
            decoding: redaction.applied(to: Array(path.utf8), isText: true),
            as: UTF8.self
        )
        if let slash = shown.lastIndex(of: "/") { try makeDirectory(String(shown[..<slash])) }
        let full = "\(parent)/\(name)/\(shown)"
        let file = try FileDescriptor.createNew(full, mode: 0o600)
        defer { file.close() }
        files.append(full)
        let bytes = redaction.applied(to: bytes, isText: isText)
        try Descriptor.write(bytes, to: file.number, name: full)
    }

    func add(_ path: String, text: String) throws(Failure) {
        try add(path, Array(text.utf8), isText: true)
    }

    func add(_ path: String, _ datum: Datum) throws(Failure) {
        try add(path, text: JSONWriter.document(datum))
    }

    /// Does what may fail without the rest failing; what is missing is told in the archive.
    ///
    /// - Returns: Why it failed; nil when it did not.
    @discardableResult
    func attempt(_ what: String, _ work: () async throws -> Void) async throws -> Failure? {
        do {
            try await work()
            return nil
        } catch {
            let failure = Failure(error)
            // Without the daemon nothing more comes.
            if failure.status == .noDaemon || error is CancellationError { throw error }
            note("\(what): \(failure.message)")
            return failure
        }
    }

    /// Tells in the archive what is missing.
    func note(_ gap: String) { gaps.append(gap) }

    /// Takes out of what is added from now on what a log tells of drives, also of those that have gone.
    func redact(_ entries: [LogEntry]) { redaction.learn(from: entries) }

    /// Makes the archive with the system's tar, into a file that is open.
    func archive(to file: FileDescriptor) async throws {
        let child = try ChildProcess.start(
            ["tar", "--create", "--gzip", "--directory=\(parent)", name],
            .init(output: file.number)
        )
        do {
            let status = try await child.wait()
            guard status == 0 else { throw Failure(.failed, "tar ended with status \(status).") }
        } catch {
            await child.stop()
            throw error
        }
    }

    /// Removes what was made on the way.
    func remove() {
        for file in files { unlink(file) }
        for directory in directories.reversed() { rmdir(directory) }
        rmdir(parent)
    }
}
