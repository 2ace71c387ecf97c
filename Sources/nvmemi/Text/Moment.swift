import Glibc

/// Points in time as the daemon tells them, in milliseconds of Unix time, and as people read them.
enum Moment {
    /// Now.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec) * 1_000 + UInt64(clamping: time.tv_nsec / 1_000_000)
    }

    /// In this machine's time zone, such as `2026-11-27 03:14:15`.
    static func text(_ milliseconds: UInt64) -> String { text(milliseconds, "%Y-%m-%d %H:%M:%S") }

    /// The time of day alone.
    static func clock(_ milliseconds: UInt64) -> String { text(milliseconds, "%H:%M:%S") }

    private static func text(_ milliseconds: UInt64, _ format: String) -> String {
        var seconds = time_t(clamping: milliseconds / 1_000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return "-" }
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How long ago something was, in the one or two units that matter, such as `3 min` or `2 d 4 h`.
    static func age(_ milliseconds: UInt64, now: UInt64 = now) -> String {
        duration(seconds: now > milliseconds ? (now - milliseconds) / 1_000 : 0)
    }

    static func duration(seconds: UInt64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
        default: pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
        }
    }

    private static func pair(
        _ large: UInt64,
        _ unit: String,
        _ small: UInt64,
        _ smallUnit: String
    ) -> String {
        small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smallUnit)"
    }

    /// A time with its age; `never` for 0, as the daemon has it.
    static func described(_ milliseconds: UInt64, now: UInt64 = now) -> String {
        milliseconds == 0
            ? "never" : "\(text(milliseconds)) (\(age(milliseconds, now: now)) ago)"
    }
}
