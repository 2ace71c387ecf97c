/// An action that the loop will run once, at a given instant.
///
/// The loop keeps it until then; letting go of the timer does not cancel it.
@LoopActor
public final class Timer {
    /// Later than this a timer does not fire while the loop serves: the loop has stood still.
    static let standstill = Duration.seconds(1)

    /// When it is due.
    public private(set) var deadline: MonotonicInstant
    /// Order of making: timers with the same deadline run in it.
    let sequence: UInt64
    /// Where it is in the heap; nil when it is not waiting.
    var position: Int?
    private var action: (@LoopActor () -> Void)?
    /// How much of the time that the loop stood still it is given back at most, each time; nil when none.
    private let indulgence: Duration?
    private let queue: TimerQueue

    init(
        deadline: MonotonicInstant,
        sequence: UInt64,
        indulgence: Duration?,
        queue: TimerQueue,
        action: @escaping @LoopActor () -> Void
    ) {
        self.deadline = deadline
        self.sequence = sequence
        self.indulgence = indulgence
        self.queue = queue
        self.action = action
    }

    /// Whether the action is still to run.
    public var isPending: Bool { action != nil }

    /// Takes the timer back; nothing happens when it has run or was cancelled already.
    public func cancel() {
        action = nil
        queue.remove(self)
    }

    /// Moves the deadline by the time that the loop stood still, where it did and that does not count.
    ///
    /// - Parameter now: The present.
    /// - Returns: Whether it has to wait once more.
    func postpone(at now: MonotonicInstant) -> Bool {
        guard let indulgence else { return false }
        let lateness = now - deadline
        guard lateness > Self.standstill else { return false }
        deadline = now + min(lateness, indulgence)
        return deadline > now
    }

    func fire() {
        let action = action
        self.action = nil
        action?()
    }
}
