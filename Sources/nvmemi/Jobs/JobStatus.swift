import Glibc
import NVMeMI

/// A job as its properties tell of it.
struct JobStatus: Sendable {
    var properties: Datum

    var operation: String { text("Operation") }
    var state: String { text("State") }
    var step: String { text("Step") }
    var message: String { OptionNames.translated(text("ErrorMessage")) }
    var isOver: Bool { ["done", "failed", "cancelled"].contains(state) }
    var isCancelable: Bool { properties["Cancelable"] == .boolean(true) }
    var result: Datum { properties["Result"] ?? .dictionary([]) }

    /// Units of what results have, where names say something else elsewhere.
    static let units: [String: Unit] = [
        "Capacity": .bytes, "Bytes": .bytes, "Started": .moment, "Ended": .moment,
    ]

    /// From 0 to 1; nil when nobody can say.
    var fraction: Double? {
        properties["ProgressValid"] == .boolean(true) ? properties["Progress"]?.number : nil
    }

    /// Seconds until it is expected to end; nil when nobody can say.
    func secondsLeft(at now: Double) -> Double? {
        guard let end = properties["ExpectedEndTime"]?.number, end > 0 else { return nil }
        // What should have ended by now says nothing of when it will.
        let left = end / 1000 - now
        return left > 0 ? left : nil
    }

    private func text(_ name: String) -> String { properties[name]?.nonEmptyText ?? "" }

    /// One line for a terminal: what is done, how far it is, and how long it will take.
    func line(width: Int, now: Double) -> String {
        var parts = [operation]
        if let fraction {
            parts.append(Self.bar(fraction, cells: 24))
            parts.append("\(Int(fraction * 100)) %")
            if let left = secondsLeft(at: now) { parts.append(Self.duration(left) + " left") }
        }
        parts.append(step.isEmpty ? state : step)
        let line = Columns.printable(parts.joined(separator: "  "))
        return String(line.prefix(max(10, width - 1)))
    }

    static func bar(_ fraction: Double, cells: Int) -> String {
        let full = min(cells, max(0, Int(fraction * Double(cells))))
        return "[" + String(repeating: "#", count: full)
            + String(repeating: "-", count: cells - full) + "]"
    }

    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// Seconds of Unix time.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
