/// What the log tells of drives, as a person reads it in the morning.
struct HistoryPage {
    var entries: [LogEntry]

    /// Those that say what happened to drives, or to what they depend on; of one drive only where one is named.
    static func chosen(_ entries: [LogEntry], about names: [String]) -> [LogEntry] {
        // Without a priority it is the journal that has chosen.
        let entries = entries.filter { $0.priority ?? 5 <= 5 }
        guard !names.isEmpty else { return entries }
        return zip(entries, DriveContext.namesOfDrives(in: entries))
            .filter { !$1.isDisjoint(with: names) }.map(\.0)
    }

    func lines(_ report: Report) -> [String] {
        // Who looks for the times is told once that there are none.
        let lacksTimes = !entries.isEmpty && entries.allSatisfy { $0.time == nil }
        return (lacksTimes ? ["The lines of the log have no times.", ""] : [])
            + entries.flatMap { HistoryPage.lines($0, report) }
    }

    /// One line, or where that is too long when, where and who above what happened.
    private static func lines(_ entry: LogEntry, _ report: Report) -> [String] {
        let time = entry.time.map(Moment.text)
        let place = entry["place"] ?? entry["endpoint"].map(address)
        let head = [time, place, entry["serial-number"] ?? entry["drive"]]
            .compactMap { $0 }.joined(separator: "  ")
        let title = Columns.printable(head) + (head.isEmpty ? "" : "  ")
        let text = Columns.printable(sentence(entry))
        let emphasis = emphasis(of: entry)
        guard let width = report.width, Columns.width(title + text) > width, !head.isEmpty else {
            return [title + report.style.apply(emphasis, to: text)]
        }
        let pieces = Columns.wrapped(text, to: max(20, width - 4))
        return [Columns.printable(head)]
            + pieces.map { "    " + report.style.apply(emphasis, to: $0) }
    }

    var datum: Datum {
        .list(
            entries.map { entry in
                .dictionary(
                    [
                        .init("time", entry.time.map(Datum.unsigned) ?? .null),
                        .init("message", .text(entry.message)),
                    ] + entry.values.map { .init($0.name, .text($0.value)) }
                )
            }
        )
    }

    /// What happened, with what else the entry tells of it.
    static func sentence(_ entry: LogEntry) -> String {
        let who = caller(of: entry)
        if entry.message == "changed by a caller" {
            let shown: Set = ["action", "outcome"]
            let details = others(of: entry, without: shown)
            return "\(entry["action"] ?? "something")\(details) by \(who): "
                + (entry["outcome"] ?? "no outcome")
        }
        if entry.message == "event", let text = entry["text"] {
            let name = entry["message"]?.split(separator: ".").last.map { " (\($0))" } ?? ""
            return "event: \(text)\(name)"
        }
        let by = entry["caller"] == nil ? "" : " by \(who)"
        let reason = entry["reason"].map { ": \($0)" } ?? ""
        // Only the reason is another.
        let isSame = entry["was"].map { entry.message.hasSuffix(" \($0)") } ?? true
        let was = isSame ? "" : entry["was"].map { ", was \($0)" } ?? ""
        if entry.message == "wear", let percent = entry["percent"] {
            return "has used \(percent) % of its life, or more"
        }
        return entry.message + by + was + others(of: entry, without: ["reason", "was"]) + reason
    }

    private static func caller(of entry: LogEntry) -> String {
        let user = entry["user"] ?? entry["caller"] ?? "somebody"
        guard let process = entry["process"] else { return user }
        return "\(user) (\(process))"
    }

    /// The values that have no place of their own in the sentence.
    private static func others(of entry: LogEntry, without shown: Set<String>) -> String {
        let known: Set = [
            "drive", "serial-number", "model", "endpoint", "place", "caller", "user", "uid",
            "process", "pid",
        ]
        let rest = entry.values.filter { !known.contains($0.name) && !shown.contains($0.name) }
        return rest.isEmpty
            ? "" : " (" + rest.map { measure($0.name, $0.value) }.joined(separator: ", ") + ")"
    }

    /// A value with its unit, where it has one; else with its name.
    private static func measure(_ name: String, _ value: String) -> String {
        switch name {
        case "celsius": "\(value) °C"
        case "percent-used": "\(value) % used"
        case "spare": "\(value) % spare"
        case "gap-us": "\(value) µs"
        default: "\(name) \(value)"
        }
    }

    /// `net 1 eid 9` as `1:9`.
    private static func address(_ text: String) -> String {
        let words = text.split(separator: " ")
        return words.count == 4 && words[0] == "net" ? "\(words[1]):\(words[3])" : text
    }

    private static func emphasis(of entry: LogEntry) -> Emphasis {
        let last = entry.message.split(separator: " ").last.map(String.init) ?? ""
        switch last {
        case "critical", "failed", "unavailable": return .bad
        case "warning": return .warning
        case "fine", "ready": return .good
        default: return entry.priority.map { $0 <= 3 } ?? false ? .bad : .plain
        }
    }
}
