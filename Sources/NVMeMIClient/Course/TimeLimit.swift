import EventLoop
import NVMeMI

/// How long a command may take, from the call to the answer.
struct TimeLimit {
    /// The whole time, in nanoseconds.
    private(set) var nanoseconds: Int64
    private(set) var deadline: MonotonicInstant
    /// How far More Processing Required can move the deadline.
    private let lastDeadline: MonotonicInstant

    /// The time of a command that begins now: the caller's, else the configured, else its own, which a
    /// drive can extend.
    init(
        _ declaration: CommandDeclaration,
        _ options: CommandOptions,
        _ settings: SessionSettings,
        at now: MonotonicInstant
    ) {
        if let wanted = options.timeLimit ?? settings.timeLimit {
            self.init(wanted.wholeNanoseconds, at: now)
        } else {
            let usual = Int64(declaration.deadlineClass.milliseconds) * 1_000_000
            let longest = settings.moreProcessingTimeLimit.wholeNanoseconds
            self.init(usual, longest: max(usual, longest), at: now)
        }
    }

    init(_ nanoseconds: Int64, longest: Int64? = nil, at now: MonotonicInstant) {
        self.nanoseconds = max(0, nanoseconds)
        deadline = now.advanced(byNanoseconds: self.nanoseconds)
        lastDeadline = now.advanced(byNanoseconds: max(self.nanoseconds, longest ?? 0))
    }

    /// The share of the time that one question to the drive may take.
    var fifth: Int64 { max(1, nanoseconds / 5) }

    /// Gives the drive the time that it asked for, and what the way of its answer takes, as far as that
    /// goes beyond the deadline.
    mutating func extend(byNanoseconds time: Int64, at now: MonotonicInstant) {
        let wanted = min(
            now.advanced(byNanoseconds: time).advanced(byNanoseconds: fifth),
            lastDeadline
        )
        guard wanted > deadline else { return }
        nanoseconds += wanted.nanoseconds - deadline.nanoseconds
        deadline = wanted
    }

    func timedOut(_ phase: TimeoutReport.Phase, note: String? = nil) -> SessionError {
        .timedOut(TimeoutReport(phase: phase, limit: .nanoseconds(nanoseconds), note: note))
    }
}
