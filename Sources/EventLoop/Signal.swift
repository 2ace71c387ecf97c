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
