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
///
/// Lines after a line `[drives]` are for some drives only: those that the section's `vendor-id`, `model`
/// and `firmware` fit.
public enum ConfigurationFile {
    private static let sectionHeader = "[drives]"

    /// What a file says, on top of the defaults.
    public static func parse(_ text: String) throws(ConfigurationError) -> BridgeSettings {
        var settings = BridgeSettings()
        var seen: Set<String> = []
        var section: Section?
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let number = index + 1
            let line = line.trimmed
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            if line.hasPrefix("[") {
                guard line == sectionHeader else {
                    throw ConfigurationError(
                        line: number,
                        problem: "unknown section '\(line)'; the only one is \(sectionHeader)"
                    )
                }
                if let section { settings.driveRules.append(try section.rule()) }
                section = Section(line: number)
                seen = []
                continue
            }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw ConfigurationError(
                    line: number,
                    problem: "'\(line)' is not of the form 'key = value'"
                )
            }
            let key = String(parts[0].trimmed)
            let value = String(parts[1].trimmed)
            guard seen.insert(key).inserted else {
                throw ConfigurationError(line: number, problem: "'\(key)' is given twice")
            }
            let problem =
                section == nil
                ? assign(key, value, &settings) : section?.assign(key, value)
            if let problem { throw ConfigurationError(line: number, problem: problem) }
        }
        if let section { settings.driveRules.append(try section.rule()) }
        return settings
    }

    /// Takes over a line outside of sections; returns what is wrong with it.
    private static func assign(
        _ key: String,
        _ value: String,
        _ settings: inout BridgeSettings
    ) -> String? {
        guard let setting = Setting.named(key) else {
            return unknown(key, "the keys are", Setting.all.map(\.key))
        }
        let isFine =
            switch setting.target {
            case .bridge(let apply): apply(value, &settings)
            case .drive(let apply): apply(value, &settings.drive)
            }
        return isFine ? nil : setting.refusal(of: value)
    }

    fileprivate static func unknown(
        _ key: String,
        _ introduction: String,
        _ known: [String]
    ) -> String {
        "unknown key '\(key)'; \(introduction) \(known.joined(separator: ", "))"
    }

    /// A section for some drives.
    private struct Section {
        let line: Int
        private var drives = DriveRule()

        init(line: Int) {
            self.line = line
        }

        /// Takes over a line; returns what is wrong with it.
        mutating func assign(_ key: String, _ value: String) -> String? {
            switch key {
            case "vendor-id":
                guard let number = Self.vendorID(value) else {
                    return "'\(value)' is not a value of 'vendor-id', which takes a PCI vendor "
                        + "identifier such as 0x144d"
                }
                drives.vendorID = number
            case "model": drives.model = value
            case "firmware": drives.firmware = value
            default:
                guard let setting = Setting.named(key), case .drive(let apply) = setting.target
                else {
                    return unknown(
                        key,
                        "the keys of \(sectionHeader) are",
                        ["vendor-id", "model", "firmware"] + Setting.ofDrives.map(\.key)
                    )
                }
                var trial = DriveSettings()
                guard apply(value, &trial) else { return setting.refusal(of: value) }
                drives.assignments.append(.init(key: key, value: value))
            }
            return nil
        }

        func rule() throws(ConfigurationError) -> DriveRule {
            guard drives.vendorID != nil || drives.model != nil || drives.firmware != nil else {
                throw ConfigurationError(
                    line: line,
                    problem:
                        "\(sectionHeader) does not say which drives; it needs vendor-id, model "
                        + "or firmware"
                )
            }
            return drives
        }

        private static func vendorID(_ text: String) -> UInt16? {
            text.lowercased().hasPrefix("0x")
                ? UInt16(text.dropFirst(2), radix: 16) : UInt16(text)
        }
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
        let keys = Setting.ofDrives.map(\.key).joined(separator: ", ")
        text += """

            # Settings for some drives only. A section holds for drives that its vendor-id (of PCI), model
            # and firmware fit; in the latter two * stands for any characters and ? for one. Of several
            # sections that fit, the later ones win. The identity of a drive is known when it has been
            # identified for the first time. Keys that a section can have:
            # \(keys).
            #   [drives]
            #   vendor-id = 0x1234
            #   model = EXAMPLE*
            #   firmware = 1.?
            #   minimum-gap-us = 1200

            """
        return text
    }
}

/// One key of the configuration file.
struct Setting: Sendable {
    /// Takes over a value as it is written; false when it is not allowed.
    enum Target: Sendable {
        case bridge(@Sendable (String, inout BridgeSettings) -> Bool)
        /// A setting that can differ from drive to drive.
        case drive(@Sendable (String, inout DriveSettings) -> Bool)
    }

    let key: String
    let meaning: String
    let allowed: String
    let standard: String
    let target: Target

    static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

    static var ofDrives: [Setting] {
        all.filter { if case .drive = $0.target { true } else { false } }
    }

    func refusal(of value: String) -> String {
        "'\(value)' is not a value of '\(key)', which takes \(allowed)"
    }

    static let all: [Setting] = [
        drive(
            "command-timeout-ms",
            "Time limit of every command, from the call to its answer, in milliseconds;\n"
                + "# 0 leaves each command its own default.",
            0...600_000,
            standard: 0
        ) { $0.session.timeLimit = $1 == 0 ? nil : .milliseconds($1) },
        drive(
            "more-processing-limit-ms",
            "Longest time, from the call, that a drive can ask for by More Processing Required\n"
                + "# where neither the caller nor command-timeout-ms limits the command.",
            0...600_000,
            standard: 60_000
        ) { $0.session.moreProcessingTimeLimit = .milliseconds($1) },
        drive(
            "queue-limit",
            "Commands that may wait for one endpoint.",
            1...10_000,
            standard: DriveSettings().session.queueLimit
        ) { $0.session.queueLimit = $1 },
        drive(
            "queue-limit-per-client",
            "Commands of one D-Bus client that may wait for one endpoint.",
            1...10_000,
            standard: DriveSettings().session.queueLimitPerSender
        ) { $0.session.queueLimitPerSender = $1 },
        drive(
            "minimum-gap-us",
            "Least time between an answer and the next command to the same endpoint, in\n"
                + "# microseconds, for drives that lose a command which follows too closely.",
            0...1_000_000,
            standard: 0
        ) { $0.session.minimumGap = .microseconds($1) },
        drive(
            "second-slot",
            "Whether health polls may use command slot 1 while slot 0 works on another command.",
            ["yes", "no"],
            standard: "yes"
        ) { $0.session.usesSecondSlot = $1 == "yes" },
        drive(
            "control-primitives",
            "Whether drives are sent Abort and Get State after commands without an answer. Without\n"
                + "# them slot 1 is not used.",
            ["yes", "no"],
            standard: "yes"
        ) { $0.session.usesControlPrimitives = $1 == "yes" },
        drive(
            "health-interval-ms",
            "Time from one health poll to the next, in milliseconds; 0 polls never.",
            0...86_400_000,
            standard: 10_000
        ) { $0.healthInterval = .milliseconds($1) },
        drive(
            "transmission-unit",
            "Greatest MCTP transmission unit, in bytes of payload, that drive and route are set to\n"
                + "# when a drive is found; 64 leaves both as they are.",
            64...4096,
            standard: 250
        ) { $0.transmissionUnit = UInt16(clamping: $1) },
        drive(
            "smbus-frequency",
            "Greatest SMBus frequency, in hertz, that a drive is set to when it is found: what the\n"
                + "# buses of this machine can do; 100000 leaves it as it is.",
            ["100000", "400000", "1000000"],
            standard: "400000"
        ) { $0.smbusFrequency = UInt32($1) ?? 100_000 },
        bridge(
            "calls",
            "D-Bus method calls that may be open altogether.",
            1...100_000,
            standard: BridgeSettings().calls
        ) { $0.calls = $1 },
        bridge(
            "calls-per-client",
            "D-Bus method calls that one client may have open.",
            1...100_000,
            standard: BridgeSettings().callsPerClient
        ) { $0.callsPerClient = $1 },
        bridge(
            "first-retry-ms",
            "First pause before an endpoint that does not answer is tried again, in\n"
                + "# milliseconds; doubled each time.",
            10...3_600_000,
            standard: 1000
        ) { $0.firstRetry = .milliseconds($1) },
        bridge(
            "last-retry-ms",
            "Longest pause before an endpoint that does not answer is tried again, in\n"
                + "# milliseconds.",
            10...3_600_000,
            standard: 60_000
        ) { $0.lastRetry = .milliseconds($1) },
        bridge(
            "first-recover-ms",
            "First pause before mctpd is asked again to recover an endpoint that stays silent, in\n"
                + "# milliseconds; doubled each time. 0 has it never asked.",
            0...3_600_000,
            standard: 10_000
        ) { $0.firstRecoverPause = .milliseconds($1) },
        bridge(
            "last-recover-ms",
            "Longest pause before mctpd is asked again to recover an endpoint, in milliseconds.",
            10...86_400_000,
            standard: 600_000
        ) { $0.lastRecoverPause = .milliseconds($1) },
        bridge(
            "mctpd-grace-ms",
            "How long endpoints stay published while mctpd is away, and after its return while it\n"
                + "# does not list them, in milliseconds.",
            0...3_600_000,
            standard: 30_000
        ) { $0.mctpdGrace = .milliseconds($1) },
        bridge(
            "shutdown-grace-ms",
            "How long open calls may still take when the daemon is told to end, in\n"
                + "# milliseconds.",
            0...60_000,
            standard: 5000
        ) { $0.shutdownGrace = .milliseconds($1) },
        bridge(
            "log-level",
            "The least urgent log entries that are written.",
            BridgeSettings.logLevels,
            standard: BridgeSettings().logLevel
        ) { $0.logLevel = $1 },
    ]

    private static func bridge(
        _ key: String,
        _ meaning: String,
        _ range: ClosedRange<Int32>,
        standard: Int,
        _ assign: @escaping @Sendable (inout BridgeSettings, Int) -> Void
    ) -> Setting {
        number(key, meaning, range, standard, .bridge { apply($0, in: range, to: &$1, assign) })
    }

    private static func drive(
        _ key: String,
        _ meaning: String,
        _ range: ClosedRange<Int32>,
        standard: Int,
        _ assign: @escaping @Sendable (inout DriveSettings, Int) -> Void
    ) -> Setting {
        number(key, meaning, range, standard, .drive { apply($0, in: range, to: &$1, assign) })
    }

    private static func bridge(
        _ key: String,
        _ meaning: String,
        _ words: [String],
        standard: String,
        _ assign: @escaping @Sendable (inout BridgeSettings, String) -> Void
    ) -> Setting {
        word(key, meaning, words, standard, .bridge { apply($0, of: words, to: &$1, assign) })
    }

    private static func drive(
        _ key: String,
        _ meaning: String,
        _ words: [String],
        standard: String,
        _ assign: @escaping @Sendable (inout DriveSettings, String) -> Void
    ) -> Setting {
        word(key, meaning, words, standard, .drive { apply($0, of: words, to: &$1, assign) })
    }

    private static func number(
        _ key: String,
        _ meaning: String,
        _ range: ClosedRange<Int32>,
        _ standard: Int,
        _ target: Target
    ) -> Setting {
        Setting(
            key: key,
            meaning: meaning,
            allowed: "a number from \(range.lowerBound) to \(range.upperBound)",
            standard: "\(standard)",
            target: target
        )
    }

    private static func word(
        _ key: String,
        _ meaning: String,
        _ words: [String],
        _ standard: String,
        _ target: Target
    ) -> Setting {
        Setting(
            key: key,
            meaning: meaning,
            allowed: words.joined(separator: ", "),
            standard: standard,
            target: target
        )
    }

    private static func apply<Settings>(
        _ text: String,
        in range: ClosedRange<Int32>,
        to settings: inout Settings,
        _ assign: (inout Settings, Int) -> Void
    ) -> Bool {
        guard let number = Int32(text), range.contains(number) else { return false }
        assign(&settings, Int(number))
        return true
    }

    private static func apply<Settings>(
        _ text: String,
        of words: [String],
        to settings: inout Settings,
        _ assign: (inout Settings, String) -> Void
    ) -> Bool {
        guard words.contains(text) else { return false }
        assign(&settings, text)
        return true
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
