/// The characters that a terminal can show.
enum Glyphs: Sendable {
    case unicode, ascii

    var celsius: String { self == .unicode ? "°C" : "C" }
    var micro: String { self == .unicode ? "µ" : "u" }
    /// From the lowest to the highest.
    var bars: [Character] { Array(self == .unicode ? "▁▂▃▄▅▆▇█" : "_.-~=+*#") }

    /// A text of which every character can be shown; none takes more or fewer columns than before.
    func shown(_ text: String) -> String {
        guard self == .ascii, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return String(text.map { $0.isASCII ? $0 : Self.substitutes[$0] ?? "?" })
    }

    private static let substitutes: [Character: Character] = [
        "“": "\"", "”": "\"", "’": "'", "…": "~", "–": "-", "—": "-", "→": ">", "°": " ", "µ": "u",
    ]
}
