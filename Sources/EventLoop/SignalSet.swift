internal import CLinux
internal import Glibc

/// A signal that the kernel can send to a process.
public struct Signal: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: Int32

    /// Wraps a number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Please end (`SIGTERM`).
    public static let terminate = Signal(rawValue: SIGTERM)
    /// The user pressed Ctrl-C (`SIGINT`).
    public static let interrupt = Signal(rawValue: SIGINT)
    /// Please read the configuration again, or: the terminal is gone (`SIGHUP`).
    public static let hangUp = Signal(rawValue: SIGHUP)
    /// A child ended (`SIGCHLD`).
    public static let child = Signal(rawValue: SIGCHLD)
    /// For the program's own use (`SIGUSR1`).
    public static let user1 = Signal(rawValue: SIGUSR1)
    /// For the program's own use (`SIGUSR2`).
    public static let user2 = Signal(rawValue: SIGUSR2)
    /// Wrote to something that nobody reads any more (`SIGPIPE`).
    public static let brokenPipe = Signal(rawValue: SIGPIPE)

    /// The symbol, such as `SIGTERM`; `signal 40` for one without a symbol.
    public var description: String {
        guard let name = sigabbrev_np(rawValue) else { return "signal \(rawValue)" }
        return "SIG" + String(cString: name)
    }

    /// Has the process ignore the signal.
    public func ignore() {
        // Fails only for numbers that are no signals and for SIGKILL and SIGSTOP.
        _ = Glibc.signal(rawValue, SIG_IGN)
    }
}

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
