import CLinux
import EventLoop
import Glibc

/// A program that is run for what it prints, by the loop and with a deadline.
///
/// There is one at a time: one that cannot even be killed, because the file system that it waits for is gone,
/// must not be joined by others.
@LoopActor
final class ProgramOutput {
    /// The one before this has not ended.
    struct Busy: Error, CustomStringConvertible {
        var description: String { "the file system has not answered since it was read last" }
    }

    /// It printed more than it may.
    struct TooLong: Error, CustomStringConvertible {
        let limit: Int
        var description: String { "it has more than \(limit) bytes" }
    }

    private static var running: ProgramOutput?

    private let limit: Int
    private var process: pid_t = 0
    private var pipe: Int32
    private var processDescriptor: Int32 = -1
    private var pipeWatch: Watch?
    private var processWatch: Watch?
    private var bytes: [UInt8] = []
    private var isTooLong = false
    private let output = Promise<Void>()
    private let status = Promise<Int32>()

    /// Starts a program; its output and error output are taken together.
    ///
    /// - Parameters:
    ///   - program: Its path.
    ///   - arguments: All of them, its own name first.
    ///   - input: What it reads from standard input.
    ///   - limit: Bytes that it may print; it is killed when it prints more.
    /// - Throws: `SystemCallError`, or ``Busy``.
    init(of program: String, _ arguments: [String], input: [UInt8] = [], limit: Int) throws {
        guard Self.running == nil else { throw Busy() }
        self.limit = limit
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe2") { pipe2(&ends, O_CLOEXEC) }
        pipe = ends[0]
        do throws(SystemCallError) {
            defer { close(ends[1]) }
            let file = try Self.file(of: input)
            defer { close(file) }
            process = try Self.spawn(program, arguments, input: file, output: ends[1])
        } catch {
            close(pipe)
            throw error
        }
        Self.running = self
        do throws(SystemCallError) {
            processDescriptor = try systemCall("pidfd_open") { pidfd_open(process, 0) }
            processWatch = try EventLoop.main.watch(processDescriptor, for: .read) { _ in
                self.takeStatus()
            }
            pipeWatch = try EventLoop.main.watch(pipe, for: .read) { _ in self.takeOutput() }
        } catch {
            // It has just begun and ends at once: the one wait that is not the loop's.
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
            closePipe()
            closeProcess()
            throw error
        }
    }

    /// What the program printed, and how it ended.
    ///
    /// - Parameter deadline: When it is killed.
    /// - Returns: The output, and the status that `wait` gives: 0 for success.
    /// - Throws: `DeadlineExceeded`, ``TooLong`` or `CancellationError`.
    func value(until deadline: MonotonicInstant) async throws -> (output: [UInt8], status: Int32) {
        do {
            try await output.value(until: deadline)
            let status = try await status.value(until: deadline)
            if isTooLong { throw TooLong(limit: limit) }
            return (bytes, status)
        } catch {
            end()
            throw error
        }
    }

    /// Kills it; what it was is let go of when it has ended.
    private func end() {
        if processWatch != nil { kill(process, SIGKILL) }
        closePipe()
    }

    private func takeOutput() {
        var piece = [UInt8](repeating: 0, count: 4096)
        // Ready, so it does not wait; a program that ended without a word has 0 bytes for us.
        let count = read(pipe, &piece, piece.count)
        guard count > 0 else { return closePipe() }
        guard bytes.count + count <= limit else {
            isTooLong = true
            return end()
        }
        bytes += piece[..<count]
    }

    private func takeStatus() {
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return }
        closeProcess()
        self.status.resolve(status)
    }

    private func closePipe() {
        guard pipe >= 0 else { return }
        pipeWatch?.cancel()
        pipeWatch = nil
        close(pipe)
        pipe = -1
        output.resolve()
    }

    private func closeProcess() {
        processWatch?.cancel()
        processWatch = nil
        if processDescriptor >= 0 { close(processDescriptor) }
        processDescriptor = -1
        if Self.running === self { Self.running = nil }
    }

    /// A file in memory, which is read from its beginning.
    private static func file(of bytes: [UInt8]) throws(SystemCallError) -> Int32 {
        let file = try systemCall("memfd_create") { memfd_create("input", UInt32(MFD_CLOEXEC)) }
        do throws(SystemCallError) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = try systemCall("write") {
                    rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                }
                rest = rest.dropFirst(count)
            }
            try systemCall("lseek") { lseek(file, 0, SEEK_SET) }
        } catch {
            close(file)
            throw error
        }
        return file
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        input: Int32,
        output: Int32
    ) throws(SystemCallError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        // The daemon's own signals are blocked and taken by the loop.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var texts = arguments.map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, program, &actions, &attributes, &texts, environ)
        guard result == 0 else {
            throw SystemCallError(operation: "posix_spawn", errno: Errno(rawValue: result))
        }
        return process
    }
}
