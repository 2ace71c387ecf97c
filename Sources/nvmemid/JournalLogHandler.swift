import Glibc
import Logging

/// Writes each entry as one line to standard error: the journal's priority prefix, the text, and
/// `key=value` pairs.
///
/// systemd's journal takes `<N>` at the start of a line for the entry's priority; on a terminal the
/// level is written instead.
struct JournalLogHandler: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    private static let isTerminal = isatty(STDERR_FILENO) == 1

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = Self.isTerminal ? "\(event.level): " : "<\(Self.priority(of: event.level))>"
        Self.append(event.message.description, to: &line)
        var pairs = metadata
        if let more = event.metadata { pairs.merge(more) { _, new in new } }
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
            line += " \(key)="
            Self.append(quoted: value.description, to: &line)
        }
        line += "\n"
        line.withUTF8 { bytes in
            // A log that cannot be written must not stop the daemon: what is left over is lost.
            _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }

    /// syslog's numbers.
    private static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
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
