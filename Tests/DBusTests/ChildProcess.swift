import EventLoop
import Glibc
import XCTest

/// A program started by a test, with its output in a pipe.
final class ChildProcess: @unchecked Sendable {
    let identifier: pid_t
    /// Standard output and error, does not block.
    let output: Int32
    private var isReaped = false

    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var texts = arguments.map { strdup($0) } + [nil]
        let inherited = ["PATH=/usr/bin:/bin", "HOME=/tmp", "LC_ALL=C.UTF-8"]
        var variables =
            (inherited + environment.map { "\($0.key)=\($0.value)" }).map { strdup($0) } + [nil]
        defer { for text in texts + variables { free(text) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, arguments[0], &actions, &attributes, &texts, &variables)
        close(ends[1])
        guard result == 0 else {
            close(ends[0])
            throw Failure("cannot start \(arguments[0]): \(result)")
        }
        identifier = child
        output = ends[0]
    }

    deinit {
        kill(SIGKILL)
        close(output)
    }

    func kill(_ signal: Int32) {
        guard !isReaped else { return }
        _ = Glibc.kill(identifier, signal)
        if signal == SIGKILL { _ = wait() }
    }

    /// Waits for the end of the program.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
        isReaped = true
        return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    }

    /// Reads one line; blocks.
    func readLine() throws -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        throw Failure("the program ended: \(String(decoding: line, as: UTF8.self))")
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    struct Outcome: Sendable {
        let status: Int32
        let output: String
    }

    /// Runs a program to its end while the loop goes on.
    @LoopActor
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> Outcome {
        let child = try ChildProcess(arguments, environment: environment)
        _ = fcntl(child.output, F_SETFL, O_NONBLOCK)
        let ended = Promise<Void>()
        var bytes: [UInt8] = []
        let watch = try EventLoop.main.watch(child.output, for: .read) { _ in
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(child.output, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] }
            if count == 0 { ended.resolve() }
        }
        defer { watch.cancel() }
        try await ended.value
        return Outcome(status: child.wait(), output: String(decoding: bytes, as: UTF8.self))
    }
}
