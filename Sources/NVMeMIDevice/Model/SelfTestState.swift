/// The device self-test that runs and the results of earlier ones.
struct SelfTestState {
    struct Result {
        /// Outcome: 0 passed, 1 aborted by command, 2 aborted by reset, 7 a segment failed.
        var outcome: UInt8
        /// Self-test code: 1 short, 2 extended.
        var code: UInt8
        var powerOnHours: UInt64
        var namespace: UInt32
        /// Where it failed.
        var failure: Failure?
    }

    /// Where a self-test fails.
    struct Failure: Equatable {
        /// Number of the segment.
        var segment: UInt8
        /// Namespace with the block that cannot be read; 0 for a failure that is of no namespace.
        var namespace: UInt32
        /// The block.
        var block: UInt64
    }

    /// Results, newest first; at most the twenty that the log page holds.
    private(set) var results: [Result] = []
    /// Where the next self-test that comes to its end is made to fail.
    var nextFailure: Failure?
    private var running: (code: UInt8, namespace: UInt32, start: DeviceTime, end: DeviceTime)?

    /// Code of the test that runs, 0 when none does, and how much of it is done in percent.
    func current(at now: DeviceTime) -> (code: UInt8, completion: UInt8) {
        guard let running, running.end > running.start else { return (0, 0) }
        let done = min(now, running.end) &- running.start
        return (running.code, UInt8(clamping: done * 100 / (running.end - running.start)))
    }

    var isRunning: Bool { running != nil }

    /// An extended self-test goes on after a reset (NVMe 1.4, 8.11.2), others end with it.
    var survivesReset: Bool { running?.code == 2 }

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
    mutating func finish(outcome: UInt8, powerOnHours: UInt64, failure: Failure? = nil) {
        guard let test = running else { return }
        running = nil
        let result = Result(
            outcome: outcome,
            code: test.code,
            powerOnHours: powerOnHours,
            namespace: test.namespace,
            failure: failure
        )
        results.insert(result, at: 0)
        if results.count > 20 { results.removeLast() }
    }

    /// Ends the test when its time is over.
    mutating func update(at now: DeviceTime, powerOnHours: UInt64) {
        guard let test = running, test.end <= now else { return }
        let failure = nextFailure
        nextFailure = nil
        finish(outcome: failure == nil ? 0 : 7, powerOnHours: powerOnHours, failure: failure)
    }
}
