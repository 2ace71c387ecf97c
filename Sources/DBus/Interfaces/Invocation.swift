public import EventLoop

/// Who called what and when: the circumstances of a method call.
public struct Invocation: Sendable {
    /// The connection that the call came in on.
    public let connection: Connection
    /// The unique name of the caller, as the bus vouches for it.
    public let sender: String
    /// The object that was called.
    public let path: ObjectPath
    /// The method's name.
    public let member: String
    /// When the call was taken from the connection.
    public let arrival: MonotonicInstant

    /// Asks the bus who the caller is.
    ///
    /// - Returns: The user and process of the caller.
    /// - Throws: The bus's error, when the caller has left meanwhile for instance.
    @LoopActor
    public func credentials() async throws(DBusError) -> Credentials {
        try await connection.credentials(of: sender)
    }
}
