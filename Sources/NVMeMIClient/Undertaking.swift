import EventLoop
import NVMeMI

/// One command's way through the session.
struct Undertaking: Sendable {
    let name: String
    let category: MessageCategory
    let isRepeatable: Bool
    /// The whole time from the call to the answer.
    private(set) var limit: Duration
    private(set) var deadline: MonotonicInstant
    /// How far More Processing Required can move the deadline.
    private let lastDeadline: MonotonicInstant

    @LoopActor
    init(
        _ declaration: CommandDeclaration,
        _ options: CommandOptions,
        _ settings: SessionSettings
    ) {
        let usual = Duration.milliseconds(Int64(declaration.deadlineClass.milliseconds))
        let wanted = options.timeLimit ?? settings.timeLimit
        let limit = wanted ?? usual
        let longest = wanted ?? max(usual, settings.moreProcessingTimeLimit)
        self.init(declaration, limit: limit, longest: longest)
    }

    /// A part of another undertaking, for something that has to be done on its behalf.
    @LoopActor
    init(_ declaration: CommandDeclaration, within whole: Undertaking, _ limit: Duration) {
        self.init(declaration, limit: limit, longest: limit)
        deadline = min(deadline, whole.deadline)
    }

    @LoopActor
    init(_ declaration: CommandDeclaration, limit: Duration, longest: Duration) {
        name = declaration.name
        category = declaration.category
        isRepeatable = declaration.isRepeatable
        self.limit = limit
        let now = EventLoop.main.now
        deadline = now + limit
        lastDeadline = now + longest
    }

    /// Gives the drive the time that it asked for, and what the way of its answer takes, as far as that
    /// goes beyond the deadline.
    mutating func extend(by time: Duration, at now: MonotonicInstant) {
        let wanted = min(now + time + limit / 5, lastDeadline)
        guard wanted > deadline else { return }
        limit += wanted - deadline
        deadline = wanted
    }

    func timedOut(_ phase: TimeoutReport.Phase, note: String? = nil) -> SessionError {
        .timedOut(TimeoutReport(phase: phase, limit: limit, note: note))
    }
}
