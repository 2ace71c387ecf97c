public import EventLoop

/// One request and what is answered to it, for a task that waits.
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

    /// Ends the exchange; nothing happens when it has ended. Letting go of it does the same.
    ///
    /// The carrier tells by itself whether an answer is missing: from what was sent and what has come.
    func end()

    /// Ends the exchange; nothing happens when it has ended.
    ///
    /// - Parameter answersMayCome: Whether the endpoint may still send something. What came may not have
    ///   been the answer, as with More Processing Required; the carrier then keeps the tag out of use for longer.
    func end(answersMayCome: Bool)
}

extension Exchange {
    /// Ends the exchange; for carriers to whom it makes no difference.
    public func end(answersMayCome: Bool) { end() }
}
