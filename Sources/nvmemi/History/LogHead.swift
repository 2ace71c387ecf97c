import Glibc

/// What journalctl and syslog write before a line of a program's: when, on which machine, and whose it is.
struct LogHead: Equatable {
    /// In milliseconds of Unix time.
    var time: UInt64
    var rest: Substring

    /// Nil for a line that begins otherwise.
    ///
    /// - Parameters:
    ///   - line: Such as `Nov 28 03:14:15 bmc nvmemid[123]: text`, or with the time as `1795774400.25` or
    ///     `2026-11-28T03:14:15+01:00`.
    ///   - now: In milliseconds of Unix time: a time without a year is of the last one that it can be of.
    init?(_ line: Substring, now: UInt64 = Moment.now) {
        guard
            let (time, after) = LogHead.unix(line) ?? LogHead.iso(line)
                ?? LogHead.syslog(line, now: now)
        else { return nil }
        // The machine's name may have been left out.
        var words = after.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        while let word = words.first, !word.hasSuffix(":") { words.removeFirst() }
        guard words.count > 1 else { return nil }
        self.time = time
        rest = line[words[1].startIndex...]
    }

    private typealias Parts = (time: UInt64, rest: Substring)

    /// `1795774400.250000`.
    private static func unix(_ line: Substring) -> Parts? {
        let word = line.prefix { $0 != " " }
        guard let seconds = Double(word), seconds > 1e8, seconds < 1e12 else { return nil }
        return (UInt64(seconds * 1_000), line.dropFirst(word.count + 1))
    }

    /// `2026-11-28T03:14:15`, perhaps with a fraction, and `Z`, `+0100` or `+01:00`; without them it is local time.
    private static func iso(_ line: Substring) -> Parts? {
        let word = line.prefix { $0 != " " }
        let halves = word.split(separator: "T")
        guard halves.count == 2 else { return nil }
        let date = numbers(halves[0], separator: "-")
        let clock = halves[1].prefix { $0.isNumber || $0 == ":" || $0 == "." || $0 == "," }
        guard date.count == 3, (1...12).contains(date[1]), let parts = clockParts(clock) else {
            return nil
        }
        var zone = halves[1].dropFirst(clock.count)
        var offset: Int64?
        if zone == "Z" {
            offset = 0
        } else if let sign = zone.popFirst(), sign == "+" || sign == "-",
            let number = Int64(zone.filter { $0 != ":" }), number < 2_400
        {
            offset = (number / 100 * 3_600 + number % 100 * 60) * (sign == "-" ? -1 : 1)
        }
        return time(date[0], date[1], date[2], parts, offset: offset)
            .map { ($0, line.dropFirst(word.count + 1)) }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Nov 28 03:14:15`, or `Nov  8 03:14:15`, in local time.
    private static func syslog(_ line: Substring, now: UInt64) -> Parts? {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, let month = months.firstIndex(of: String(words[0])),
            let day = Int(words[1]), let parts = clockParts(words[2])
        else { return nil }
        // A day ahead is a clock that goes wrong, not the year before.
        let latest = now + 86_400_000
        var seconds = time_t(clamping: now / 1_000)
        var today = tm()
        localtime_r(&seconds, &today)
        let year = Int(today.tm_year) + 1_900
        return [year + 1, year, year - 1].lazy
            .compactMap { time($0, month + 1, day, parts, offset: nil) }
            .first { $0 <= latest }
            .map { ($0, words[3]) }
    }

    /// Hours, minutes, seconds and milliseconds of `03:14:15.250`.
    private static func clockParts(_ text: Substring) -> [Int]? {
        let pieces = text.split(maxSplits: 1) { $0 == "." || $0 == "," }
        guard let whole = pieces.first else { return nil }
        let parts = numbers(whole, separator: ":")
        guard parts.count == 3, parts[0] < 24, parts[1] < 60, parts[2] <= 60 else { return nil }
        let fraction = pieces.count == 2 ? (pieces[1] + "00").prefix(3) : "0"
        return Int(fraction).map { parts + [$0] }
    }

    private static func numbers(_ text: Substring, separator: Character) -> [Int] {
        text.split(separator: separator).compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
    }

    /// A time in milliseconds; of this machine's time zone where no offset in seconds is given.
    private static func time(
        _ year: Int,
        _ month: Int,
        _ day: Int,
        _ clock: [Int],
        offset: Int64?
    ) -> UInt64? {
        guard (1970...9_999).contains(year), (1...31).contains(day) else { return nil }
        var parts = tm()
        parts.tm_year = Int32(year - 1_900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) =
            (Int32(clock[0]), Int32(clock[1]), Int32(clock[2]))
        parts.tm_isdst = -1
        let seconds = offset.map { Int64(timegm(&parts)) - $0 } ?? Int64(mktime(&parts))
        return seconds < 0 ? nil : UInt64(seconds) * 1_000 + UInt64(clock[3])
    }
}
