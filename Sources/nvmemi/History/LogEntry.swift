/// A line of the daemon's log: when, how urgent, what, and the values that belong to it.
struct LogEntry: Equatable, Sendable {
    /// In milliseconds of Unix time; nil where the line does not tell.
    var time: UInt64?
    /// syslog's number, 0 to 7; nil where the line does not tell.
    var priority: Int?
    var message: String
    var values: [(name: String, value: String)]

    static func == (left: LogEntry, right: LogEntry) -> Bool {
        left.time == right.time && left.priority == right.priority && left.message == right.message
            && left.values.elementsEqual(right.values, by: ==)
    }

    /// A line as the daemon writes it, or as journalctl and syslog do, with a time before it.
    init?(_ line: some StringProtocol) {
        var rest = Substring(line)
        // What journalctl itself says, of boots and gaps.
        if rest.hasPrefix("-- ") { return nil }
        if let head = LogHead(rest) { (time, rest) = (head.time, head.rest) }
        if rest.first == "<", let end = rest.prefix(4).firstIndex(of: ">"),
            let number = Int(rest[rest.index(after: rest.startIndex)..<end])
        {
            priority = number
            rest = rest[rest.index(after: end)...]
        }
        (message, values) = LogEntry.split(rest)
        if message.isEmpty { return nil }
    }

    subscript(name: String) -> String? { values.first { $0.name == name }?.value }

    /// The message ends where the first `name=` begins.
    private static func split(_ text: Substring) -> (String, [(name: String, value: String)]) {
        var words: [Substring] = []
        var values: [(name: String, value: String)] = []
        var rest = text
        while !rest.isEmpty {
            let word = rest.prefix { $0 != " " && $0 != "\"" && $0 != "=" }
            let after = rest.dropFirst(word.count)
            if after.first == "=", isName(word) {
                let (value, remainder) = takeValue(after.dropFirst())
                values.append((String(word), value))
                rest = remainder.drop { $0 == " " }
            } else {
                let whole = rest.prefix { $0 != " " }
                if values.isEmpty { words.append(whole) }
                rest = rest.dropFirst(whole.count).drop { $0 == " " }
            }
        }
        return (words.joined(separator: " "), values)
    }

    private static func isName(_ word: Substring) -> Bool {
        !word.isEmpty && word.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }
    }

    /// A value up to the next blank, or in quotation marks, in which `\"` is one of them.
    private static func takeValue(_ text: Substring) -> (String, Substring) {
        guard text.first == "\"" else {
            let value = text.prefix { $0 != " " }
            return (String(value), text.dropFirst(value.count))
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == "\\", rest.first == "\"" {
                value.append("\"")
                rest.removeFirst()
            } else if character == "\"" {
                break
            } else {
                value.append(character)
            }
        }
        return (value, rest)
    }
}
