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

    /// Refuses what the caller has no right to: for what a right depends on that only the handler knows.
    ///
    /// - Parameters:
    ///   - right: What is needed.
    ///   - action: What needs it, for the text of the error.
    /// - Throws: `AccessDenied` that says why.
    @LoopActor
    public func demand(_ right: Right, for action: String) throws(DBusError) {
        try connection.objects.check(right, of: credentials) { action }
    }

    /// Whether the caller has a right.
    ///
    /// - Parameter right: The right.
    /// - Returns: True when it has.
    @LoopActor
    public func has(_ right: Right) -> Bool {
        right.isEverybodys || connection.objects.authorize(right, credentials) == nil
    }
}
