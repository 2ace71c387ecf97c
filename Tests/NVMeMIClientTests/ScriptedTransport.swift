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
        matches: @escaping @LoopActor ([UInt8]) -> Bool
    ) throws(TransportError) -> any Exchange {
        if let refusal { throw refusal }
        open += 1
        mostOpen = max(mostOpen, open)
        return ScriptedExchange(self)
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
final class ScriptedExchange: Exchange {
    private let transport: ScriptedTransport
    private var inbox: [[UInt8]] = []
    private var arrival = Promise<Void>()
    private var isEnded = false
    private var isBroken = false

    fileprivate init(_ transport: ScriptedTransport) {
        self.transport = transport
    }

    var outlivesFirstAnswer: Bool { true }

    func send(_ message: [UInt8]) async throws(TransportError) {
        transport.take(message, on: self)
    }

    func receive(until deadline: MonotonicInstant) async throws(TransportError) -> [UInt8] {
        while inbox.isEmpty {
            guard !isBroken else {
                throw TransportError(operation: "receive", kind: .linkDown)
            }
            guard !isEnded else { throw TransportError(operation: "receive", kind: .closed) }
            arrival = Promise()
            do {
                try await arrival.value(until: deadline)
            } catch {
                guard inbox.isEmpty else { break }
                throw TransportError(
                    operation: "receive",
                    kind: error is DeadlineExceeded ? .timedOut : .cancelled
                )
            }
        }
        return inbox.removeFirst()
    }

    func end() {
        guard !isEnded else { return }
        isEnded = true
        transport.open -= 1
        arrival.resolve()
    }

    /// Has the carrier fail under the exchange.
    func breakDown() {
        isBroken = true
        arrival.resolve()
    }

    /// Sends a message to the client, now or later; to an exchange that has ended it is lost.
    func deliver(_ message: [UInt8], after delay: Duration = .zero) {
        EventLoop.main.schedule(after: delay) { [self] in
            guard !isEnded else { return }
            inbox.append(message)
            arrival.resolve()
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
