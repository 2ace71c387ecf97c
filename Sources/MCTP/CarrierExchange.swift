internal import EventLoop

/// What a ``CarrierExchange`` needs of its carrier.
@LoopActor
protocol Carrier: AnyObject {
    func transmit(_ message: [UInt8], for record: ExchangeRecord) async throws(TransportError)
    func release(_ record: ExchangeRecord)
}

/// The exchange of both carriers.
///
/// The carrier does not hold it, only its record, so that letting go of an exchange ends it.
@LoopActor
final class CarrierExchange: Exchange {
    private let carrier: any Carrier
    private let record: ExchangeRecord

    init(_ record: ExchangeRecord, of carrier: any Carrier) {
        self.record = record
        self.carrier = carrier
    }

    isolated deinit {
        end()
    }

    var outlivesFirstAnswer: Bool {
        if case .automatic = record.tag { return false }
        return true
    }

    func send(_ message: [UInt8]) async throws(TransportError) {
        try requireOpen("send")
        guard let first = message.first, MessageType(firstByte: first) == record.type else {
            throw TransportError(
                operation: "send",
                kind: .protocolViolation,
                endpoint: record.address
            )
        }
        try await carrier.transmit(message, for: record)
    }

    func receive(until deadline: MonotonicInstant) async throws(TransportError) -> [UInt8] {
        try requireOpen("wait for the answer")
        return try await record.inbox.receive(until: deadline, from: record.address)
    }

    func end() { end(nil) }

    func end(answersMayCome: Bool) { end(answersMayCome) }

    private func end(_ answersMayCome: Bool?) {
        guard !record.isEnded else { return }
        record.isEnded = true
        record.answersMayCome = answersMayCome
        carrier.release(record)
        record.inbox.fail(closedError("wait for the answer"))
    }

    private func requireOpen(_ operation: String) throws(TransportError) {
        if record.isEnded { throw closedError(operation) }
    }

    private func closedError(_ operation: String) -> TransportError {
        TransportError(operation: operation, kind: .closed, endpoint: record.address)
    }
}
