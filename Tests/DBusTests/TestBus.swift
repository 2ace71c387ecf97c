import DBus
import EventLoop
import Glibc
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
