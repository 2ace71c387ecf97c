import EventLoop
import Glibc

/// What a program prints.
@LoopActor
enum ChildOutput {
    /// Runs a program to its end; what it complains of goes to standard error.
    ///
    /// - Throws: `Failure` when it cannot be started, or ends with another status than 0.
    static func read(_ command: [String]) async throws -> [UInt8] {
        let parent = Environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/nvmemi-XXXXXX\0".utf8.map { CChar(bitPattern: $0) })
        // A file without a name: what is written to it waits for nobody.
        let file = mkstemp(&template)
        guard file >= 0 else {
            throw Failure(
                .failed,
                "Cannot write in \(parent): \(String(cString: strerror(errno)))"
            )
        }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        defer { close(file) }
        let child = try ChildProcess.start(command, .init(output: file, isBackground: false))
        let status = try await child.wait()
        guard status == 0 else {
            throw Failure(.failed, "\(command[0]) ended with status \(status).")
        }
        lseek(file, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = Glibc.read(file, &buffer, buffer.count), count > 0 {
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}
