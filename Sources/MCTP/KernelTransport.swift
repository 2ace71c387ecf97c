public import EventLoop
internal import Glibc

/// Messages over the kernel's own MCTP: one AF_MCTP socket for all endpoints.
///
/// Answers are told apart by network, endpoint and tag (see `KernelTags`). To an exchange with a reserved tag
/// any number of answers can arrive, to one whose tag the kernel chooses a single one.
@LoopActor
public final class KernelTransport: Transport, Carrier {
    /// How long a send is tried again while a route or room is missing, as when mctpd removes and adds a
    /// route to change its MTU; and how long it waits for a tag that has rested.
    static let patience = Duration.milliseconds(300)
    /// How often a send looks for tags that other programs have given back, while all are in use.
    static let tagInterval = Duration.milliseconds(40)
    /// The longest message that the kernel puts together.
    static let maximumMessageLength = 65536
    /// Messages taken in one turn of the loop.
    private static let messagesPerTurn = 32
    /// More messages than the kernel's usual buffer for a socket has room for.
    static let messagesInQueue = 1024

    let calls: KernelCalls
    let descriptor: Int32
    let buffer: UnsafeMutableRawBufferPointer
    let tags: KernelTags
    private let neighbours: KernelNeighbours
    var watch: Watch?
    var counts = TransportStatistics()
    /// Number of the last control request, 0 to 31.
    private var lastInstance: UInt8 = 0
    /// Endpoints that are being asked for their endpoint ID.
    private var questions: [KernelEndpointIDQuestion] = []

    /// Name for logs.
    public let description = "AF_MCTP"
    /// Only answers to this socket's own tags arrive.
    public let isShared = false
    /// Called with every message that is sent or received.
    public var tap: (@LoopActor (CarriedMessage) -> Void)?

    /// Opens the socket.
    ///
    /// - Throws: ``TransportError`` of the kind ``TransportError/Kind/unsupported`` when the kernel has no MCTP.
    public convenience init() throws(TransportError) {
        try self.init(calls: .system)
    }

    /// Opens the socket of a given kernel.
    ///
    /// - Parameters:
    ///   - calls: The kernel.
    ///   - neighbours: Its table of neighbours; the running kernel's unless it is said.
    /// - Throws: ``TransportError``.
    package init(
        calls: KernelCalls,
        neighbours: KernelNeighbours = KernelNeighbours()
    ) throws(TransportError) {
        self.calls = calls
        self.neighbours = neighbours
        do throws(SystemCallError) {
            let descriptor = try systemCall("open an AF_MCTP socket") { calls.socket() }
            self.descriptor = descriptor
            tags = KernelTags(KernelTagStore(of: descriptor, calls))
            buffer = .allocate(byteCount: Self.maximumMessageLength, alignment: 16)
            watch = try EventLoop.main.watch(descriptor, for: .read) { [weak self] _ in
                self?.receiveMessages(limit: Self.messagesPerTurn)
            }
        } catch {
            throw Self.translate(error, nil)
        }
    }

    isolated deinit {
        close()
        buffer.deallocate()
    }

    /// Counts since the start, and what is open now.
    public var statistics: TransportStatistics {
        var statistics = counts
        statistics.openExchanges = tags.exchangeCount
        statistics.reservedTags = tags.reservedCount
        return statistics
    }

    /// Where an endpoint is, as the kernel's table of neighbours has it; nil for one behind an MCTP bridge.
    public func physicalAddress(of address: EndpointAddress) -> PhysicalAddress? {
        neighbours.physicalAddress(of: address)
    }

    /// How many messages of an endpoint were dropped: late, unmatched or too long.
    public func dropped(from address: EndpointAddress) -> UInt64 {
        tags.peers[address]?.droppedMessages ?? 0
    }

    /// Gives back what is kept for an endpoint that has vanished.
    ///
    /// What was sent last may still be answered, or once more, when only the route was gone: such a tag
    /// rests to its end.
    public func forget(_ address: EndpointAddress) {
        tags.forget(address)
    }

    /// Gives every tag of an endpoint back at once, and ends its open exchanges.
    public func releaseTags(of address: EndpointAddress) {
        for record in tags.releaseAll(of: address) {
            let unread = record.abandon(closedError("wait for the answer", address))
            counts.lateMessages += UInt64(unread)
        }
        for question in questions where question.address == address { question.end() }
    }

    /// Asks an endpoint for its endpoint ID with MCTP's own control protocol.
    public func askForEndpointID(
        of address: EndpointAddress,
        until deadline: MonotonicInstant
    ) async -> EndpointIDAnswer {
        guard watch != nil else {
            return .cannotBeAsked(closedError("ask for the endpoint ID", address))
        }
        lastInstance = (lastInstance + 1) & 0x1F
        let question = KernelEndpointIDQuestion(calls, tags, to: address, instance: lastInstance) {
            [weak self] message, isAnswer in
            self?.note(message, isAnswer)
        }
        questions.append(question)
        defer { questions.removeAll { $0 === question } }
        return await question.answer(until: deadline)
    }

    /// Counts and shows a message that went over another socket.
    private func note(_ message: CarriedMessage, _ isAnswer: Bool) {
        switch message.direction {
        case .sent: counts.sentMessages += 1
        case .received where isAnswer: counts.receivedMessages += 1
        case .received: count(\.unmatchedMessages, from: message.endpoint)
        }
        tap?(message)
    }

    /// Ends all exchanges and closes the socket, which releases every tag.
    public func close() {
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        calls.close(descriptor)
        for question in questions { question.end() }
        for record in tags.removeAll() {
            record.fail(closedError("wait for the answer", record.address))
        }
    }

    // MARK: Exchanges

    /// Begins an exchange; its tag is reserved when something is sent.
    ///
    /// - Parameters:
    ///   - address: Whom to talk to; network 0 is the kernel's default one.
    ///   - type: The type of all its messages.
    ///   - owner: Asked which messages are its own only on kernels that cannot reserve a tag, when several
    ///     exchanges with the endpoint are open.
    /// - Returns: The exchange; it has to be ended.
    /// - Throws: ``TransportError`` when the transport is closed.
    public func begin(
        to address: EndpointAddress,
        type: MessageType,
        owner: any ExchangeOwner
    ) throws(TransportError) -> any OpenExchange {
        guard watch != nil else { throw closedError("begin an exchange", address) }
        let record = ExchangeRecord(
            address: address,
            type: type,
            tag: .pending,
            of: self,
            owner: owner
        )
        tags.add(record)
        return record
    }

    func release(_ record: ExchangeRecord) {
        let unread = record.discardUnread()
        counts.lateMessages += UInt64(unread)
        tags.remove(record, unread: unread)
    }
}
