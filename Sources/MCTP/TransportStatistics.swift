/// What a transport has counted since its start, and what it holds.
public struct TransportStatistics: Hashable, Sendable {
    /// Messages sent.
    public var sentMessages: UInt64 = 0
    /// Messages that could not be sent.
    public var failedSends: UInt64 = 0
    /// Further attempts at sending, because a route, a tag or room was missing for a moment.
    public var repeatedSends: UInt64 = 0
    /// Messages received that belong to an exchange.
    public var receivedMessages: UInt64 = 0
    /// Messages dropped because their exchange had ended, or had not sent anything yet.
    ///
    /// Answers that come twice are among them.
    public var lateMessages: UInt64 = 0
    /// Messages dropped because they belong to no exchange of ours.
    public var unmatchedMessages: UInt64 = 0
    /// Messages dropped because they were too long, or too many waited.
    public var oversizedMessages: UInt64 = 0
    /// Failures of the socket while receiving.
    public var receiveErrors: UInt64 = 0
    /// Connections made again after a loss.
    public var reconnections: UInt64 = 0
    /// Exchanges that are open.
    public var openExchanges = 0
    /// Tags reserved from the kernel, in use or at rest.
    public var reservedTags = 0

    /// All counts zero.
    public init() {}
}
