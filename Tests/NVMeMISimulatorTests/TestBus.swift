import DBus
import EventLoop
import Glibc
import TestSupport
import XCTest

/// A message bus for one test: a dbus-daemon of its own on a socket of its own.
final class TestBus: @unchecked Sendable {
    let address: String
    private let directory: TemporaryDirectory
    private let daemon: TestProgram

    /// Starts the bus; it is ready when this returns.
    init() throws {
        directory = try TemporaryDirectory()
        let configuration = """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>unix:path=\(directory.path)/bus</listen>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/>
                <allow eavesdrop="true"/>
                <allow own="*"/>
              </policy>
            </busconfig>
            """
        let file = try directory.write(configuration, to: "bus.conf")
        daemon = try TestProgram([
            "/usr/bin/dbus-daemon", "--config-file=" + file, "--print-address=1", "--nofork",
            "--nopidfile", "--nosyslog",
        ])
        address = try daemon.readLine()
    }

    /// Ends the bus, and with it every connection.
    func end() {
        daemon.end()
    }

    @LoopActor
    func connect() throws -> Connection {
        try Connection.open(.address(address))
    }
}

/// A directory that is gone with the test.
final class TemporaryDirectory {
    let path: String
    private var files: [String] = []

    init() throws {
        var template = Array("/tmp/nvmemi-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: \(errno)") }
        path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }

    deinit {
        for file in files { unlink(path + "/" + file) }
        unlink(path + "/bus")
        rmdir(path)
    }

    /// Writes a file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw TestFailure("cannot write \(file)")
        }
        files.append(name)
        return file
    }
}

/// A program that a test runs, with its output in a pipe.
final class TestProgram {
    private let identifier: pid_t
    private let output: Int32
    private var status: Int32?

    init(_ arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw TestFailure("pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var texts = arguments.map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, arguments[0], &actions, nil, &texts, environ)
        close(ends[1])
        guard result == 0 else {
            close(ends[0])
            throw TestFailure("cannot start \(arguments[0]): \(result)")
        }
        identifier = child
        output = ends[0]
    }

    deinit {
        end()
        close(output)
    }

    /// Reads one line; blocks.
    func readLine() throws -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        throw TestFailure("the program ended: \(String(decoding: line, as: UTF8.self))")
    }

    /// Reads everything until the program closes its output; blocks.
    func readAll() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Sends a signal and waits for the end; the exit status, negative when a signal ended it.
    @discardableResult
    func end(_ signal: Int32 = SIGKILL) -> Int32 {
        if status == nil { _ = kill(identifier, signal) }
        return wait()
    }

    /// Waits for the end; the exit status, negative when a signal ended it.
    func wait() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(identifier, &raw, 0) == -1 && errno == EINTR {}
        let result = raw & 0x7F == 0 ? raw >> 8 & 0xFF : -(raw & 0x7F)
        status = result
        return result
    }
}

/// What goes wrong in the tests' own tools.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Lets the loop go round until something is so.
@LoopActor
func until(
    file: StaticString = #filePath,
    line: UInt = #line,
    _ condition: @LoopActor () throws -> Bool
) async throws {
    let deadline = EventLoop.main.now + .seconds(20)
    while !(try condition()) {
        guard EventLoop.main.now < deadline else {
            return XCTFail("it did not become so", file: file, line: line)
        }
        try await sleep(for: .milliseconds(1))
    }
}

/// Lets the loop go round long enough for whatever is ready to happen.
@LoopActor
func settle() async throws {
    for _ in 0..<20 { try await sleep(for: .milliseconds(1)) }
}
