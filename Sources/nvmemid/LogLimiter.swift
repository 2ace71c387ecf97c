/// Holds entries back that come again and again, or more often than anybody can read.
///
/// All together may come a number of times at once, and then a few times in a second; the same, with less
/// of it, holds for each kind. The last entries of the common allowance are for those that matter most. What
/// was held back is counted, and told with the next entry of its kind, or with any.
struct LogLimiter {
    /// A number of entries at once, and one each interval in the long run.
    struct Allowance {
        /// Entries that may come at once.
        let burst: Int64
        /// Nanoseconds that each needs in the long run.
        let interval: Int64

        /// Whether one more may come, if as many as came so far were due by `schedule`.
        ///
        /// As many of the burst as `reserve` says are left for others.
        func admits(_ schedule: Int64, at now: Int64, reserve: Int64 = 0) -> Bool {
            max(schedule, now) - now <= (burst - 1 - reserve) * interval
        }

        /// By when they are due with one more.
        func next(after schedule: Int64, at now: Int64) -> Int64 { max(schedule, now) + interval }
    }

    /// Entries that were held back, and of which nothing has been told yet.
    struct Count: Equatable {
        var all = 0
        /// Those among them that matter most.
        var urgent = 0

        var isEmpty: Bool { all == 0 }

        mutating func add(_ number: Int, isUrgent: Bool) {
            all += number
            if isUrgent { urgent += number }
        }
    }

    /// What all kinds may do together: 20 entries a second.
    static let common = Allowance(burst: 100, interval: 50_000_000)
    /// What each kind may do: 5 entries a second.
    static let each = Allowance(burst: 20, interval: 200_000_000)
    /// Entries of the common burst that only urgent ones may take.
    static let urgentReserve: Int64 = 20
    /// Kinds of entries that are told apart: more than can be running within the common allowance.
    static let capacity = 256

    private struct Kind {
        /// When all that were let through would have come, had they kept to the interval.
        var schedule: Int64
        var heldBack = 0
        var isUrgent: Bool
    }

    private var schedule = Int64.min
    private var kinds: [Int: Kind] = [:]
    private var untold = Count()

    /// Decides on an entry.
    ///
    /// - Parameters:
    ///   - kind: What is the same for entries that count as one.
    ///   - isUrgent: Whether it is one of those that matter most.
    ///   - now: Nanoseconds on a clock that never goes back.
    /// - Returns: How many of its kind were held back before it; nil when it is held back too.
    mutating func admit(_ kind: some Hashable, isUrgent: Bool = false, at now: Int64) -> Int? {
        // The texts themselves would take room; two with one hash value are taken for one.
        let key = kind.hashValue
        if kinds[key] == nil, kinds.count >= Self.capacity { forgetQuietKinds(at: now) }
        if var known = kinds[key], !Self.each.admits(known.schedule, at: now) {
            known.heldBack += 1
            kinds[key] = known
            return nil
        }
        let reserve = isUrgent ? 0 : Self.urgentReserve
        guard Self.common.admits(schedule, at: now, reserve: reserve),
            kinds[key] != nil || kinds.count < Self.capacity
        else {
            untold.add(1, isUrgent: isUrgent)
            return nil
        }
        var entry = kinds[key] ?? Kind(schedule: now, isUrgent: isUrgent)
        let heldBack = entry.heldBack
        entry.schedule = Self.each.next(after: entry.schedule, at: now)
        entry.heldBack = 0
        kinds[key] = entry
        schedule = Self.common.next(after: schedule, at: now)
        return heldBack
    }

    /// What was held back and will not be told with its kind; asked for once.
    mutating func takeUntold() -> Count {
        defer { untold = Count() }
        return untold
    }

    /// The same, and what was held back of kinds that are quiet now; asked for once.
    mutating func takeUntoldOfQuietKinds(at now: Int64) -> Count {
        forgetQuietKinds(at: now)
        return takeUntold()
    }

    /// Whether something was held back that nothing has been told of.
    var hasUntold: Bool { !untold.isEmpty || kinds.values.contains { $0.heldBack > 0 } }

    /// Forgets the kinds that may come as often as new ones: nothing else is lost with them than a count.
    private mutating func forgetQuietKinds(at now: Int64) {
        for (key, kind) in kinds where kind.schedule <= now {
            untold.add(kind.heldBack, isUrgent: kind.isUrgent)
            kinds[key] = nil
        }
    }
}
