public import EventLoop

/// How far something has come, and when it may be done.
public struct JobProgress: Sendable {
    /// From 0 to 1.
    public private(set) var fraction = 0.0
    /// Whether ``fraction`` says anything.
    public private(set) var isValid = false
    /// When it began.
    private let start: MonotonicInstant
    /// When it came further than ever before; the beginning, when it has not.
    private(set) var lastMove: MonotonicInstant
    /// How far it has ever come.
    private var furthest = 0.0
    /// When it is expected to end; nil while nobody can say.
    public private(set) var expectedEnd: MonotonicInstant?
    /// Whether ``expectedEnd`` is what the drive said, and not what was done so far.
    private var isTold = false

    /// What has been done is too little to tell how long the rest takes.
    private static let leastFraction = 0.01

    init(start: MonotonicInstant) {
        self.start = start
        lastMove = start
    }

    /// The whole percents of it.
    var percent: Int { Int(fraction * 100) }

    /// Takes note of how far it has come; what is no number, or beyond the ends, is brought within.
    ///
    /// - Returns: Whether the whole percents are others than before.
    mutating func advance(to fraction: Double, at now: MonotonicInstant) -> Bool {
        let before = isValid ? percent : -1
        self.fraction = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
        isValid = true
        if self.fraction > furthest {
            furthest = self.fraction
            lastMove = now
        }
        if !isTold { expectedEnd = expectedEndByRate(now) }
        return percent != before
    }

    /// Takes note of when the drive says that it is done.
    mutating func expect(end: MonotonicInstant) {
        expectedEnd = end
        isTold = true
    }

    /// Takes note that nobody can tell how far it has come, as in a step that has no parts.
    mutating func lose() {
        isValid = false
        expectedEnd = nil
        isTold = false
    }

    private func expectedEndByRate(_ now: MonotonicInstant) -> MonotonicInstant? {
        guard fraction >= Self.leastFraction else { return nil }
        return now + start.duration(to: now) * ((1 - fraction) / fraction)
    }
}
