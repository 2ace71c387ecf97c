import Glibc
import Logging

/// An entry of the log as one line: the journal's priority prefix, the text, and `key=value` pairs.
///
/// systemd's journal takes `<N>` at the start of a line for the entry's priority; on a terminal the level
/// is written instead.
struct LogLine {
    /// The longest line, with its end: the most that a pipe takes without waiting when it is ready.
    private static let limit = 4096
    private static let isTerminal = isatty(STDERR_FILENO) == 1

    private(set) var text: String

    init(_ level: Logger.Level, _ message: String, _ pairs: Logger.Metadata = [:]) {
        text = Self.isTerminal ? "\(level): " : "<\(level.priority)>"
        Self.append(message, to: &text)
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
            append(key, value.description)
        }
    }

    /// Adds a pair.
    mutating func append(_ key: String, _ value: String) {
        text += " \(key)="
        Self.append(quoted: value, to: &text)
    }

    /// Adds a number of entries, if there were any.
    mutating func append(_ key: String, count: Int) {
        if count > 0 { append(key, "\(count)") }
    }

    /// Writes the line to standard error; false when it cannot be written without waiting.
    func write() -> Bool {
        var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&descriptor, 1, 0) == 1 else { return false }
        let bytes = Array(text.utf8.prefix(Self.limit - 1)) + [UInt8(ascii: "\n")]
        // What nobody can read any more is not missed.
        return Glibc.write(STDERR_FILENO, bytes, bytes.count) > 0 || errno == EPIPE
    }

    /// Appends a text on one line: what came from a drive or a caller must not fake an entry.
    private static func append(_ text: String, to line: inout String) {
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar.value == 0x7f {
                line += "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
    }

    private static func append(quoted text: String, to line: inout String) {
        guard text.isEmpty || text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else {
            append(text, to: &line)
            return
        }
        line += "\""
        append(
            text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""),
            to: &line
        )
        line += "\""
    }
}

extension Logger.Level {
    /// syslog's number.
    fileprivate var priority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}
