internal import CLinux
internal import Glibc

/// The number with which the kernel says why a call failed.
public struct Errno: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number, as in `errno`.
    public let rawValue: Int32

    /// Wraps a number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// A signal came before the call did anything.
    public static let interrupted = Errno(rawValue: EINTR)
    /// Nothing to read, or no room to write, on a descriptor that does not block.
    public static let wouldBlock = Errno(rawValue: EAGAIN)

    /// The calling thread's `errno`.
    public static var current: Errno {
        Errno(rawValue: errno)
    }

    /// The symbol, such as `EHOSTUNREACH`; `errno 4711` for a number without one.
    public var name: String {
        guard let name = strerrorname_np(rawValue) else { return "errno \(rawValue)" }
        return String(cString: name)
    }

    /// The meaning in words, such as `No route to host`.
    public var text: String {
        guard let text = strerrordesc_np(rawValue) else { return "unknown error" }
        return String(cString: text)
    }

    /// Words and symbol.
    public var description: String { "\(text) (\(name))" }
}
