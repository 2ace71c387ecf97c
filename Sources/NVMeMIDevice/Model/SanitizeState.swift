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
    /// The last operation failed, and nobody has left that yet.
    private(set) var isInFailureMode = false
    private var start: DeviceTime = 0
    private var end: DeviceTime = 0
    /// The next operation is made to fail.
    var failsNext = false
    private var fails = false

    mutating func begin(command: UInt32, duration: UInt32, at now: DeviceTime) {
        status = .inProgress
        self.command = command
        isErased = false
        isInFailureMode = false
        start = now
        end = now + DeviceTime(duration)
        fails = failsNext
        failsNext = false
    }

    /// Whether the last operation was one whose failure can be left without another (AUSE).
    var isUnrestricted: Bool { command & 0x08 != 0 }

    /// Leaves the failure mode; what the last operation came to is still told.
    mutating func exitFailure() { isInFailureMode = false }

    /// Progress in parts of 65 536; FFFFh when nothing runs.
    func progress(at now: DeviceTime) -> UInt16 {
        guard status == .inProgress, end > start else { return 0xFFFF }
        return UInt16(clamping: (min(now, end) &- start) * 65_536 / (end - start))
    }

    /// Passes of overwriting that are done.
    func overwritePasses(at now: DeviceTime) -> UInt8 {
        guard command & 0x07 == 3 else { return 0 }
        let passes = command >> 4 & 0x0F == 0 ? 16 : command >> 4 & 0x0F
        switch status {
        case .done, .doneWithoutDeallocation: return UInt8(passes)
        case .inProgress: return UInt8((passes * UInt32(progress(at: now))) >> 16)
        case .never, .failed: return 0
        }
    }

    /// What goes on, as the log page of NVMe 2.1 codes it (SSI).
    var phase: UInt8 {
        switch (status == .inProgress, isInFailureMode) {
        case (true, _): isUnrestricted ? 3 : 1
        case (_, true): isUnrestricted ? 4 : 2
        default: 0
        }
    }

    /// When the operation that runs ends.
    var deadline: DeviceTime? { status == .inProgress ? end : nil }

    /// Ends the operation when its time is over, and tells how it ended if it did now.
    mutating func update(at now: DeviceTime) -> Status? {
        guard status == .inProgress, end <= now else { return nil }
        if fails {
            status = .failed
            isInFailureMode = true
        } else {
            // No-Deallocate After Sanitize.
            status = command & 0x200 == 0 ? .done : .doneWithoutDeallocation
            isErased = true
        }
        return status
    }
}
