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
    private static let tagInterval = Duration.milliseconds(40)
    /// The longest message that the kernel puts together.
    static let maximumMessageLength = 65536
    /// Messages taken in one turn of the loop.
    private static let messagesPerTurn = 32
    /// More messages than the kernel's usual buffer for a socket has room for.
    private static let messagesInQueue = 1024

    private let calls: KernelCalls
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer
    private let tags: KernelTags
    private var watch: Watch?
    private var counts = TransportStatistics()
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
    /// - Parameter calls: The kernel.
    /// - Throws: ``TransportError``.
    package init(calls: KernelCalls) throws(TransportError) {
        self.calls = calls
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

    // MARK: Sending

    func attempt(
        _ sending: inout Sending,
        for record: ExchangeRecord
    ) throws(TransportError) -> MonotonicInstant? {
        guard watch != nil else { throw closedError("send", record.address) }
        let now = EventLoop.main.now
        let giveUp = sending.since + Self.patience
        do throws(SystemCallError) {
            switch try attempt(sending.message, record, cannotWait: now >= giveUp) {
            case .granted:
                noteSent(sending.message, record)
                return nil
            case .resting(let instant):
                return min(instant, giveUp)
            case .inLine:
                // For as long as the sender likes; the patience is for what comes then.
                sending.since = now
                sending.hasWaitedForTag = true
                return now + Self.tagInterval
            }
        } catch {
            guard Self.isPassing(error.errno), now < giveUp else {
                counts.failedSends += 1
                throw Self.translate(error, record.address)
            }
            counts.repeatedSends += 1
            defer { sending.failures += 1 }
            return now + .milliseconds(5 << min(sending.failures, 3))
        }
    }

    /// Sends a message, unless it has to wait for a tag.
    private func attempt(
        _ message: [UInt8],
        _ record: ExchangeRecord,
        cannotWait: Bool
    ) throws(SystemCallError) -> KernelTags.Reservation {
        if case .pending = record.tag {
            let reservation = try tags.reserve(for: record, cannotWait: cannotWait)
            guard case .granted = reservation else { return reservation }
        }
        // What is queued already cannot answer what is sent now, though it may have its tag.
        if !record.hasSent { receiveMessages(limit: Self.messagesInQueue) }
        do throws(SystemCallError) {
            try sendOnce(message, record)
        } catch {
            guard error.errno.rawValue == ENOENT, case .reserved = record.tag else { throw error }
            try tags.replaceTag(of: record)
            try sendOnce(message, record)
        }
        return .granted
    }

    private func sendOnce(
        _ message: [UInt8],
        _ record: ExchangeRecord
    ) throws(SystemCallError) {
        var tag = KernelAddress.ownerFlag
        if case .reserved(let reserved) = record.tag { tag = reserved.value }
        let address = KernelAddress(
            network: record.address.network,
            endpoint: record.address.endpoint,
            typeByte: message.first ?? 0,
            tag: tag
        )
        try systemCall("send") {
            message.withUnsafeBytes { bytes in
                calls.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes.dropFirst()), address)
            }
        }
    }

    private func noteSent(_ message: [UInt8], _ record: ExchangeRecord) {
        record.noteSent()
        counts.sentMessages += 1
        guard let tap else { return }
        var tag: MessageTag?
        if case .reserved(let reserved) = record.tag {
            tag = MessageTag(reserved.number, isOwner: true)
        }
        tap(CarriedMessage(.sent, endpoint: record.address, tag: tag, bytes: message))
    }

    /// Whether the next moment may be different.
    static func isPassing(_ errno: Errno) -> Bool {
        [EHOSTUNREACH, EBUSY, ENOBUFS, EAGAIN].contains(errno.rawValue)
    }

    // MARK: Receiving

    private func receiveMessages(limit: Int) {
        var left = limit
        while left > 0, let watch {
            left -= 1
            var source = KernelAddress(network: .unspecified, endpoint: .null, typeByte: 0, tag: 0)
            do throws(SystemCallError) {
                let length = try systemCall("receive") {
                    calls.receive(descriptor, buffer, &source)
                }
                accept(length, from: source)
            } catch {
                guard error.errno != .wouldBlock else { return }
                counts.receiveErrors += 1
                // The error may stay; the loop must sleep all the same.
                watch.interest = []
                EventLoop.main.schedule(after: .milliseconds(100)) { [weak self] in
                    self?.watch?.interest = .read
                }
                return
            }
        }
    }

    private func accept(_ length: Int, from source: KernelAddress) {
        let address = EndpointAddress(network: source.network, endpoint: source.endpoint)
        let isOwner = source.tag & KernelAddress.ownerFlag != 0
        let isWhole = length <= buffer.count
        let message = Self.message(source.typeByte, UnsafeRawBufferPointer(buffer).prefix(length))
        tap?(
            CarriedMessage(
                .received,
                endpoint: address,
                tag: MessageTag(source.tag, isOwner: isOwner),
                bytes: message,
                length: length + 1
            )
        )
        // A tag that its sender owns is a request's.
        guard !isOwner else { return count(\.unmatchedMessages, from: address) }
        guard let record = record(for: message, source.tag, address) else { return }
        guard record.hasSent else { return count(\.lateMessages, from: record.address) }
        guard MessageType(firstByte: source.typeByte) == record.type else {
            return count(\.unmatchedMessages, from: record.address)
        }
        let result: Result<[UInt8], TransportError> =
            isWhole
            ? .success(message)
            : .failure(
                TransportError(
                    operation: "receive",
                    kind: .messageSize,
                    endpoint: record.address
                )
            )
        if record.deliver(result), isWhole {
            counts.receivedMessages += 1
        } else {
            count(\.oversizedMessages, from: record.address)
        }
    }

    /// The exchange that a message answers; nil, and counted, when there is none.
    private func record(
        for message: [UInt8],
        _ tag: UInt8,
        _ address: EndpointAddress
    ) -> ExchangeRecord? {
        let peer = tags.peers[address]
        if let record = peer?[tag] { return record }
        // The kernel names the real network, also for exchanges that only asked for the default one.
        let unspecified = EndpointAddress(network: .unspecified, endpoint: address.endpoint)
        let defaultPeer = tags.peers[unspecified]
        if let record = defaultPeer?[tag] { return record }
        // The number that the kernel chose for these is not known here.
        let candidates = [peer, defaultPeer].flatMap { $0?.automatic ?? [] }.filter(\.hasSent)
        guard !candidates.isEmpty else {
            count(\.lateMessages, from: address)
            return nil
        }
        guard candidates.count > 1 else { return candidates.first }
        let record = candidates.first { $0.matches(message) }
        if record == nil { count(\.unmatchedMessages, from: address) }
        return record
    }

    /// Counts a message that is dropped.
    private func count(
        _ reason: WritableKeyPath<TransportStatistics, UInt64>,
        from address: EndpointAddress
    ) {
        counts[keyPath: reason] += 1
        tags.noteDropped(from: address)
    }

    private static func message(
        _ typeByte: UInt8,
        _ payload: Slice<UnsafeRawBufferPointer>
    ) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(payload.count + 1)
        message.append(typeByte)
        message.append(contentsOf: payload)
        return message
    }

    private static func translate(
        _ error: SystemCallError,
        _ endpoint: EndpointAddress?
    ) -> TransportError {
        TransportError(
            operation: error.operation,
            kind: TransportError.Kind(kernel: error.errno),
            errno: error.errno,
            endpoint: endpoint
        )
    }

    private func closedError(_ operation: String, _ address: EndpointAddress) -> TransportError {
        TransportError(operation: operation, kind: .closed, endpoint: address)
    }
}
