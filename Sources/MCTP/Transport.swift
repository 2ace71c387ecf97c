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
