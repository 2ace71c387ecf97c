import EventLoop
import MCTP
import NVMeMI

/// One command in the session.
struct CourseID: Hashable {
    let number: Int
}

/// One exchange that a command, or a question on its behalf, has begun.
struct ExchangeID: Hashable {
    let number: Int
}

/// What the session is told to do by its dialogue with the endpoint.
enum Action {
    /// Begin an exchange and send its first message.
    case send(ExchangeID, Transmission)
    /// Send the message once more in the exchange that is open.
    case sendAgain(ExchangeID, Transmission)
    /// End the exchange.
    case end(ExchangeID, answersMayCome: Bool)
    /// Give the caller the result.
    case finish(CourseID, Result<Response, SessionError>)
    /// Tell that the drive loses requests that follow its last message in less time than this.
    case tellGap(Duration)
}

/// A message to be sent, and which answers are its own.
struct Transmission {
    let message: [UInt8]
    let category: MessageCategory
    let slot: CommandSlot

    /// Whether a message can be an answer, as far as its header tells.
    func isAnswered(by message: [UInt8]) -> Bool {
        guard let header = MessageHeader(of: message) else { return false }
        return header.isResponse && header.category == category && header.slot == slot
    }
}

/// What happens to a command that has begun.
enum CourseEvent {
    /// Its turn has come.
    case granted(SlotGrant)
    /// A message waits for a tag, those of the endpoint being in use.
    case waitsForTag(ExchangeID)
    /// A message has gone out.
    case sent(ExchangeID)
    /// A message has come.
    case message(ExchangeID, Arrival)
    /// An exchange could not begin or send, or it broke.
    case failed(ExchangeID, TransportError)
    /// The instant that it waited for is there.
    case time
    /// The caller has left.
    case cancelled
    /// Nothing may be sent any more.
    case closed(reason: String)
}

/// A message that has come.
struct Arrival {
    let message: [UInt8]
    /// Whether the exchange ends with it, so that a further answer would find nobody.
    var isLast = false
}
