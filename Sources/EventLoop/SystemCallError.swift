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
