import EventLoop
import Glibc

/// A program that runs for us.
@LoopActor
final class ChildProcess {
    nonisolated let name: String
    private let identifier: pid_t
    private let ended = Promise<Int32>()
    private let onEnd: @LoopActor () -> Void

    /// Whose ends are waited for; one signal handler serves them all.
    private static var running: [pid_t: ChildProcess] = [:]
    private static var signals: SignalSet?

    private init(_ name: String, _ identifier: pid_t, onEnd: @escaping @LoopActor () -> Void) {
        self.name = name
        self.identifier = identifier
        self.onEnd = onEnd
    }

    /// How a program is started.
    struct Setting {
        /// Added to our own environment.
        var environment: [(name: String, value: String)] = []
        /// Where standard output goes; nil: where ours goes.
        var output: Int32?
        /// Where standard error goes; nil: where ours goes.
        var errors: Int32?
        /// Keeps the terminal's Ctrl-C from it, so that we decide in which order programs end.
        var isBackground = true
    }

    /// Starts a program; it is looked for in PATH unless its name has a slash.
    static func start(
        _ arguments: [String],
        _ setting: Setting,
        onEnd: @escaping @LoopActor () -> Void = {}
    ) throws(Failure) -> ChildProcess {
        let name = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        if signals == nil {
            do {
                signals = try SignalSet([.child]) { _ in ChildProcess.collect() }
            } catch {
                throw Failure(.failed, "Cannot watch programs that are started: \(error)")
            }
        }
        var identifier: pid_t = 0
        let error = SpawnAttributes(setting).spawn(arguments, &identifier)
        guard error == 0 else {
            throw Failure(.failed, "Cannot start \(name): \(String(cString: strerror(error)))")
        }
        let child = ChildProcess(name, identifier, onEnd: onEnd)
        running[identifier] = child
        return child
    }

    private static func collect() {
        for (identifier, child) in running {
            var status: Int32 = 0
            guard waitpid(identifier, &status, WNOHANG) == identifier else { continue }
            running[identifier] = nil
            child.ended.resolve(ChildProcess.shellStatus(status))
            child.onEnd()
        }
    }

    /// The status as shells write it: what the program exited with, or 128 and its signal.
    nonisolated static func shellStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    var hasEnded: Bool { ended.isResolved }

    /// The exit status as shells write it, once the program has ended.
    func wait() async throws -> Int32 { try await ended.value }

    /// Asks the program to end, and makes it end when it does not within a few seconds.
    func stop() async {
        // In a task of its own: who is cancelled waits for the end all the same.
        await EventLoop.main.spawn { [self] in
            for signal in [SIGTERM, SIGKILL] where !hasEnded {
                kill(identifier, signal)
                _ = try? await ended.value(until: EventLoop.main.now + .seconds(5))
            }
        }.value
    }
}

/// What posix_spawn needs, made from a setting.
private struct SpawnAttributes {
    private let setting: ChildProcess.Setting

    init(_ setting: ChildProcess.Setting) { self.setting = setting }

    /// - Returns: 0, or the error number.
    func spawn(_ arguments: [String], _ identifier: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let output = setting.output {
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        }
        if let errors = setting.errors {
            posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The event loop blocks signals to read them, and libdbus ignores SIGPIPE: no program expects to
        // begin its life so.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        if setting.isBackground {
            flags |= POSIX_SPAWN_SETPGROUP
            posix_spawnattr_setpgroup(&attributes, 0)
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))

        return CStrings.with(arguments) { arguments in
            CStrings.with(environment) { environment in
                posix_spawnp(
                    &identifier,
                    arguments[0] ?? strdup(""),
                    &actions,
                    &attributes,
                    arguments,
                    environment
                )
            }
        }
    }

    private var environment: [String] {
        let added = setting.environment.map { "\($0.name)=\($0.value)" }
        let kept = Environment.all.filter { entry in
            !setting.environment.contains { entry.hasPrefix($0.name + "=") }
        }
        return kept + added
    }
}

/// Lists of texts as C wants them, ended by a null pointer.
private enum CStrings {
    static func with<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}
