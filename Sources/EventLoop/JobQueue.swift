/// Pieces of tasks that are ready to run, first in, first out.
struct JobQueue {
    private var jobs: [UnownedJob] = []
    private var head = 0

    var isEmpty: Bool { head == jobs.count }

    mutating func append(_ job: UnownedJob) {
        jobs.append(job)
    }

    mutating func append(contentsOf more: [UnownedJob]) {
        jobs.append(contentsOf: more)
    }

    mutating func popFirst() -> UnownedJob? {
        guard head < jobs.count else { return nil }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 256, head * 2 >= jobs.count {
            // Never empty under load that feeds itself; the part already run must go even so.
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }
}
