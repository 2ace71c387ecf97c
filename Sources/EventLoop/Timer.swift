/// An action that the loop will run once, at a given instant.
///
/// The loop keeps it until then; letting go of the timer does not cancel it.
@LoopActor
public final class Timer {
    /// When it is due.
    public let deadline: MonotonicInstant
    /// Order of making: timers with the same deadline run in it.
    let sequence: UInt64
    /// Where it is in the heap; nil when it is not waiting.
    var position: Int?
    private var action: (@LoopActor () -> Void)?
    private let queue: TimerQueue

    init(
        deadline: MonotonicInstant,
        sequence: UInt64,
        queue: TimerQueue,
        action: @escaping @LoopActor () -> Void
    ) {
        self.deadline = deadline
        self.sequence = sequence
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

    func fire() {
        let action = action
        self.action = nil
        action?()
    }
}
