import EventLoop
import MCTP

/// The session's end of an exchange: tells the session what happens in it.
@LoopActor
final class Correspondent: ExchangeOwner {
    let id: ExchangeID
    let transmission: Transmission
    /// Nil before it has begun and after it was ended.
    private(set) var exchange: (any OpenExchange)?
    /// Let go of with the exchange.
    private var session: EndpointSession?

    init(_ id: ExchangeID, _ transmission: Transmission, _ session: EndpointSession) {
        self.id = id
        self.transmission = transmission
        self.session = session
    }

    /// Begins the exchange and sends its message.
    ///
    /// - Returns: Whether it was sent; if not, the session is told when it was.
    func begin() throws(TransportError) -> Bool {
        guard let session else { return false }
        let exchange = try session.transport.begin(
            to: session.address,
            type: .nvmeManagementInterface,
            owner: self
        )
        self.exchange = exchange
        return try exchange.send(transmission.message)
    }

    /// Sends the message once more.
    ///
    /// - Returns: Whether it was sent; if not, the session is told when it was.
    func sendAgain() throws(TransportError) -> Bool {
        try exchange?.send(transmission.message) ?? false
    }

    func end(answersMayCome: Bool) {
        exchange?.end(answersMayCome: answersMayCome)
        exchange = nil
        session = nil
    }

    func matches(_ message: [UInt8]) -> Bool { transmission.isAnswered(by: message) }

    func waitsForTag() { session?.happened(.waitsForTag(id)) }

    func sent() { session?.happened(.sent(id)) }

    func arrived(_ message: Result<[UInt8], TransportError>) -> Bool {
        switch message {
        case .success(let message):
            let isLast = !(exchange?.outlivesFirstAnswer ?? true)
            session?.happened(.message(id, Arrival(message: message, isLast: isLast)))
        case .failure(let error):
            session?.happened(.failed(id, error))
        }
        return true
    }

    func notSent(_ error: TransportError) { session?.happened(.failed(id, error)) }

    func broke(_ error: TransportError) { session?.happened(.failed(id, error)) }
}
