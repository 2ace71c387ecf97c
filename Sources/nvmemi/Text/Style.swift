/// What a piece of text wants to say by its looks.
enum Emphasis: Sendable {
    case plain, title, good, warning, bad, quiet
}

/// How emphasis is written: as nothing, or as a terminal's escape sequences.
enum Style: Sendable {
    case plain, colour

    func apply(_ emphasis: Emphasis, to text: String) -> String {
        let code: String
        switch (self, emphasis) {
        case (.plain, _), (_, .plain): return text
        case (_, .title): code = "1"
        case (_, .good): code = "32"
        case (_, .warning): code = "33"
        case (_, .bad): code = "31;1"
        case (_, .quiet): code = "2"
        }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}
