/// The waiting timers: a binary heap in which every timer knows its place, so that adding, cancelling and
/// taking the earliest are O(log n).
@LoopActor
final class TimerQueue {
    private var heap: [Timer] = []
    private var nextSequence: UInt64 = 0

    nonisolated init() {}

    var count: Int { heap.count }

    var earliest: MonotonicInstant? { heap.first?.deadline }

    func add(
        deadline: MonotonicInstant,
        indulgence: Duration? = nil,
        action: @escaping @LoopActor () -> Void
    ) -> Timer {
        let timer = Timer(
            deadline: deadline,
            sequence: nextSequence,
            indulgence: indulgence,
            queue: self,
            action: action
        )
        nextSequence &+= 1
        // Never due: in the heap it would only turn a sleep without end into a very long one.
        guard deadline != .distantFuture else { return timer }
        insert(timer)
        return timer
    }

    private func insert(_ timer: Timer) {
        timer.position = heap.count
        heap.append(timer)
        siftUp(from: heap.count - 1)
    }

    func remove(_ timer: Timer) {
        guard let position = timer.position else { return }
        timer.position = nil
        let last = heap.removeLast()
        guard last !== timer else { return }
        place(last, at: position)
        siftUp(from: position)
        if let moved = last.position { siftDown(from: moved) }
    }

    func removeAll() {
        let timers = heap
        heap = []
        for timer in timers {
            timer.position = nil
            timer.cancel()
        }
    }

    /// Runs what is due at `now`, except timers made meanwhile: one that makes itself anew without delay
    /// must not keep descriptors waiting.
    func fireDue(at now: MonotonicInstant) {
        let limit = nextSequence
        while let timer = heap.first, timer.deadline <= now, timer.sequence < limit {
            remove(timer)
            if timer.postpone(at: now) {
                insert(timer)
            } else {
                timer.fire()
            }
        }
    }

    private func isEarlier(_ left: Timer, _ right: Timer) -> Bool {
        if left.deadline != right.deadline { return left.deadline < right.deadline }
        return left.sequence < right.sequence
    }

    private func place(_ timer: Timer, at position: Int) {
        heap[position] = timer
        timer.position = position
    }

    private func siftUp(from start: Int) {
        var position = start
        let timer = heap[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard isEarlier(timer, heap[parent]) else { break }
            place(heap[parent], at: position)
            position = parent
        }
        place(timer, at: position)
    }

    private func siftDown(from start: Int) {
        var position = start
        let timer = heap[position]
        while true {
            var child = 2 * position + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, isEarlier(heap[child + 1], heap[child]) { child += 1 }
            guard isEarlier(heap[child], timer) else { break }
            place(heap[child], at: position)
            position = child
        }
        place(timer, at: position)
    }
}
