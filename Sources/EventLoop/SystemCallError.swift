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

/// A system call that failed.
public struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was attempted: the name of a system call or a short phrase.
    public let operation: String
    /// Why the kernel refused.
    public let errno: Errno

    /// An error of `operation` with `errno`.
    public init(operation: String, errno: Errno) {
        self.operation = operation
        self.errno = errno
    }

    /// Operation, words and symbol.
    public var description: String { "\(operation): \(errno)" }
}

/// Makes a system call, again when a signal interrupted it.
///
/// This is the one place that knows of `EINTR`. Not for `close`, which Linux carries out even when it
/// reports `EINTR`.
///
/// - Parameters:
///   - operation: What an error says was attempted.
///   - call: Makes the call and returns what it returned.
/// - Returns: What the call returned, never -1.
/// - Throws: ``SystemCallError`` with the `errno` of a call that returned -1.
@inlinable
@discardableResult
public func systemCall<Returned: SignedInteger>(
    _ operation: @autoclosure () -> String,
    _ call: () -> Returned
) throws(SystemCallError) -> Returned {
    while true {
        let returned = call()
        guard returned == -1 else { return returned }
        let reason = Errno.current
        if reason != .interrupted {
            throw SystemCallError(operation: operation(), errno: reason)
        }
    }
}
