import ArgumentParser

extension Failure {
    /// What the parser says of an option that there is not, with those that there are.
    ///
    /// The parser also proposes options that hardly have a letter in common with what was written.
    ///
    /// - Returns: Nil when the text is about something else.
    init?(unknownOption text: String, of tool: any ParsableCommand.Type) {
        // Error: Unknown option 'x'. Did you mean 'y'? … See 'nvmemi list --help' for …
        let quoted = text.split(separator: "'", omittingEmptySubsequences: false)
        guard text.hasPrefix("Error: Unknown option '"), quoted.count > 2,
            let reference = quoted.firstIndex(where: { $0.hasSuffix("\n  See ") }),
            reference + 1 < quoted.count
        else { return nil }
        let option = quoted[1]
        let words = quoted[reference + 1].split(separator: " ").dropLast()
        let command = words.dropFirst().reduce(tool) { command, word in
            command.configuration.subcommands.first { $0._commandName == word } ?? command
        }
        let known = Failure.options(of: command)
        let proposal = known.min { $0.distance(to: option) < $1.distance(to: option) }
            .flatMap { $0.distance(to: option) <= max(1, option.count / 4) ? $0 : nil }
        self.init(
            .usage,
            "`\(words.joined(separator: " "))` has no option “\(option)”."
                + (proposal.map { " Did you mean \($0)?" } ?? ""),
            advice: "It has: " + known.joined(separator: ", ")
        )
    }

    /// The long names of a command's options, as its help has them.
    private static func options(of command: any ParsableCommand.Type) -> [String] {
        command.helpMessage(columns: 200).split(separator: "\n")
            .drop { $0 != "OPTIONS:" }
            .compactMap { line in
                guard line.hasPrefix("  -") else { return nil }
                return line.split { " ,/".contains($0) }.first { $0.hasPrefix("--") }
                    .map(String.init)
            }
    }
}

extension StringProtocol {
    /// How many characters are to be put in, taken out or replaced to make the other text of this one.
    func distance(to other: some StringProtocol) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (index, character) in enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (character == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
