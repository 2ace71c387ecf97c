import DBus
import EventLoop
import Glibc

/// A bus of its own with simulated drives and the daemon on it, in a directory that is gone afterwards.
@LoopActor
final class DemoSystem {
    /// Where the programs of this project are.
    struct Programs {
        /// The directory that nvmemi is in.
        var own: String
        var simulator: String
        var daemon: String
    }

    let address: String
    private let directory: String
    private var processes: [ChildProcess] = []
    /// Resolved with the name of the first program that ends without being told to.
    private let ended = Promise<String>()
    private(set) var isRunningCommand = false
    /// Told what is done, one line each.
    private let say: @LoopActor (String) -> Void

    private static let mctpd = "au.com.codeconstruct.MCTP1"
    private static let patience = Duration.seconds(60)

    init(say: @escaping @LoopActor (String) -> Void) throws(Failure) {
        let parent = Environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/nvmemi-demo-XXXXXX\0".utf8.map { CChar(bitPattern: $0) })
        guard let made = mkdtemp(&template) else {
            throw Failure(
                .failed,
                "Cannot make a directory in \(parent): \(String(cString: strerror(errno)))"
            )
        }
        directory = String(cString: made)
        address = "unix:path=\(directory)/bus"
        self.say = say
    }

    /// Starts everything and waits until the daemon has all drives ready.
    func start(_ programs: Programs, drives: Int) async throws {
        let connection = try await startBus()
        defer { connection.close() }
        let socket = "nvmemi-demo-\(getpid())"
        let file = try write("drives.conf", DemoSystem.description(drives: drives))
        try start([
            programs.simulator, "--bus", address, "--mctpd", "--control", "--demux", socket,
            "--file", file,
        ])
        try await wait(for: "the simulator") {
            try await self.isOwned(DemoSystem.mctpd, connection)
        }
        try start([
            programs.daemon, "--bus", address, "--transport", "demux:\(socket)",
        ])
        try await wait(for: "the daemon") { try await self.isOwned(Client.busName, connection) }
        let client = try Client.connect(to: .address(address), timeout: DemoSystem.patience)
        defer { client.close() }
        try await wait(for: "\(drives) drives to be ready") {
            let endpoints = try await client.inventory().endpoints
            return endpoints.filter { $0.property("State") == .text("ready") }.count == drives
        }
    }

    /// Runs a program to its end, and tells its exit status as shells write it.
    ///
    /// In its environment the bus is nvmemi's and the system bus, and the directory `programs` comes first
    /// in PATH.
    func run(_ command: [String], programs: String) async throws -> Int32 {
        // In our own environment, because that is where a program to be started is looked for.
        setenv("PATH", Environment["PATH"].map { "\(programs):\($0)" } ?? programs, 1)
        let setting = ChildProcess.Setting(
            environment: [
                ("NVMEMI_BUS", address), ("DBUS_SYSTEM_BUS_ADDRESS", address),
                ("PATH", Environment["PATH"] ?? ""),
            ],
            isBackground: false
        )
        let watch = EventLoop.main.spawn {
            let name = try await self.ended.value
            Descriptor.complain("nvmemi: \(name) has ended by itself.")
        }
        defer { watch.cancel() }
        let child = try ChildProcess.start(command, setting)
        isRunningCommand = true
        defer { isRunningCommand = false }
        do {
            return try await child.wait()
        } catch {
            await child.stop()
            throw error
        }
    }

    /// Waits until one of the programs ends by itself, which none should.
    ///
    /// - Returns: The program's name.
    func waitForEnd() async throws -> String { try await ended.value }

    /// The last lines of each program's log.
    func logs() -> String {
        processes.map { process in
            let lines = File.text("\(directory)/\(process.name).log")
                .split(separator: "\n", omittingEmptySubsequences: false).suffix(40)
            return "--- \(process.name)\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// Ends all programs, the last started first, and removes the directory.
    func stop() async {
        for process in processes.reversed() { await process.stop() }
        for process in processes { unlink("\(directory)/\(process.name).log") }
        for name in ["bus", "bus.conf", "drives.conf"] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    /// Starts the bus, and connects to it.
    private func startBus() async throws -> Connection {
        let configuration = """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>system</type>
              <listen>\(address)</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/>
                <allow own="*"/>
                <allow send_destination="*" eavesdrop="true"/>
                <allow receive_sender="*"/>
              </policy>
            </busconfig>

            """
        let path = try write("bus.conf", configuration)
        try start(["dbus-daemon", "--config-file=\(path)", "--nofork", "--nopidfile"])
        var connection: Connection?
        try await wait(for: "the bus") {
            connection = try? Connection.open(.address(self.address))
            return connection != nil
        }
        guard let connection else { throw Failure(.noDaemon, "The bus is not there.") }
        return connection
    }

    /// What drives there are: of different kinds, and not all equally warm.
    nonisolated static func drives(_ count: Int) -> [(model: String, temperature: Int)] {
        let models = ["u2", "dual-port", "m2", "one-slot"]
        return (0..<count).map { (models[$0 % models.count], 34 + $0 % 7 * 2) }
    }

    /// The same as the simulator reads it.
    nonisolated static func description(drives: Int) -> String {
        self.drives(drives).map { drive in
            """
            [drive]
            model = \(drive.model)
            temperature = \(drive.temperature)

            """
        }.joined(separator: "\n")
    }

    /// Has something happen to the drives until it is cancelled.
    func live(drives: Int) async throws {
        let connection = try Connection.open(.address(address))
        defer { connection.close() }
        try await DemoLife(on: connection, drives: DemoSystem.drives(drives)).run()
    }

    /// Writes a file in the directory, and tells its path.
    private func write(_ name: String, _ text: String) throws(Failure) -> String {
        let path = "\(directory)/\(name)"
        let file = try FileDescriptor.create(path)
        defer { file.close() }
        try Descriptor.write(Array(text.utf8), to: file.number, name: path)
        return path
    }

    private func start(_ arguments: [String]) throws(Failure) {
        say("$ " + arguments.joined(separator: " "))
        let name = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        let log = try FileDescriptor.create("\(directory)/\(name).log")
        defer { log.close() }
        let setting = ChildProcess.Setting(output: log.number, errors: log.number)
        processes.append(
            try ChildProcess.start(arguments, setting) { [ended] in ended.resolve(name) }
        )
    }

    private func isOwned(_ name: String, _ connection: Connection) async throws -> Bool {
        let reply = try await connection.call(
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "NameHasOwner",
            arguments: name,
            timeout: DemoSystem.patience
        )
        return try reply.read(Bool.self)
    }

    /// Asks until it is so; programs that start in tens of milliseconds are not worth a subscription.
    private func wait(
        for what: String,
        _ isReady: @LoopActor () async throws -> Bool
    ) async throws {
        let deadline = EventLoop.main.now + DemoSystem.patience
        while try await !isReady() {
            if let ended = processes.first(where: \.hasEnded) {
                throw Failure(.failed, "\(ended.name) ended while waiting for \(what).")
            }
            guard EventLoop.main.now < deadline else {
                throw Failure(.timedOut, "Waited in vain for \(what).")
            }
            try await sleep(for: .milliseconds(20))
        }
    }
}
