/// The daemon's errors name the options of its methods and the types of D-Bus; a person has those of the command line.
enum OptionNames {
    /// `say with the option 'lsi' (q) which` as `say with --lsi which`.
    static func translated(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let character = rest.first {
            if let (name, after) = option(rest) {
                result += "--" + name
                rest = after
            } else if let after = type(rest) {
                rest = after
            } else {
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// The name of an option that a text begins with, and what follows it.
    private static func option(_ text: Substring) -> (name: Substring, rest: Substring)? {
        for words in ["the option '", "option '"] where text.hasPrefix(words) {
            let begun = text.dropFirst(words.count)
            let name = begun.prefix { $0.isLowercase || $0.isNumber || $0 == "-" }
            guard !name.isEmpty, begun.dropFirst(name.count).first == "'" else { return nil }
            return (name, begun.dropFirst(name.count + 1))
        }
        return nil
    }

    private static let types: Set<Substring> = [
        "y", "b", "n", "q", "i", "u", "x", "t", "d", "s", "o", "g", "as", "ay",
    ]

    /// What follows a type of D-Bus, such as ` (q)`, that a text begins with.
    private static func type(_ text: Substring) -> Substring? {
        guard text.hasPrefix(" (") else { return nil }
        let type = text.dropFirst(2).prefix { $0 != ")" }
        return types.contains(type) ? text.dropFirst(type.count + 3) : nil
    }
}
