public import EventLoop
internal import Glibc

/// Messages over the socket of libmctp's `mctp-demux-daemon`, for machines without AF_MCTP.
///
/// The socket has neither tags nor networks: a packet is an endpoint ID and a whole message. Answers are
/// told apart by endpoint and by what the exchanges say of themselves, and other programs' answers arrive too.
@LoopActor
public final class DemuxTransport: Transport, Carrier {
    /// How long to wait before connecting again; doubles up to the limit with each failure.
    static let firstPause = Duration.milliseconds(100)
    static let longestPause = Duration.seconds(5)
    /// A connection that has lasted this long was a good one, even if nothing came over it.
    private static let probation = Duration.seconds(5)
    /// How long a send waits for room in the socket's buffer.
    private static let patience = Duration.seconds(1)
    private static let maximumMessageLength = 65536
    /// Messages taken in one turn of the loop.
    private static let messagesPerTurn = 32
    private static let messagesInQueue = 1024

    private struct Connection {
        let descriptor: Int32
        let watch: Watch
        let since: MonotonicInstant
    }

    private let address: DemuxAddress
    private let type: MessageType
    private let registration: UInt8
    private let buffer: UnsafeMutableRawBufferPointer
    private var connection: Connection?
    private var hasBeenConnected = false
    private var isClosed = false
    private var retry: Timer?
    private var pause = firstPause
    private var records: [EndpointID: [ExchangeRecord]] = [:]
    private var droppedMessages: [EndpointID: UInt64] = [:]
    private var counts = TransportStatistics()

    /// Name for logs.
    public let description: String
    /// The daemon gives every message of the type to every client.
    public let isShared = true
    /// Called with every message that is sent or received.
    public var tap: (@LoopActor (CarriedMessage) -> Void)?
    /// Called after the connection was made (true) or lost (false).
    public var onConnectionChange: (@LoopActor (Bool) -> Void)?

    /// Connects to the daemon, now or as soon as it is there.
    ///
    /// - Parameters:
    ///   - address: Where its socket is.
    ///   - type: The only type of message that can be exchanged.
    ///   - hasIntegrityCheck: Whether messages of the type have the IC bit: the daemon compares whole bytes.
    public init(
        _ address: DemuxAddress = .standard,
        type: MessageType = .nvmeManagementInterface,
        hasIntegrityCheck: Bool = true
    ) {
        self.address = address
        self.type = type
        registration = type.firstByte(hasIntegrityCheck: hasIntegrityCheck)
        description = "demux \(address)"
        buffer = .allocate(byteCount: Self.maximumMessageLength + 1, alignment: 16)
        connect()
    }

    isolated deinit {
        close()
        buffer.deallocate()
    }

    /// Whether the daemon is there.
    public var isConnected: Bool { connection != nil }

    /// Counts since the start, and what is open now.
    public var statistics: TransportStatistics {
        var statistics = counts
        statistics.openExchanges = records.values.reduce(0) { $0 + $1.count }
        return statistics
    }

    /// How many messages of an endpoint were dropped: late, unmatched or too long.
    public func dropped(from address: EndpointAddress) -> UInt64 {
        droppedMessages[address.endpoint] ?? 0
    }

    /// Starts counting anew for an endpoint that has vanished.
    public func forget(_ address: EndpointAddress) {
        droppedMessages[address.endpoint] = nil
    }

    /// Ends all exchanges and the connection.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        retry?.cancel()
        retry = nil
        disconnect(.closed, nil)
    }

    // MARK: Connection

    private func connect() {
        do throws(SystemCallError) {
            let descriptor = try DemuxAddress.socket()
            do throws(SystemCallError) {
                try address.connect(descriptor)
                let registration = registration
                try systemCall("register at \(address)") {
                    Glibc.send(descriptor, [registration], 1, Int32(MSG_NOSIGNAL))
                }
                let watch = try EventLoop.main.watch(descriptor, for: .read) {
                    [weak self] readiness in
                    self?.handle(readiness)
                }
                connection = Connection(
                    descriptor: descriptor,
                    watch: watch,
                    since: EventLoop.main.now
                )
            } catch {
                _ = Glibc.close(descriptor)
                throw error
            }
        } catch {
            return connectLater()
        }
        if hasBeenConnected { counts.reconnections += 1 }
        hasBeenConnected = true
        onConnectionChange?(true)
    }

    private func connectLater() {
        guard !isClosed, retry == nil else { return }
        retry = EventLoop.main.schedule(after: pause) { [weak self] in
            self?.retry = nil
            self?.connect()
        }
        pause = min(pause * 2, Self.longestPause)
    }

    /// Gives up the connection and tells every exchange why.
    private func disconnect(_ kind: TransportError.Kind, _ errno: Errno?) {
        if let connection {
            connection.watch.cancel()
            _ = Glibc.close(connection.descriptor)
            if EventLoop.main.now - connection.since >= Self.probation { pause = Self.firstPause }
        }
        let wasConnected = connection != nil
        connection = nil
        let operation =
            isClosed
            ? "wait for the answer" : "wait for the answer over \(address), which went away"
        let failed = records.values.joined()
        records = [:]
        for record in failed {
            record.fail(
                TransportError(
                    operation: operation,
                    kind: kind,
                    errno: errno,
                    endpoint: record.address
                )
            )
        }
        connectLater()
        if wasConnected { onConnectionChange?(false) }
    }

    // MARK: Exchanges

    /// Begins an exchange.
    ///
    /// - Parameters:
    ///   - address: Whom to talk to; the daemon knows no networks, so that part is not looked at.
    ///   - type: The type that the transport was made for.
    ///   - owner: Tells which messages answer its request, of several exchanges with the endpoint.
    /// - Returns: The exchange; it has to be ended.
    /// - Throws: ``TransportError`` when the daemon is not there.
    public func begin(
        to address: EndpointAddress,
        type: MessageType,
        owner: any ExchangeOwner
    ) throws(TransportError) -> any OpenExchange {
        if let kind = reasonNotToBegin(type) {
            throw TransportError(
                operation: "begin an exchange over \(self.address)",
                kind: kind,
                endpoint: address
            )
        }
        let record = ExchangeRecord(
            address: address,
            type: type,
            tag: .none,
            of: self,
            owner: owner
        )
        records[address.endpoint, default: []].append(record)
        return record
    }

    private func reasonNotToBegin(_ type: MessageType) -> TransportError.Kind? {
        if isClosed { return .closed }
        if type != self.type { return .unsupported }
        return connection == nil ? .linkDown : nil
    }

    func release(_ record: ExchangeRecord) {
        let endpoint = record.address.endpoint
        for _ in 0..<record.discardUnread() { count(\.lateMessages, from: endpoint) }
        records[endpoint]?.removeAll { $0 === record }
        if records[endpoint]?.isEmpty ?? false { records[endpoint] = nil }
    }

    // MARK: Sending

    func attempt(
        _ sending: inout Sending,
        for record: ExchangeRecord
    ) throws(TransportError) -> MonotonicInstant? {
        // What is here already cannot be an answer to what is sent now.
        if !record.hasSent { receiveMessages(limit: Self.messagesInQueue) }
        if let failure = record.failure { throw failure }
        guard let connection else {
            throw TransportError(operation: "send", kind: .linkDown, endpoint: record.address)
        }
        let packet = [record.address.endpoint.rawValue] + sending.message
        do throws(SystemCallError) {
            try systemCall("send") {
                Glibc.send(connection.descriptor, packet, packet.count, Int32(MSG_NOSIGNAL))
            }
        } catch {
            let giveUp = sending.since + Self.patience
            guard error.errno == .wouldBlock, EventLoop.main.now < giveUp else {
                counts.failedSends += 1
                throw giveUpSending(error, record)
            }
            counts.repeatedSends += 1
            sending.failures += 1
            connection.watch.interest = [.read, .write]
            return giveUp
        }
        record.noteSent()
        counts.sentMessages += 1
        observe(.sent, record.address.endpoint, sending.message)
        return nil
    }

    private func giveUpSending(
        _ error: SystemCallError,
        _ record: ExchangeRecord
    ) -> TransportError {
        let kind = TransportError.Kind(demux: error.errno)
        // Without room for a whole second, the daemon does not read: it is as good as gone.
        if kind == .linkDown { disconnect(kind, error.errno) }
        return TransportError(
            operation: error.operation,
            kind: kind,
            errno: error.errno,
            endpoint: record.address
        )
    }

    // MARK: Receiving

    private func handle(_ readiness: Readiness) {
        if readiness.contains(.write) {
            connection?.watch.interest = .read
            for record in records.values.joined() { record.tryAgain() }
        }
        if !readiness.isDisjoint(with: [.read, .hangUp, .error]) {
            receiveMessages(limit: Self.messagesPerTurn)
        }
    }

    private func receiveMessages(limit: Int) {
        var left = limit
        while left > 0, let connection {
            left -= 1
            let length: Int
            do throws(SystemCallError) {
                length = try systemCall("receive") {
                    recv(
                        connection.descriptor,
                        buffer.baseAddress,
                        buffer.count,
                        Int32(MSG_TRUNC)
                    )
                }
            } catch {
                guard error.errno != .wouldBlock else { return }
                counts.receiveErrors += 1
                return disconnect(.linkDown, error.errno)
            }
            // The daemon never sends an empty packet: this is the end.
            guard length > 0 else { return disconnect(.linkDown, nil) }
            guard length <= buffer.count else {
                count(\.oversizedMessages, from: EndpointID(buffer[0]))
                continue
            }
            pause = Self.firstPause
            accept([UInt8](buffer[..<length]))
        }
    }

    private func accept(_ packet: [UInt8]) {
        guard let first = packet.first else { return }
        let source = EndpointID(first)
        let message = Array(packet.dropFirst())
        observe(.received, source, message)
        guard message.first == registration else {
            return count(\.unmatchedMessages, from: source)
        }
        let candidates = records[source]?.filter(\.hasSent) ?? []
        guard !candidates.isEmpty else { return count(\.lateMessages, from: source) }
        // A single exchange gets everything: its owner knows better what a strange answer means.
        let record =
            candidates.first { $0.matches(message) }
            ?? (candidates.count == 1 ? candidates.first : nil)
        guard let record else { return count(\.unmatchedMessages, from: source) }
        if record.deliver(.success(message)) {
            counts.receivedMessages += 1
        } else {
            count(\.oversizedMessages, from: source)
        }
    }

    private func observe(
        _ direction: CarriedMessage.Direction,
        _ endpoint: EndpointID,
        _ message: [UInt8]
    ) {
        tap?(
            CarriedMessage(
                direction,
                endpoint: EndpointAddress(network: .unspecified, endpoint: endpoint),
                tag: nil,
                bytes: message
            )
        )
    }

    /// Counts a message that is dropped.
    private func count(
        _ reason: WritableKeyPath<TransportStatistics, UInt64>,
        from endpoint: EndpointID
    ) {
        counts[keyPath: reason] += 1
        droppedMessages[endpoint, default: 0] += 1
    }
}
