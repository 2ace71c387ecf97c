public import EventLoop

/// One request and what is answered to it, told to an owner as it happens.
///
/// The owner has to end it. ``Exchange`` is the same for a task that waits.
@LoopActor
public protocol OpenExchange: AnyObject {
    /// Whether messages can follow the first answer.
    ///
    /// False when the tag ends with the first answer, so that a More Processing Required cannot be followed.
    var outlivesFirstAnswer: Bool { get }

    /// Sends a message: at once, or as soon as a tag, a route or room is there for it.
    ///
    /// - Parameter message: The whole message, from the type byte to the integrity check.
    /// - Returns: Whether it was sent; if not, the owner is told when it was, or why it was not.
    /// - Throws: ``TransportError`` when it cannot be sent.
    func send(_ message: [UInt8]) throws(TransportError) -> Bool

    /// Gives up a message that waits to be sent; nothing happens when none does.
    func stopSending()

    /// Ends the exchange; nothing happens when it has ended. The owner is told nothing any more.
    ///
    /// - Parameter answersMayCome: Whether the endpoint may still send something, by what the owner knows:
    ///   what came may not have been the answer, as with More Processing Required. The carrier then keeps
    ///   the tag out of use for longer. Nil leaves the judgement to the carrier: from what was sent and
    ///   what has come.
    func end(answersMayCome: Bool?)
}

/// Who is told what happens in an exchange.
@LoopActor
public protocol ExchangeOwner: AnyObject {
    /// Whether a message can belong to the exchange. Asked only when several exchanges are open that the
    /// carrier cannot tell apart by a tag.
    ///
    /// - Parameter message: The whole message, type byte included.
    /// - Returns: Whether it can.
    func matches(_ message: [UInt8]) -> Bool

    /// A message waits for a tag, those of the endpoint being in use; told once for a message. It waits until it
    /// is sent or the exchange is ended.
    func waitsForTag()

    /// A message that had to wait is sent.
    func sent()

    /// A message that had to wait cannot be sent; another may be.
    ///
    /// - Parameter error: Why.
    func notSent(_ error: TransportError)

    /// A message has come, or is missing for a reason.
    ///
    /// - Parameter message: The whole message, type byte included.
    /// - Returns: Whether there was room for it.
    func arrived(_ message: Result<[UInt8], TransportError>) -> Bool

    /// Nothing more can be sent or will come; the exchange is still to be ended.
    ///
    /// - Parameter error: Why.
    func broke(_ error: TransportError)

    /// Throws away what has arrived and was not looked at.
    ///
    /// - Returns: How many messages that were.
    func discard() -> Int
}

extension ExchangeOwner {
    /// For owners to whom it makes no difference what a message waits for.
    public func waitsForTag() {}

    /// For owners that look at every message at once.
    public func discard() -> Int { 0 }
}
