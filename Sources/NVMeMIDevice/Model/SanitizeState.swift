/// The sanitize operation that runs, or the outcome of the last one.
struct SanitizeState {
    /// Sanitize status as the log page codes it.
    enum Status: UInt8 {
        case never = 0
        case done = 1
        case inProgress = 2
        case failed = 3
        case doneWithoutDeallocation = 4
    }

    private(set) var status = Status.never
    /// Command dword 10 of the last operation.
    private(set) var command: UInt32 = 0
    /// No data was written since the last sanitize.
    private(set) var isErased = false
    private var start: DeviceTime = 0
    private var end: DeviceTime = 0
    /// The next operation is made to fail.
    var failsNext = false
    private var fails = false

    mutating func begin(command: UInt32, duration: UInt32, at now: DeviceTime) {
        status = .inProgress
        self.command = command
        isErased = false
        start = now
        end = now + DeviceTime(duration)
        fails = failsNext
        failsNext = false
    }

    /// Leaves the failure mode.
    mutating func exitFailure() {
        if status == .failed { status = .never }
    }

    /// Progress in parts of 65 536; FFFFh when nothing runs.
    func progress(at now: DeviceTime) -> UInt16 {
        guard status == .inProgress, end > start else { return 0xFFFF }
        return UInt16(clamping: (min(now, end) &- start) * 65_536 / (end - start))
    }

    /// When the operation that runs ends.
    var deadline: DeviceTime? { status == .inProgress ? end : nil }

    /// Ends the operation when its time is over, and tells how it ended if it did now.
    mutating func update(at now: DeviceTime) -> Status? {
        guard status == .inProgress, end <= now else { return nil }
        if fails {
            status = .failed
        } else {
            // No-Deallocate After Sanitize.
            status = command & 0x200 == 0 ? .done : .doneWithoutDeallocation
            isErased = true
        }
        return status
    }
}
