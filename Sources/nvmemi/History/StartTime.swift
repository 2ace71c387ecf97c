import Glibc

/// From when on, as a person says it and journalctl takes it.
enum StartTime {
    private static let units: [(names: [String], seconds: Double)] = [
        (["s", "sec", "second", "seconds"], 1), (["m", "min", "minute", "minutes"], 60),
        (["h", "hr", "hour", "hours"], 3600), (["d", "day", "days"], 86_400),
        (["w", "week", "weeks"], 604_800),
    ]

    /// Milliseconds of Unix time.
    ///
    /// - Parameters:
    ///   - text: `-8h`, `yesterday`, `today`, `now`, `2026-11-27`, `2026-11-27 18:00` or with seconds, by local time.
    ///   - now: Milliseconds of Unix time.
    /// - Returns: Nil for anything else.
    static func milliseconds(_ text: String, now: UInt64) -> UInt64? {
        switch text {
        case "now": return now
        case "today": return midnight(daysBefore: 0, now)
        case "yesterday": return midnight(daysBefore: 1, now)
        default: break
        }
        if text.hasPrefix("-") {
            let number = text.dropFirst().prefix { $0.isNumber || $0 == "." }
            let unit = text.dropFirst(1 + number.count).drop { $0 == " " }
            guard let count = Double(number),
                let seconds = units.first(where: { $0.names.contains(String(unit)) })?.seconds
            else { return nil }
            return UInt64(max(0, Double(now) - count * seconds * 1000))
        }
        return date(text)
    }

    private static func date(_ text: String) -> UInt64? {
        let halves = text.split(separator: " ", omittingEmptySubsequences: false)
        let day = numbers(halves[0], "-", [1970...9999, 1...12, 1...31])
        let clock = halves.count == 2 ? numbers(halves[1], ":", [0...23, 0...59, 0...60]) : [0, 0]
        guard halves.count <= 2, let day, day.count == 3, let clock, clock.count >= 2 else {
            return nil
        }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (day[0] - 1900, day[1] - 1, day[2])
        (parts.tm_hour, parts.tm_min) = (clock[0], clock[1])
        if clock.count == 3 { parts.tm_sec = clock[2] }
        parts.tm_isdst = -1
        let seconds = mktime(&parts)
        return seconds < 0 ? nil : UInt64(seconds) * 1000
    }

    /// Numbers within their ranges; nil for anything else.
    private static func numbers(
        _ text: Substring,
        _ separator: Character,
        _ ranges: [ClosedRange<Int32>]
    ) -> [Int32]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count <= ranges.count else { return nil }
        let numbers = zip(parts, ranges).compactMap { part, range -> Int32? in
            guard part.allSatisfy(\.isNumber), let number = Int32(part) else { return nil }
            return range.contains(number) ? number : nil
        }
        return numbers.count == parts.count ? numbers : nil
    }

    private static func midnight(daysBefore days: Int32, _ now: UInt64) -> UInt64? {
        var seconds = time_t(now / 1000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return nil }
        parts.tm_mday -= days
        (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (0, 0, 0, -1)
        let start = mktime(&parts)
        return start < 0 ? nil : UInt64(start) * 1000
    }
}
