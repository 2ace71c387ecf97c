internal import CLinux
internal import Glibc

/// An action that runs after a time on the machine's clock, also while the loop's clock is virtual.
///
/// It is how a test that waits for something that never happens comes to an end.
@LoopActor
package final class MachineAlarm {
    private let descriptor: Int32
    private var watch: Watch?

    /// Sets the alarm.
    ///
    /// - Parameters:
    ///   - delay: How long from now.
    ///   - action: What to run, once.
    /// - Throws: ``SystemCallError`` when the kernel has no descriptor left.
    package init(
        after delay: Duration,
        _ action: @escaping @LoopActor () -> Void
    ) throws(SystemCallError) {
        let descriptor = try systemCall("timerfd_create") {
            timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        }
        self.descriptor = descriptor
        // Zero would mean: no alarm.
        let nanoseconds = max(1, delay.wholeNanoseconds)
        var setting = itimerspec()
        setting.it_value.tv_sec = time_t(clamping: nanoseconds / 1_000_000_000)
        setting.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        try systemCall("timerfd_settime") { timerfd_settime(descriptor, 0, &setting, nil) }
        watch = try EventLoop.main.watch(descriptor, for: .read) { [weak self] _ in
            self?.cancel()
            action()
        }
    }

    /// Takes the alarm back; nothing happens when it has run or was cancelled already.
    package func cancel() {
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        _ = close(descriptor)
    }
}
