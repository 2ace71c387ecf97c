public import EventLoop

/// Who called what and when: the circumstances of a method call.
public struct Invocation: Sendable {
    /// The connection that the call came in on.
    public let connection: Connection
    /// The unique name of the caller, as the bus vouches for it.
    public let sender: String
    /// Who that is, as the bus vouches for it.
    public let credentials: Credentials
    /// On whose account limits count what the call takes: all connections of a user are one, but root's, which
    /// are whole programs of the system, are one each.
    public var account: String {
        guard let user = credentials.userID, user != 0 else { return sender }
        return "user \(user)"
    }
    /// The object that was called.
    public let path: ObjectPath
    /// The method's name.
    public let member: String
    /// When the call was taken from the connection.
    public let arrival: MonotonicInstant
}
