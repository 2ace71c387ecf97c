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
/// Lines after a line such as `[drives]` are of a section, which is for something only; see
/// ``ConfigurationSection``.
public enum ConfigurationFile {
    /// What a file says, on top of the defaults.
    public static func parse(_ text: String) throws(ConfigurationError) -> BridgeSettings {
        var settings = BridgeSettings()
        var seen: Set<String> = []
        var section: (any ConfigurationSection)?
        var beginning = 0
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let number = index + 1
            let line = line.trimmed
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            if line.hasPrefix("[") {
                guard let kind = sections.first(where: { $0.header == line }) else {
                    let known = sections.map { $0.header }.joined(separator: ", ")
                    throw ConfigurationError(
                        line: number,
                        problem: "unknown section '\(line)'; there are \(known)"
                    )
                }
                try finish(section, from: beginning, &settings)
                section = kind.init()
                beginning = number
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
            let problem: String?
            if var current = section {
                problem = current.assign(key, value)
                section = current
            } else {
                problem = assign(key, value, &settings)
            }
            if let problem { throw ConfigurationError(line: number, problem: problem) }
        }
        try finish(section, from: beginning, &settings)
        return settings
    }

    private static func finish(
        _ section: (any ConfigurationSection)?,
        from line: Int,
        _ settings: inout BridgeSettings
    ) throws(ConfigurationError) {
        if let problem = section?.finish(&settings) {
            throw ConfigurationError(line: line, problem: problem)
        }
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
        return text + "\n" + DrivesSection.sample + "\n" + PlaceSection.sample
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
