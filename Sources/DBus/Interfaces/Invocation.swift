public import EventLoop

/// Who called what and when: the circumstances of a method call.
public struct Invocation: Sendable {
    /// The connection that the call came in on.
    public let connection: Connection
    /// The unique name of the caller, as the bus vouches for it.
    public let sender: String
    /// Who that is, as the bus vouches for it.
    public let credentials: Credentials
    /// The object that was called.
    public let path: ObjectPath
    /// The method's name.
    public let member: String
    /// When the call was taken from the connection.
    public let arrival: MonotonicInstant
}
