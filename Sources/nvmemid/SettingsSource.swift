import EventLoop
import Glibc
import NVMeMIBridge

/// Where the daemon's settings come from: the defaults, the configuration file, and what the options say on
/// top of it.
struct SettingsSource {
    /// How long a file may take that is read again while the daemon runs.
    static let timeLimit: Duration = .seconds(10)

    let options: Options

    private var path: String { options.configuration ?? Options.standardConfiguration }

    /// The text of the configuration file, which is known to be right; waits for the file system.
    ///
    /// Only the standard file may be missing.
    func text() throws(Daemon.Failure) -> String {
        let text: String
        do throws(TextFile.Problem) {
            text = try TextFile.read(path)
        } catch {
            if case .call(let cause) = error, cause.errno.rawValue == ENOENT,
                options.configuration == nil
            {
                return ""
            }
            throw problem(error)
        }
        _ = try settings(in: text)
        return text
    }

    /// The settings; waits for the file system.
    func settings() throws(Daemon.Failure) -> BridgeSettings {
        try settings(in: try text())
    }

    /// The settings, without waiting for the file system.
    ///
    /// A read of a file is the one thing that Linux neither lets a program do without waiting nor lets it
    /// give up: a file is always ready, and no signal ends the wait but one that ends the process. So another
    /// process of this program reads the file, which can be killed when the time is over.
    ///
    /// - Parameter deadline: When to give up.
    /// - Returns: The settings.
    /// - Throws: `Daemon.Failure`, or `CancellationError` when the calling task is cancelled.
    @LoopActor
    func settings(until deadline: MonotonicInstant) async throws -> BridgeSettings {
        var arguments = ["nvmemid", "--check-configuration"]
        if let file = options.configuration { arguments += ["--config", file] }
        do {
            let (bytes, status) = try await ProgramOutput(
                of: "/proc/self/exe",
                arguments,
                limit: TextFile.sizeLimit
            ).value(until: deadline)
            guard status == 0 else {
                let complaint = String(decoding: bytes, as: UTF8.self)
                throw Daemon.Failure(text: Self.reason(in: complaint, status), exit: .usage)
            }
            return try settings(in: try TextFile.text(of: bytes))
        } catch is DeadlineExceeded {
            throw problem("its file system did not answer in time")
        } catch let error where !(error is Daemon.Failure || error is CancellationError) {
            throw problem("\(error)")
        }
    }

    /// What the other process said, as it would have been said here.
    private static func reason(in complaint: String, _ status: Int32) -> String {
        let line =
            complaint.split(separator: "\n").last ?? "it was not read (wait status \(status))"
        let own = "nvmemid: "
        return String(line.hasPrefix(own) ? line.dropFirst(own.count) : line)
    }

    private func settings(in text: String) throws(Daemon.Failure) -> BridgeSettings {
        do {
            var settings = try ConfigurationFile.parse(text)
            if let level = options.logLevel { settings.logLevel = level }
            return settings
        } catch {
            throw problem(error)
        }
    }

    private func problem(_ reason: some CustomStringConvertible) -> Daemon.Failure {
        Daemon.Failure(text: "\(path): \(reason)", exit: .usage)
    }
}
