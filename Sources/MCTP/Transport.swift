public import EventLoop

/// A way to carry MCTP messages to endpoints and their answers back.
@LoopActor
public protocol Transport: AnyObject {
    /// Name for logs, such as `AF_MCTP` or `demux @mctp-mux`.
    var description: String { get }

    /// Whether answers to other processes can arrive.
    ///
    /// A message that is no answer to the command must then be noted and waited past, not taken for ours.
    var isShared: Bool { get }

    /// Counts since the start.
    var statistics: TransportStatistics { get }

    /// Begins an exchange: one request and what is answered to it.
    ///
    /// - Parameters:
    ///   - address: Whom to talk to.
    ///   - type: The type of all its messages.
    ///   - matches: Whether a message can belong to this exchange. Asked only when several exchanges are
    ///     open that the carrier cannot tell apart by a tag.
    /// - Returns: The exchange; it has to be ended.
    /// - Throws: ``TransportError`` when it cannot begin.
    func begin(
        to address: EndpointAddress,
        type: MessageType,
        matches: @escaping @LoopActor ([UInt8]) -> Bool
    ) throws(TransportError) -> any Exchange

    /// Ends all exchanges and gives everything back.
    func close()
}

/// One request and what is answered to it.
@LoopActor
public protocol Exchange: AnyObject {
    /// Whether messages can follow the first answer.
    ///
    /// False when the tag ends with the first answer, so that a More Processing Required cannot be followed.
    var outlivesFirstAnswer: Bool { get }

    /// Sends a message.
    ///
    /// - Parameter message: The whole message, from the type byte to the integrity check.
    /// - Throws: ``TransportError``.
    func send(_ message: [UInt8]) async throws(TransportError)

    /// Waits for the next message of the exchange.
    ///
    /// - Parameter deadline: When to give up.
    /// - Returns: The whole message, type byte included.
    /// - Throws: ``TransportError``; of the kind ``TransportError/Kind/timedOut`` at the deadline and
    ///   ``TransportError/Kind/cancelled`` when the task is cancelled. The exchange stays open in both cases.
    func receive(until deadline: MonotonicInstant) async throws(TransportError) -> [UInt8]

    /// Ends the exchange and releases its tag; nothing happens when it has ended. Letting go of it does the same.
    func end()
}

/// What a transport has counted since its start.
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
    public var lateMessages: UInt64 = 0
    /// Messages dropped because they belong to no exchange of ours.
    public var unmatchedMessages: UInt64 = 0
    /// Messages dropped because they were too long, or too many waited.
    public var oversizedMessages: UInt64 = 0
    /// Failures of the socket while receiving.
    public var receiveErrors: UInt64 = 0
    /// Connections made again after a loss.
    public var reconnections: UInt64 = 0

    /// All counts zero.
    public init() {}
}
