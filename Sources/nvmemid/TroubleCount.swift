/// How many entries of warning and of error there were in the last hour, whether they were written or held back.
struct TroubleCount {
    /// Entries of a level or two.
    struct Count: Equatable {
        var warnings: UInt32 = 0
        var errors: UInt32 = 0
    }

    private static let nanosecondsPerMinute: Int64 = 60_000_000_000
    private static let minutesKept: Int64 = 60

    /// What came in a minute, the latest last; minutes in which nothing came are not there.
    private var minutes: [(number: Int64, count: Count)] = []

    /// Takes one more.
    mutating func add(isError: Bool, at now: Int64) {
        let minute = now / Self.nanosecondsPerMinute
        forget(before: minute)
        if minutes.last?.number != minute { minutes.append((minute, Count())) }
        let last = minutes.count - 1
        if isError {
            minutes[last].count.errors = Self.next(minutes[last].count.errors)
        } else {
            minutes[last].count.warnings = Self.next(minutes[last].count.warnings)
        }
    }

    /// What came within an hour; a minute that has begun an hour ago does not count.
    mutating func lastHour(at now: Int64) -> Count {
        forget(before: now / Self.nanosecondsPerMinute)
        return minutes.reduce(into: Count()) { sum, minute in
            sum.warnings = Self.sum(sum.warnings, minute.count.warnings)
            sum.errors = Self.sum(sum.errors, minute.count.errors)
        }
    }

    private mutating func forget(before minute: Int64) {
        minutes.removeAll { $0.number <= minute - Self.minutesKept }
    }

    private static func next(_ number: UInt32) -> UInt32 { sum(number, 1) }

    private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let (sum, isTooMuch) = left.addingReportingOverflow(right)
        return isTooMuch ? .max : sum
    }
}
