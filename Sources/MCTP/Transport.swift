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

    /// Counts since the start, and what is open now.
    var statistics: TransportStatistics { get }

    /// Called with every message that is sent or received, also those that nobody waits for; quick.
    var tap: (@LoopActor (CarriedMessage) -> Void)? { get set }

    /// How many messages of an endpoint were dropped: late, unmatched or too long.
    ///
    /// Counted since the start or since the endpoint was forgotten.
    ///
    /// - Parameter address: The endpoint.
    /// - Returns: The number.
    func dropped(from address: EndpointAddress) -> UInt64

    /// Gives back what is kept for an endpoint that has vanished, as far as nothing is under way with it.
    ///
    /// - Parameter address: The endpoint.
    func forget(_ address: EndpointAddress)

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
