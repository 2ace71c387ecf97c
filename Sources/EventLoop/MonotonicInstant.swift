internal import CLinux
internal import Glibc

/// A point in time on the clock that never goes back: nanoseconds since the machine started.
///
/// Arithmetic saturates, so that no duration from a file or the bus can overflow it.
public struct MonotonicInstant: Comparable, Hashable, Sendable {
    /// Nanoseconds since the machine started.
    public let nanoseconds: Int64

    /// The instant that many nanoseconds after the machine started.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than everything: a deadline that never comes, for which no timer is kept.
    public static let distantFuture = MonotonicInstant(nanoseconds: .max)

    /// Whether the left instant is earlier than the right one.
    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// What the machine's clock shows, whatever clock the loop goes by.
    static func ofMachine() -> MonotonicInstant {
        var time = timespec()
        // Cannot fail: the clock exists on every Linux and the address is good.
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(
            nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        )
    }
}

extension MonotonicInstant: InstantProtocol {
    /// The instant `duration` later (or earlier, if it is negative).
    public func advanced(by duration: Duration) -> MonotonicInstant {
        advanced(byNanoseconds: duration.wholeNanoseconds)
    }

    /// The instant that many nanoseconds later (or earlier, if they are negative).
    public func advanced(byNanoseconds span: Int64) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(span)
        guard overflow else { return MonotonicInstant(nanoseconds: sum) }
        return MonotonicInstant(nanoseconds: span < 0 ? .min : .max)
    }

    /// The time from this instant to `other`; negative when `other` is earlier.
    public func duration(to other: MonotonicInstant) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }
}

extension Duration {
    /// The duration in nanoseconds; what is beyond 64 bits becomes the largest or smallest value.
    public var wholeNanoseconds: Int64 {
        // Up to 18 seconds: spares the division of 128 bits that the parts of longer ones take.
        if _high == 0 { return Int64(_low / 1_000_000_000) }
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, overflowOfSum) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !overflowOfSum else { return seconds < 0 ? .min : .max }
        return sum
    }
}

extension MonotonicInstant {
    /// The instant that much later.
    public static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant.advanced(by: duration)
    }

    /// The instant that much earlier.
    public static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let span = duration.wholeNanoseconds
        let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(span)
        guard overflow else { return MonotonicInstant(nanoseconds: difference) }
        return MonotonicInstant(nanoseconds: span < 0 ? .max : .min)
    }

    /// The time from the right instant to the left one.
    public static func - (later: MonotonicInstant, earlier: MonotonicInstant) -> Duration {
        earlier.duration(to: later)
    }
}
