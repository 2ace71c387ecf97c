import DBus
import EventLoop
import Glibc
import TestSupport
import XCTest

/// A message bus for one test: a dbus-daemon of its own on a socket of its own.
final class TestBus: @unchecked Sendable {
    let address: String
    private let directory: String
    private let daemon: ChildProcess

    /// Starts the bus; it is ready when this returns.
    ///
    /// - Parameter limits: Lines of the configuration, such as `<limit name="...">5</limit>`.
    /// - Throws: When the daemon cannot be started.
    init(limits: String = "") throws {
        var template = Array("/tmp/dbus-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ChildProcess.Failure("mkdtemp: \(errno)") }
        directory = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        let configuration = """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>unix:path=\(directory)/bus</listen>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/>
                <allow eavesdrop="true"/>
                <allow own="*"/>
              </policy>
              \(limits)
            </busconfig>
            """
        let file = directory + "/bus.conf"
        let descriptor = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        let bytes = Array(configuration.utf8)
        guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
            throw ChildProcess.Failure("cannot write \(file)")
        }
        close(descriptor)
        daemon = try ChildProcess([
            "/usr/bin/dbus-daemon", "--config-file=" + file, "--print-address=1", "--nofork",
            "--nopidfile", "--nosyslog",
        ])
        address = try daemon.readLine()
    }

    deinit {
        daemon.kill(SIGKILL)
        for name in ["bus", "bus.conf"] { unlink(directory + "/" + name) }
        rmdir(directory)
    }

    func kill() { daemon.kill(SIGKILL) }
    /// Makes the bus stand still, or go on.
    func pause() { daemon.kill(SIGSTOP) }
    func resume() { daemon.kill(SIGCONT) }

    @LoopActor
    func connect() throws -> Connection {
        try Connection.open(.address(address))
    }

    /// Runs busctl against this bus.
    @LoopActor
    func busctl(_ arguments: String...) async throws -> ChildProcess.Outcome {
        try await ChildProcess.run(["/usr/bin/busctl", "--address=" + address] + arguments)
    }

    /// Runs a script for Debian's python3-dbus; `bus` is connected already.
    @LoopActor
    func python(_ script: String) async throws -> ChildProcess.Outcome {
        let prologue = """
            import dbus, dbus.bus, dbus.mainloop.glib, sys
            from gi.repository import GLib
            dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
            bus = dbus.bus.BusConnection("\(address)")

            """
        return try await ChildProcess.run(["/usr/bin/python3", "-c", prologue + script])
    }
}

/// Runs a test with a bus, a connection for the service and one for the client.
func onBus(
    limits: String = "",
    _ body: @escaping @LoopActor @Sendable (TestBus, Connection, Connection) async throws -> Void
) throws {
    let bus = try TestBus(limits: limits)
    try runLoop {
        let service = try bus.connect()
        let client = try bus.connect()
        defer {
            service.close()
            client.close()
        }
        try await body(bus, service, client)
    }
}

/// The error that `body` throws; nil, and a failure of the test, when it throws none.
@LoopActor
func thrownError(
    file: StaticString = #filePath,
    line: UInt = #line,
    _ body: @LoopActor () async throws -> Void
) async -> DBusError? {
    do {
        try await body()
        XCTFail("no error was thrown", file: file, line: line)
        return nil
    } catch {
        XCTAssertTrue(error is DBusError, "\(error)", file: file, line: line)
        return error as? DBusError
    }
}

/// Lets the loop go round until something is so.
@LoopActor
func until(
    file: StaticString = #filePath,
    line: UInt = #line,
    _ condition: @LoopActor () -> Bool
) async throws {
    let deadline = EventLoop.main.now + .seconds(20)
    while !condition() {
        guard EventLoop.main.now < deadline else {
            return XCTFail("it did not become so", file: file, line: line)
        }
        try await sleep(for: .milliseconds(1))
    }
}
