import NVMeMIClient

/// One line of the configuration file that could not be taken.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line's number, from 1.
    public let line: Int
    /// What is wrong with it and what is allowed.
    public let problem: String

    /// The line and the problem.
    public var description: String { "line \(line): \(problem)" }
}

/// The configuration file: lines of `key = value`; blank lines and those that start with `#` are
/// ignored.
public enum ConfigurationFile {
    /// What a file says, on top of the defaults.
    public static func parse(_ text: String) throws(ConfigurationError) -> BridgeSettings {
        var settings = BridgeSettings()
        var seen: Set<String> = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let line = line.trimmed
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw ConfigurationError(
                    line: index + 1,
                    problem: "'\(line)' is not of the form 'key = value'"
                )
            }
            let key = String(parts[0].trimmed)
            guard let setting = Setting.all.first(where: { $0.key == key }) else {
                let known = Setting.all.map(\.key).joined(separator: ", ")
                throw ConfigurationError(
                    line: index + 1,
                    problem: "unknown key '\(key)'; the keys are \(known)"
                )
            }
            guard seen.insert(key).inserted else {
                throw ConfigurationError(line: index + 1, problem: "'\(key)' is given twice")
            }
            guard setting.apply(String(parts[1].trimmed), &settings) else {
                throw ConfigurationError(
                    line: index + 1,
                    problem: "'\(parts[1].trimmed)' is not a value of '\(key)', which takes "
                        + setting.allowed
                )
            }
        }
        return settings
    }

    /// A file with every key, its meaning and its default, all commented out.
    public static var sample: String {
        var text = """
            # Configuration of nvmemid. Each line is `key = value`; the values shown are the defaults.
            # A changed file is read again on SIGHUP (systemctl reload nvmemid).

            """
        for setting in Setting.all {
            text += "\n# \(setting.meaning)\n# Takes \(setting.allowed).\n"
            text += "#\(setting.key) = \(setting.standard)\n"
        }
        return text
    }
}

/// One key of the configuration file.
struct Setting: Sendable {
    let key: String
    let meaning: String
    let allowed: String
    let standard: String
    /// Takes over a value as it is written; false when it is not allowed.
    let apply: @Sendable (String, inout BridgeSettings) -> Bool

    static let all: [Setting] = [
        Setting(
            "command-timeout-ms",
            "Time limit of every command, from the call to its answer, in milliseconds;\n"
                + "# 0 leaves each command its own default.",
            0...600_000,
            standard: 0
        ) { $0.session.timeLimit = $1 == 0 ? nil : .milliseconds($1) },
        Setting(
            "queue-limit",
            "Commands that may wait for one endpoint.",
            1...10_000,
            standard: BridgeSettings().session.queueLimit
        ) { $0.session.queueLimit = $1 },
        Setting(
            "queue-limit-per-client",
            "Commands of one D-Bus client that may wait for one endpoint.",
            1...10_000,
            standard: BridgeSettings().session.queueLimitPerSender
        ) { $0.session.queueLimitPerSender = $1 },
        Setting(
            "minimum-gap-us",
            "Least time between an answer and the next command to the same endpoint, in\n"
                + "# microseconds, for drives that lose a command which follows too closely.",
            0...1_000_000,
            standard: 0
        ) { $0.session.minimumGap = .microseconds($1) },
        Setting(
            "second-slot",
            "Whether urgent commands may use command slot 1 while slot 0 works on another.",
            ["yes", "no"],
            standard: "yes"
        ) { $0.session.usesSecondSlot = $1 == "yes" },
        Setting(
            "calls",
            "D-Bus method calls that may be open altogether.",
            1...100_000,
            standard: BridgeSettings().calls
        ) { $0.calls = $1 },
        Setting(
            "calls-per-client",
            "D-Bus method calls that one client may have open.",
            1...100_000,
            standard: BridgeSettings().callsPerClient
        ) { $0.callsPerClient = $1 },
        Setting(
            "first-retry-ms",
            "First pause before an endpoint that does not answer is tried again, in\n"
                + "# milliseconds; doubled each time.",
            10...3_600_000,
            standard: 1000
        ) { $0.firstRetry = .milliseconds($1) },
        Setting(
            "last-retry-ms",
            "Longest pause before an endpoint that does not answer is tried again, in\n"
                + "# milliseconds.",
            10...3_600_000,
            standard: 60_000
        ) { $0.lastRetry = .milliseconds($1) },
        Setting(
            "mctpd-grace-ms",
            "How long endpoints stay published while mctpd is away, in milliseconds.",
            0...3_600_000,
            standard: 30_000
        ) { $0.mctpdGrace = .milliseconds($1) },
        Setting(
            "shutdown-grace-ms",
            "How long open calls may still take when the daemon is told to end, in\n"
                + "# milliseconds.",
            0...60_000,
            standard: 5000
        ) { $0.shutdownGrace = .milliseconds($1) },
        Setting(
            "log-level",
            "The least urgent log entries that are written.",
            BridgeSettings.logLevels,
            standard: BridgeSettings().logLevel
        ) { $0.logLevel = $1 },
    ]

    private init(
        _ key: String,
        _ meaning: String,
        _ range: ClosedRange<Int32>,
        standard: Int,
        _ apply: @escaping @Sendable (inout BridgeSettings, Int) -> Void
    ) {
        self.key = key
        self.meaning = meaning
        allowed = "a number from \(range.lowerBound) to \(range.upperBound)"
        self.standard = "\(standard)"
        self.apply = { text, settings in
            guard let number = Int32(text), range.contains(number) else { return false }
            apply(&settings, Int(number))
            return true
        }
    }

    private init(
        _ key: String,
        _ meaning: String,
        _ words: [String],
        standard: String,
        _ apply: @escaping @Sendable (inout BridgeSettings, String) -> Void
    ) {
        self.key = key
        self.meaning = meaning
        allowed = words.joined(separator: ", ")
        self.standard = standard
        self.apply = { text, settings in
            guard words.contains(text) else { return false }
            apply(&settings, text)
            return true
        }
    }
}

extension StringProtocol {
    /// Without the blanks at either end.
    fileprivate var trimmed: SubSequence {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard let first = firstIndex(where: { !isBlank($0) }),
            let last = lastIndex(where: { !isBlank($0) })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
