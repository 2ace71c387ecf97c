import Glibc
import Logging
import Synchronization

/// Writes each entry as one line to standard error: the journal's priority prefix, the text, and
/// `key=value` pairs.
///
/// systemd's journal takes `<N>` at the start of a line for the entry's priority; on a terminal the
/// level is written instead.
///
/// An entry that cannot be written at once is lost and counted: whoever does not read the log must not
/// stop the daemon. Entries that come too often are held back and counted, except of the levels debug and
/// trace: whoever wants those wants them all.
struct JournalLogHandler: LogHandler {
    /// The most that a pipe takes without waiting when it is ready.
    private static let lineLimit = 4096
    private static let level = Atomic<Int>(Logger.Level.info.place)
    private static let lost = Atomic<Int>(0)
    private static let limiter = Mutex(LogLimiter())

    var metadata: Logger.Metadata = [:]

    /// One level for all loggers, also for those that were made before it was changed.
    var logLevel: Logger.Level {
        get { Logger.Level.allCases[Self.level.load(ordering: .relaxed)] }
        set { Self.level.store(newValue.place, ordering: .relaxed) }
    }

    private static let isTerminal = isatty(STDERR_FILENO) == 1

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var heldBack = 0
        var line: String
        switch event.level {
        case .debug, .trace:
            line = text(of: event)
        case .info, .notice, .warning:
            let endpoint = event.metadata?["endpoint"] ?? metadata["endpoint"]
            let kind = "\(event.message) \(endpoint?.description ?? "")"
            guard let number = Self.admit(kind) else { return }
            heldBack = number
            line = text(of: event)
        case .error, .critical:
            // None may be lost for being like another: only what is the same in every word is held back.
            line = text(of: event)
            guard let number = Self.admit(line) else { return }
            heldBack = number
        }
        if heldBack > 0 { line += " suppressed=\(heldBack)" }
        let lost = Self.lost.exchange(0, ordering: .relaxed)
        if lost > 0 { line += " lost-entries-before=\(lost)" }
        if !Self.write(line) { Self.lost.add(lost + 1, ordering: .relaxed) }
    }

    /// How many entries of a kind were held back before this one; nil when it is held back too.
    private static func admit(_ kind: String) -> Int? {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        return limiter.withLock { limiter in
            let heldBack = limiter.admit(kind, at: now)
            if heldBack != nil { lost.add(limiter.takeForgotten(), ordering: .relaxed) }
            return heldBack
        }
    }

    /// The entry on one line.
    private func text(of event: LogEvent) -> String {
        var line = Self.isTerminal ? "\(event.level): " : "<\(Self.priority(of: event.level))>"
        Self.append(event.message.description, to: &line)
        var pairs = metadata
        if let more = event.metadata { pairs.merge(more) { _, new in new } }
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
            line += " \(key)="
            Self.append(quoted: value.description, to: &line)
        }
        return line
    }

    /// Writes a line; false when it cannot be written without waiting.
    private static func write(_ line: String) -> Bool {
        var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&descriptor, 1, 0) == 1 else { return false }
        let bytes = Array(line.utf8.prefix(lineLimit - 1)) + [UInt8(ascii: "\n")]
        // What nobody can read any more is not missed.
        return Glibc.write(STDERR_FILENO, bytes, bytes.count) > 0 || errno == EPIPE
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

extension Logger.Level {
    /// Its place among all levels.
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
