import DBus
import EventLoop
import Glibc
import Logging

extension Invocation {
    /// Who called, for entries of the log: user, process, and name on the bus.
    @LoopActor
    var callerLabels: Logger.Metadata {
        var labels: Logger.Metadata = ["caller": "\(sender)", "user": "\(credentials)"]
        if let user = credentials.userID {
            labels["uid"] = "\(user)"
            if let name = UserNames.known[user] { labels["user"] = "\(name)" }
        }
        if let process = credentials.processID {
            labels["pid"] = "\(process)"
            if let name = ProcessName.of(process) { labels["process"] = "\(name)" }
        }
        return labels
    }
}

/// The names of the machine's own users.
@LoopActor
enum UserNames {
    /// By number, as they were when they were read last.
    private(set) static var known: [UInt32: String] = [:]
    private static let limit = 512

    /// Reads the names, which is for the start and for a new configuration: users of elsewhere, for which somebody
    /// would have to be asked, have their numbers only.
    static func read() {
        known = [:]
        guard let file = fopen("/etc/passwd", "re") else { return }
        defer { fclose(file) }
        while known.count < limit, let entry = fgetpwent(file) {
            let user = entry.pointee.pw_uid
            if let name = entry.pointee.pw_name, known[user] == nil {
                known[user] = String(cString: name)
            }
        }
    }
}

/// The name of a process, by the kernel's file of it, which takes no wait.
private enum ProcessName {
    /// Nil for one that has ended, or that cannot be seen.
    static func of(_ process: UInt32) -> String? {
        let file = open("/proc/\(process)/comm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        // The kernel keeps 15 bytes and ends them with a line feed.
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = Glibc.read(file, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
