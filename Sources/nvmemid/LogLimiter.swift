/// Holds entries back that come again and again, so that a flood of them costs little.
///
/// Each entry may come a number of times in a row, and then a few times in a second. What was held back is
/// told with the next one that is not.
struct LogLimiter {
    /// Entries of one kind that may come at once.
    static let burst: Int64 = 20
    /// Nanoseconds that each needs in the long run.
    static let interval: Int64 = 200_000_000
    /// Kinds of entries that are told apart.
    static let capacity = 64

    private struct Kind {
        /// When all that were let through would have come, had they kept to the interval.
        var schedule: Int64
        var heldBack = 0
    }

    private var kinds: [String: Kind] = [:]
    /// Entries held back of kinds that are not remembered any more.
    private var forgotten = 0

    /// Decides on an entry.
    ///
    /// - Parameters:
    ///   - kind: What is the same for entries that count as one.
    ///   - now: Nanoseconds on a clock that never goes back.
    /// - Returns: How many of its kind were held back before it; nil when it is held back too.
    mutating func admit(_ kind: String, at now: Int64) -> Int? {
        if kinds[kind] == nil, kinds.count >= Self.capacity { forgetOne() }
        var entry = kinds[kind] ?? Kind(schedule: now)
        defer { kinds[kind] = entry }
        let schedule = max(entry.schedule, now)
        guard schedule - now <= (Self.burst - 1) * Self.interval else {
            entry.heldBack += 1
            return nil
        }
        entry.schedule = schedule + Self.interval
        defer { entry.heldBack = 0 }
        return entry.heldBack
    }

    /// How many were held back whose kind was forgotten before that was told; asked for once.
    mutating func takeForgotten() -> Int {
        defer { forgotten = 0 }
        return forgotten
    }

    /// Forgets the kind that has been quiet for longest.
    private mutating func forgetOne() {
        guard let oldest = kinds.min(by: { $0.value.schedule < $1.value.schedule }) else { return }
        kinds[oldest.key] = nil
        forgotten += oldest.value.heldBack
    }
}
