internal import EventLoop

/// What a carrier keeps of an open exchange.
@LoopActor
final class ExchangeRecord {
    /// The tag of an exchange over AF_MCTP.
    enum Tag {
        /// None yet: all were in use at the beginning.
        case pending
        /// Reserved from the kernel, with the network that it was reserved for if the kernel knows of that.
        case reserved(UInt8, network: NetworkID?)
        /// The kernel chooses it with each message that is sent.
        case automatic
        /// The carrier has no tags.
        case none
    }

    let address: EndpointAddress
    let type: MessageType
    let matches: @LoopActor ([UInt8]) -> Bool
    let inbox = Inbox()
    var tag: Tag
    /// Answers can only come after the question; what comes before is for somebody else.
    var hasSent = false
    var isEnded = false

    init(
        address: EndpointAddress,
        type: MessageType,
        tag: Tag,
        matches: @escaping @LoopActor ([UInt8]) -> Bool
    ) {
        self.address = address
        self.type = type
        self.tag = tag
        self.matches = matches
    }
}

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

    func end() {
        guard !record.isEnded else { return }
        record.isEnded = true
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
