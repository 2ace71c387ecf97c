internal import EventLoop
internal import NVMeMIDevice

extension EventLoop {
    /// The loop's time as drives count it.
    @LoopActor var deviceTime: DeviceTime {
        DeviceTime(clamping: now.nanoseconds / 1_000_000)
    }
}

extension MonotonicInstant {
    /// The first instant at which the loop's time, as drives count it, is at least this.
    init(deviceTime: DeviceTime) {
        let (nanoseconds, overflow) = deviceTime.multipliedReportingOverflow(by: 1_000_000)
        self = overflow ? .distantFuture : .init(nanoseconds: Int64(clamping: nanoseconds))
    }
}
