/// A pattern in which `*` stands for any characters and `?` for one; case counts.
public struct TextPattern: Equatable, Sendable {
    /// As it is written.
    public let text: String

    /// The pattern that is written so.
    public init(_ text: String) { self.text = text }

    /// Whether a text fits.
    public func fits(_ text: String) -> Bool {
        let text = Array(text.unicodeScalars)
        let pattern = Array(self.text.unicodeScalars)
        var (place, wanted) = (0, 0)
        // Where to go on after one more character is given to the last star.
        var retry: (place: Int, wanted: Int)?
        while place < text.count {
            if wanted < pattern.count, pattern[wanted] == "*" {
                wanted += 1
                retry = (place, wanted)
            } else if wanted < pattern.count,
                pattern[wanted] == "?" || pattern[wanted] == text[place]
            {
                place += 1
                wanted += 1
            } else if let star = retry {
                retry = (star.place + 1, star.wanted)
                (place, wanted) = (star.place + 1, star.wanted)
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == "*" }
    }
}
