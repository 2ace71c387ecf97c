import EventLoop

/// Something that is done from time to time: never twice at once, each time in a task that ends with it.
@LoopActor
final class Errand {
    private let work: @LoopActor () async -> Void
    private var timer: Timer?
    private var task: Task<Void, Never>?
    private var isDueAgain = false
    private var isOver = false

    init(_ work: @escaping @LoopActor () async -> Void) {
        self.work = work
    }

    /// Whether it is being done.
    var isUnderWay: Bool { task != nil }

    /// Sets when it is done next, whatever was set before; nil for not before it is set again.
    func next(at instant: MonotonicInstant?) {
        timer?.cancel()
        timer = nil
        guard !isOver, let instant else { return }
        timer = EventLoop.main.schedule(at: instant) { [weak self] in
            self?.timer = nil
            self?.now()
        }
    }

    /// Does it now, or once more when what is under way has ended.
    func now() {
        guard !isOver else { return }
        guard task == nil else {
            isDueAgain = true
            return
        }
        timer?.cancel()
        timer = nil
        task = EventLoop.main.spawn { [self] in
            await work()
            task = nil
            if isDueAgain {
                isDueAgain = false
                now()
            }
        }
    }

    /// Does it no more; what is under way is cancelled.
    func end() {
        isOver = true
        isDueAgain = false
        timer?.cancel()
        timer = nil
        task?.cancel()
    }

    /// Waits for the end of what is under way.
    func ended() async {
        await task?.value
    }
}
