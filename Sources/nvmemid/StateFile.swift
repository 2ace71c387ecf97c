import EventLoop
import Glibc
import Logging
import NVMeMIBridge

/// The file in which the daemon keeps which drives there are, for its next start.
///
/// It is written by another process of this program, as the configuration is read: a file system that hangs must not
/// hang the loop. At most ``BridgeMemory/sizeLimit`` bytes are kept.
struct StateFile {
    private let path: String?
    private let options: Options
    private static let timeLimit: Duration = .seconds(10)

    init(_ options: Options) {
        self.options = options
        path = options.state ?? Self.folder.map { $0 + "/drives" }
    }

    /// The folder that the service manager gives, if it does; of several the first.
    private static var folder: String? {
        guard let value = getenv("STATE_DIRECTORY") else { return nil }
        return String(cString: value).split(separator: ":").first.map(String.init)
    }

    /// What was kept, with the way to keep something else; waits for the file system.
    ///
    /// What cannot be read is told to the log and not used: the daemon starts without.
    func memory(_ logger: Logger) -> BridgeMemory {
        guard let path else { return BridgeMemory() }
        var text = ""
        do throws(TextFile.Problem) {
            text = try TextFile.read(path)
        } catch {
            var isMissing = false
            if case .call(let cause) = error { isMissing = cause.errno.rawValue == ENOENT }
            if !isMissing {
                logger.warning(
                    "what drives there were is not known",
                    metadata: ["file": "\(path)", "error": "\(error)"]
                )
            }
        }
        return BridgeMemory(text: text) { text in
            let (bytes, status) = try await ProgramOutput(
                of: "/proc/self/exe",
                ["nvmemid", "--keep-state", "--state", path],
                input: Array(text.utf8),
                limit: 4096
            ).value(until: EventLoop.main.now + Self.timeLimit)
            guard status == 0 else {
                throw Daemon.Failure(
                    text: String(decoding: bytes, as: UTF8.self)
                        .split(separator: "\n").last.map(String.init) ?? "wait status \(status)",
                    exit: .failure
                )
            }
        }
    }

    /// Puts what is read from standard input in the place of what the file has, wholly or not at all.
    func keepStandardInput() throws(Daemon.Failure) {
        guard let path else { throw failure("no --state FILE, and no STATE_DIRECTORY") }
        do throws(SystemCallError) {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = try systemCall("read") { read(STDIN_FILENO, &piece, piece.count) }
                guard count > 0 else { break }
                bytes += piece[..<count]
                guard bytes.count <= BridgeMemory.sizeLimit else {
                    throw SystemCallError(operation: "read", errno: Errno(rawValue: EFBIG))
                }
            }
            try replace(path, by: bytes)
        } catch {
            throw failure("\(path): \(error)")
        }
    }

    private func replace(_ path: String, by bytes: [UInt8]) throws(SystemCallError) {
        let new = path + ".new"
        let file = try systemCall("open") {
            open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        do throws(SystemCallError) {
            defer { close(file) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = try systemCall("write") {
                    rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                }
                rest = rest.dropFirst(count)
            }
            // Not the name before the bytes.
            try systemCall("fsync") { fsync(file) }
        } catch {
            unlink(new)
            throw error
        }
        try systemCall("rename") { rename(new, path) }
    }

    private func failure(_ text: String) -> Daemon.Failure {
        Daemon.Failure(text: "the state was not kept: \(text)", exit: .failure)
    }
}
