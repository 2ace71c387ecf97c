/// The device self-test that runs and the results of earlier ones.
struct SelfTestState {
    struct Result {
        /// Outcome: 0 passed, 1 aborted by command, 2 aborted by reset.
        var outcome: UInt8
        /// Self-test code: 1 short, 2 extended.
        var code: UInt8
        var powerOnHours: UInt64
        var namespace: UInt32
    }

    /// Results, newest first; at most the twenty that the log page holds.
    private(set) var results: [Result] = []
    private var running: (code: UInt8, namespace: UInt32, start: DeviceTime, end: DeviceTime)?

    /// Code of the test that runs, 0 when none does, and how much of it is done in percent.
    func current(at now: DeviceTime) -> (code: UInt8, completion: UInt8) {
        guard let running, running.end > running.start else { return (0, 0) }
        let done = min(now, running.end) &- running.start
        return (running.code, UInt8(clamping: done * 100 / (running.end - running.start)))
    }

    var isRunning: Bool { running != nil }

    func isRunning(on namespace: UInt32) -> Bool { running?.namespace == namespace }

    mutating func start(
        code: UInt8,
        namespace: UInt32,
        duration: UInt32,
        at now: DeviceTime
    ) {
        running = (code, namespace, now, now + DeviceTime(max(1, duration)))
    }

    /// Ends the test that runs with an outcome.
    mutating func finish(outcome: UInt8, powerOnHours: UInt64) {
        guard let test = running else { return }
        running = nil
        let result = Result(
            outcome: outcome,
            code: test.code,
            powerOnHours: powerOnHours,
            namespace: test.namespace
        )
        results.insert(result, at: 0)
        if results.count > 20 { results.removeLast() }
    }

    /// Ends the test when its time is over.
    mutating func update(at now: DeviceTime, powerOnHours: UInt64) {
        if let test = running, test.end <= now {
            finish(outcome: 0, powerOnHours: powerOnHours)
        }
    }
}
