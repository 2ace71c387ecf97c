/// What a connection takes on before it says no.
///
/// A peer on the bus is not trusted: it may send as much as the bus lets through.
public struct ConnectionLimits: Hashable, Sendable {
    /// Calls that have been taken and whose handlers still wait; more get `LimitsExceeded`.
    ///
    /// The last eighth is kept for users who have none, and the last sixteenth for root.
    public var callsInFlight = 256
    /// The same for all connections of a user together, root excepted.
    public var callsInFlightPerUser = 128
    /// The same for each connection.
    public var callsInFlightPerSender = 64
    /// Calls under way that brought file descriptors; each user gets half of it at most.
    ///
    /// A process that has no descriptors left loses its connection with the next one sent to it.
    public var callsWithFileDescriptors = 16
    /// Our own calls that wait for other connections' replies; more wait for their turn.
    ///
    /// The bus counts them as well and refuses more than `max_replies_per_connection`, 128 on most
    /// system buses.
    public var pendingReplies = 100
    /// Bytes in the body of a message that is sent; more is `LimitsExceeded`.
    ///
    /// The bus closes a connection that sends more than its own limit, 32 MiB on most system buses.
    public var messageSize = 16 << 20
    /// Bytes of all arguments of a call together, a little more than the largest data that a method takes.
    public var argumentsPerCall = 1 << 17
    /// Bytes of one text of a call, and of its path: more than any name has.
    public var textPerCall = 4096
    /// Bytes of one text of another message.
    public var textPerMessage = 1 << 20
    /// Values of a call that are read into memory; a number array and a string count as one.
    ///
    /// A message of small nested values takes many times its size in memory.
    public var valuesPerCall = 1 << 13
    /// The same for other messages, whose senders we chose.
    public var valuesPerMessage = 1 << 20
    /// Calls of a connection that wait for their turn; more get `LimitsExceeded`.
    public var waitingCallsPerSender = 4096
    /// The same for all connections of a user together.
    public var waitingCallsPerUser = 8192
    /// Bytes of a user's calls that wait for their turn, and of all of whom the bus has yet to say who they are;
    /// of the latter a quarter is kept for connections with few calls.
    public var waitingBytesPerUser = 4 << 20
    /// Bytes of all calls that wait for their turn.
    ///
    /// The last quarter is kept for users and connections that have few, and the last sixteenth for root.
    public var waitingBytes = 12 << 20
    /// Bytes of answers that a connection may leave unread; its calls get `LimitsExceeded` then, and nothing at
    /// all from twice as many on.
    public var unreadBytesPerSender = 16 << 20
    /// The same for all connections of a user together that have something unread.
    ///
    /// The bus reads no more from us when it holds too much of ours, 127 MiB for most system buses.
    public var unreadBytesPerUser = 24 << 20
    /// Bytes in the outgoing queue from which on calls are left waiting and changes are held back.
    ///
    /// Answers queue up there whoever they are for, so it is what the bus reads in a moment.
    public var outgoingSize = 256 << 10
    /// Bytes in the outgoing queue from which on nothing is taken from the bus.
    public var blockedOutgoingSize = 4 << 20
    /// Bytes in the outgoing queue at which the bus is taken for dead and the connection is closed.
    public var maximumOutgoingSize = 64 << 20
    /// After so long without the bus taking anything of what waits that is a problem.
    public var stallUntilTold: Duration = .seconds(3)
    /// After so long without the bus taking anything of what waits the connection is closed.
    public var stallUntilEnd: Duration = .seconds(10)

    /// The default limits.
    public init() {}
}
