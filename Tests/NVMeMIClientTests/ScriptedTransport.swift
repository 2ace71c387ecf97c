import EventLoop
import MCTP
import NVMeMI

/// A transport whose other end is a closure: it sees every request and sends what it likes, when it
/// likes.
@LoopActor
final class ScriptedTransport: Transport {
    /// What arrived, with the means to answer.
    struct Received {
        let request: Request
        let exchange: ScriptedExchange
    }

    nonisolated var description: String { "script" }
    var isShared = false
    var statistics: TransportStatistics { TransportStatistics() }
    /// Every request sent, in order.
    private(set) var requests: [Request] = []
    /// Exchanges begun and not ended.
    fileprivate(set) var open = 0
    /// The most that were open at once.
    fileprivate(set) var mostOpen = 0
    /// Refuses to begin exchanges.
    var refusal: TransportError?
    /// The other end.
    var respond: (Received) -> Void = { _ in }

    func begin(
        to: EndpointAddress,
        type: MessageType,
        owner: any ExchangeOwner
    ) throws(TransportError) -> any OpenExchange {
        if let refusal { throw refusal }
        open += 1
        mostOpen = max(mostOpen, open)
        return ScriptedExchange(self, owner)
    }

    var tap: (@LoopActor (CarriedMessage) -> Void)?

    func dropped(from address: EndpointAddress) -> UInt64 { 0 }

    func forget(_ address: EndpointAddress) {}

    func close() {}

    fileprivate func take(_ message: [UInt8], on exchange: ScriptedExchange) {
        guard let request = try? Request.parse(message) else {
            preconditionFailure("the client sent a message that is no request")
        }
        requests.append(request)
        respond(Received(request: request, exchange: exchange))
    }
}

@LoopActor
final class ScriptedExchange: OpenExchange {
    private let transport: ScriptedTransport
    /// Nil when the exchange has ended.
    private var owner: (any ExchangeOwner)?

    fileprivate init(_ transport: ScriptedTransport, _ owner: any ExchangeOwner) {
        self.transport = transport
        self.owner = owner
    }

    var outlivesFirstAnswer: Bool { true }

    func send(_ message: [UInt8]) throws(TransportError) -> Bool {
        transport.take(message, on: self)
        return true
    }

    func stopSending() {}

    func end(answersMayCome: Bool?) {
        guard owner != nil else { return }
        owner = nil
        transport.open -= 1
    }

    /// Has the carrier fail under the exchange.
    func breakDown() {
        EventLoop.main.schedule(after: .zero) { [self] in
            owner?.broke(TransportError(operation: "receive", kind: .linkDown))
        }
    }

    /// Sends a message to the client, now or later; to an exchange that has ended it is lost.
    func deliver(_ message: [UInt8], after delay: Duration = .zero) {
        EventLoop.main.schedule(after: delay) { [self] in
            _ = owner?.arrived(.success(message))
        }
    }
}

@LoopActor
extension ScriptedTransport.Received {
    /// Answers as a healthy drive: health polls with a temperature, control primitives with an idle
    /// slot, anything else with success and no data.
    func answer(temperature: UInt8 = 0x2E, after delay: Duration = .zero) {
        exchange.deliver(Self.answer(to: request, temperature: temperature), after: delay)
    }

    /// Answers as a drive that takes some time for each command and says so when it is asked.
    func answerOfWork(for time: Duration) {
        if isControlPrimitive {
            exchange.deliver(Self.state(.process, to: request))
        } else {
            answer(after: time)
        }
    }

    /// The same in slot 0; in slot 1 it has one answer to everything.
    func answerOfWork(for time: Duration, inSlotOne answer: (Request) -> [UInt8]) {
        if request.slot == .zero {
            answerOfWork(for: time)
        } else {
            exchange.deliver(answer(request))
        }
    }

    nonisolated static func answer(to request: Request, temperature: UInt8 = 0x2E) -> [UInt8] {
        switch request.category {
        case .controlPrimitive:
            state(.idle, to: request)
        default:
            Response.encode(
                category: request.category,
                slot: request.slot,
                body: [0x38, 0xFF, temperature, 0x01, 0, 0, 0, 0]
            )
        }
    }

    /// Answers a control primitive with a slot state.
    nonisolated static func state(_ state: SlotState, to request: Request) -> [UInt8] {
        Response.encode(
            category: .controlPrimitive,
            slot: request.slot,
            managementResponse: UInt32(request.bytes[5]) | UInt32(state.rawValue) << 8
        )
    }

    var isControlPrimitive: Bool { request.category == .controlPrimitive }
}
