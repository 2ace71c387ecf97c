/// Names of fields as people read them.
enum Words {
    /// Abbreviations whose capital letters do not follow the rule that a capital begins a word.
    private static let unsplit = [
        "SMBus", "NVMe", "PCIe", "I2C", "I3C", "IEEE", "RTD3", "SQE", "CQE",
    ]

    /// "CompositeTemperature" as "Composite temperature", "SMBusFrequency" as "SMBus frequency".
    static func split(_ name: String) -> String {
        var words: [String] = []
        var rest = Substring(name)
        while !rest.isEmpty {
            let word = nextWord(rest)
            rest.removeFirst(word.count)
            words.append(String(word))
        }
        return words.enumerated().map { index, word -> String in
            if word == "Id" { return "ID" }
            let isAbbreviation = word.dropFirst().contains { $0.isUppercase || $0.isNumber }
            return index == 0 || isAbbreviation || word.count == 1 ? word : word.lowercased()
        }.joined(separator: " ")
    }

    /// The first word of a name.
    ///
    /// A capital letter begins a word, except within a run of capitals: there only the last one does, when
    /// a small letter follows. So does a number after a small letter, as in `Port0`, not in `EUI64`.
    private static func nextWord(_ text: Substring) -> Substring {
        if let whole = unsplit.first(where: { text.hasPrefix($0) }) {
            return text.prefix(whole.count)
        }
        let characters = Array(text)
        var end = 1
        while end < characters.count {
            let (before, here) = (characters[end - 1], characters[end])
            if here.isUppercase, !before.isUppercase { break }
            if here.isNumber, before.isLowercase { break }
            if here.isUppercase, before.isUppercase, end + 1 < characters.count,
                characters[end + 1].isLowercase
            {
                break
            }
            if unsplit.contains(where: { text.dropFirst(end).hasPrefix($0) }) { break }
            end += 1
        }
        return text.prefix(end)
    }
}
