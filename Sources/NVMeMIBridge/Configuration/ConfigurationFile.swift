import NVMeMIDrives

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
                if let section { settings.fleet.driveRules.append(try section.rule()) }
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
        if let section { settings.fleet.driveRules.append(try section.rule()) }
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
            case .drive(let apply): apply(value, &settings.fleet.drive)
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
            case "model", "firmware":
                guard !value.isEmpty else {
                    return
                        "'\(key)' is empty, which no drive fits; it takes a text in which * stands for "
                        + "any characters and ? for one"
                }
                if key == "model" {
                    drives.model = TextPattern(value)
                } else {
                    drives.firmware = TextPattern(value)
                }
            default:
                let setting = Setting.named(key)
                if case .bridge? = setting?.target {
                    return "'\(key)' is not for some drives only; it stands before the first "
                        + sectionHeader
                }
                guard let setting, case .drive(let apply) = setting.target else {
                    return unknown(
                        key,
                        "the keys of \(sectionHeader) are",
                        ["vendor-id", "model", "firmware"] + Setting.ofDrives.map(\.key)
                    )
                }
                var trial = DriveSettings()
                guard apply(value, &trial) else { return setting.refusal(of: value) }
                drives.changes.append(
                    .init(key: key, value: value) { _ = apply(value, &$0) }
                )
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
        let keys = Setting.ofDrives.map { "#   " + $0.key }.joined(separator: "\n")
        let known = DriveRule.known.map(\.description).joined(separator: "; ")
        text += """

            # Settings for some drives only, after those for all. A section holds for drives whose first
            # controller has the vendor-id (of PCI, as 0x1234 or decimal), the model and the firmware that
            # the section names, one of them at least; in the latter two * stands for any characters and ?
            # for one, and case counts. Of several sections that fit, the later ones win. Until a drive has
            # been identified, it is treated as any other, but not made faster if a section says something
            # of that. Keys that a section can have:
            \(keys)
            # Known without a section, unless one says otherwise:
            #   \(known)
            # An example:
            #   [drives]
            #   vendor-id = 0x1234
            #   model = EXAMPLE*
            #   firmware = 1.?
            #   minimum-gap-us = 1200

            """
        return text
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
