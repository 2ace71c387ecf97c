internal import CLinux
internal import Glibc

/// Signals that arrive as calls on the loop instead of interrupting the thread.
///
/// They are blocked on the loop's thread from the moment the set is made, so none is lost in between.
@LoopActor
public final class SignalSet {
    private let descriptor: Int32
    private var previousMask: sigset_t
    private var watch: Watch?

    /// Takes over `signals`.
    ///
    /// - Parameters:
    ///   - signals: Which ones.
    ///   - handler: Called on the loop, once for each signal that arrives.
    /// - Throws: ``SystemCallError`` when the kernel has no descriptor left.
    public init(
        _ signals: [Signal],
        _ handler: @escaping @LoopActor (Signal) -> Void
    ) throws(SystemCallError) {
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in signals { sigaddset(&mask, signal.rawValue) }
        let descriptor = try systemCall("signalfd") {
            signalfd(-1, &mask, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        }
        self.descriptor = descriptor
        previousMask = sigset_t()
        pthread_sigmask(SIG_BLOCK, &mask, &previousMask)
        watch = try EventLoop.main.watch(descriptor, for: .read) { _ in
            var information = signalfd_siginfo()
            let size = MemoryLayout<signalfd_siginfo>.size
            guard read(descriptor, &information, size) == size else { return }
            handler(Signal(rawValue: Int32(truncatingIfNeeded: information.ssi_signo)))
        }
    }

    /// Gives the signals back: they act again as they did before.
    public func close() {
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        _ = Glibc.close(descriptor)
        pthread_sigmask(SIG_SETMASK, &previousMask, nil)
    }
}
