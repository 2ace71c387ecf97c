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
    static let patience = Duration.seconds(1)
    private static let maximumMessageLength = 65536
    /// Messages taken in one turn of the loop.
    static let messagesPerTurn = 32
    static let messagesInQueue = 1024

    struct Connection {
        let descriptor: Int32
        let watch: Watch
        let since: MonotonicInstant
    }

    let address: DemuxAddress
    private let type: MessageType
    let registration: UInt8
    let buffer: UnsafeMutableRawBufferPointer
    var connection: Connection?
    private var hasBeenConnected = false
    private var isClosed = false
    private var retry: Timer?
    var pause = firstPause
    var records: [EndpointID: [ExchangeRecord]] = [:]
    var droppedMessages: [EndpointID: UInt64] = [:]
    var counts = TransportStatistics()

    /// Name for logs.
    public let description: String
    /// The daemon gives every message of the type to every client.
    public let isShared = true
    /// An endpoint ID is all that the socket takes.
    public let tellsNetworksApart = false
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
    func disconnect(_ kind: TransportError.Kind, _ errno: Errno?) {
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
}
