/// Text measured in columns of a terminal.
enum Columns {
    enum Alignment: Sendable { case leading, trailing }

    /// How many columns a text takes; what drives report is ASCII, so every character counts as one.
    static func width(_ text: String) -> Int { text.count }

    /// The text filled with spaces to a width; longer text stays as it is.
    static func padded(_ text: String, to width: Int, _ alignment: Alignment) -> String {
        let filling = String(repeating: " ", count: max(0, width - Columns.width(text)))
        return alignment == .leading ? text + filling : filling + text
    }

    /// The text cut to a width, with an ellipsis for what is gone.
    static func shortened(_ text: String, to width: Int) -> String {
        guard Columns.width(text) > width else { return text }
        return width <= 1 ? String(text.prefix(max(0, width))) : text.prefix(width - 1) + "…"
    }

    /// The text in lines of at most a width, broken at blanks; a longer word is broken where the line ends.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        guard Columns.width(text) > width, width > 0 else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            var word = word
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            while word.count > width {
                lines.append(String(word.prefix(width)))
                word = word.dropFirst(width)
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        lines.append(line)
        return lines
    }

    /// The text without what would move the cursor or change the terminal: a drive's strings are not to
    /// be trusted with that.
    static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl: Bool
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                isControl = true
            default: isControl = false
            }
            result.append(isControl ? "\u{fffd}" : scalar)
        }
        return String(result)
    }
}
