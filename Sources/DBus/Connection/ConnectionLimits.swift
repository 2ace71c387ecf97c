/// What a connection takes on before it says no.
///
/// A peer on the bus is not trusted: it may send as much as the bus lets through.
public struct ConnectionLimits: Hashable, Sendable {
    /// Calls that have been taken and whose handlers still wait; more get `LimitsExceeded`.
    public var callsInFlight = 256
    /// The same for each caller.
    public var callsInFlightPerSender = 64
    /// Calls under way that brought file descriptors.
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
    /// Values of a call that are read into memory; a number array and a string count as one.
    ///
    /// A message of small nested values takes many times its size in memory.
    public var valuesPerCall = 1 << 16
    /// The same for other messages, whose senders we chose.
    public var valuesPerMessage = 1 << 20
    /// Bytes in the outgoing queue from which on calls are left waiting and changes are held back.
    public var outgoingSize = 4 << 20
    /// Bytes in the outgoing queue at which the bus is taken for dead and the connection is closed.
    public var maximumOutgoingSize = 64 << 20

    /// The default limits.
    public init() {}
}
