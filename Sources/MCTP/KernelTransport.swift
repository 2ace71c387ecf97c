public import EventLoop
internal import Glibc

/// Messages over the kernel's own MCTP: one AF_MCTP socket for all endpoints.
///
/// Answers are told apart by network, endpoint and tag. Each exchange reserves its tag where the kernel
/// can do that, so that any number of answers can arrive; else the kernel chooses one for a single answer.
@LoopActor
public final class KernelTransport: Transport, Carrier {
    /// How long a send is tried again while a route, a tag or room is missing: mctpd removes and adds a
    /// route to change its MTU, and tags come back as other programs end their commands.
    static let patience = Duration.milliseconds(300)
    /// The longest message that the kernel puts together.
    static let maximumMessageLength = 65536
    /// Messages taken in one turn of the loop.
    private static let messagesPerTurn = 32
    /// More messages than the kernel's usual buffer for a socket has room for.
    private static let messagesInQueue = 1024

    /// Which way of reserving tags this kernel has.
    private enum TagCalls {
        case unknown
        /// The newer one, for every network.
        case everyNetwork
        /// The older one, for the network that Linux starts with.
        case initialNetwork
    }

    private struct Key: Hashable {
        let address: EndpointAddress
        let tag: UInt8
    }

    private let calls: KernelCalls
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer
    private var watch: Watch?
    private var tagCalls = TagCalls.unknown
    private var reserved: [Key: ExchangeRecord] = [:]
    private var automatic: [EndpointAddress: [ExchangeRecord]] = [:]
    private var pending: [ObjectIdentifier: ExchangeRecord] = [:]

    /// Name for logs.
    public let description = "AF_MCTP"
    /// Only answers to this socket's own tags arrive.
    public let isShared = false
    /// Counts since the start.
    public private(set) var statistics = TransportStatistics()

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

    /// Ends all exchanges and closes the socket, which releases every tag.
    public func close() {
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        calls.close(descriptor)
        let records = [
            Array(reserved.values), automatic.values.flatMap(\.self), Array(pending.values),
        ]
        reserved = [:]
        automatic = [:]
        pending = [:]
        for record in records.joined() {
            record.tag = .none
            record.inbox.fail(closedError("wait for the answer", record.address))
        }
    }

    // MARK: Exchanges

    /// Begins an exchange and reserves its tag.
    ///
    /// - Parameters:
    ///   - address: Whom to talk to; network 0 is the kernel's default one.
    ///   - type: The type of all its messages.
    ///   - matches: Asked only on kernels that cannot reserve a tag, when several exchanges with the
    ///     endpoint are open.
    /// - Returns: The exchange; it has to be ended.
    /// - Throws: ``TransportError`` when the kernel refuses. When all tags are in use, that is found out and
    ///   waited for in `send`.
    public func begin(
        to address: EndpointAddress,
        type: MessageType,
        matches: @escaping @LoopActor ([UInt8]) -> Bool
    ) throws(TransportError) -> any Exchange {
        guard watch != nil else { throw closedError("begin an exchange", address) }
        let record = ExchangeRecord(address: address, type: type, tag: .pending, matches: matches)
        pending[ObjectIdentifier(record)] = record
        do throws(SystemCallError) {
            try reserveTag(for: record)
        } catch {
            if error.errno.rawValue != EBUSY {
                pending[ObjectIdentifier(record)] = nil
                throw Self.translate(error, address)
            }
        }
        return CarrierExchange(record, of: self)
    }

    /// Gives a pending record a tag; it stays pending when that fails.
    private func reserveTag(for record: ExchangeRecord) throws(SystemCallError) {
        let address = record.address
        // Network 0 would be resolved for reserving, but not for releasing.
        if tagCalls != .initialNetwork, address.network != .unspecified {
            do throws(SystemCallError) {
                let tag = try systemCall("SIOCMCTPALLOCTAG2") {
                    calls.allocateTag(descriptor, address.network, address.endpoint)
                }
                tagCalls = .everyNetwork
                return register(
                    record,
                    .reserved(UInt8(truncatingIfNeeded: tag), network: address.network)
                )
            } catch {
                guard tagCalls == .unknown, Self.isUnknownCall(error.errno) else { throw error }
            }
        }
        if address.network == .unspecified || address.network == .initial {
            do throws(SystemCallError) {
                let tag = try systemCall("SIOCMCTPALLOCTAG") {
                    calls.allocateTag(descriptor, nil, address.endpoint)
                }
                if address.network == .initial { tagCalls = .initialNetwork }
                return register(record, .reserved(UInt8(truncatingIfNeeded: tag), network: nil))
            } catch {
                guard Self.isUnknownCall(error.errno) else { throw error }
            }
        }
        register(record, .automatic)
    }

    private func register(_ record: ExchangeRecord, _ tag: ExchangeRecord.Tag) {
        pending[ObjectIdentifier(record)] = nil
        record.tag = tag
        switch tag {
        case .reserved(let number, _): reserved[key(record.address, number)] = record
        case .automatic: automatic[record.address, default: []].append(record)
        case .pending, .none: break
        }
    }

    func release(_ record: ExchangeRecord) {
        let unread = record.inbox.discard()
        statistics.lateMessages += UInt64(unread)
        switch record.tag {
        case .pending:
            pending[ObjectIdentifier(record)] = nil
        case .reserved(let number, let network):
            reserved[key(record.address, number)] = nil
            // Fails only when the kernel has dropped the tag by itself, which is as good.
            _ = calls.dropTag(descriptor, network, record.address.endpoint, number)
        case .automatic:
            automatic[record.address]?.removeAll { $0 === record }
            if automatic[record.address]?.isEmpty ?? false { automatic[record.address] = nil }
        case .none:
            break
        }
        record.tag = .none
    }

    private func key(_ address: EndpointAddress, _ tag: UInt8) -> Key {
        Key(address: address, tag: tag & 0x07)
    }

    // MARK: Sending

    func transmit(
        _ message: [UInt8],
        for record: ExchangeRecord
    ) async throws(TransportError) {
        let giveUp = EventLoop.main.now + Self.patience
        var pause = Duration.milliseconds(5)
        while true {
            do throws(SystemCallError) {
                try attempt(message, record)
                statistics.sentMessages += 1
                return
            } catch {
                guard Self.isPassing(error.errno), EventLoop.main.now < giveUp else {
                    statistics.failedSends += 1
                    throw Self.translate(error, record.address)
                }
            }
            statistics.repeatedSends += 1
            do throws(CancellationError) {
                try await sleep(for: pause)
            } catch {
                throw TransportError(operation: "send", kind: .cancelled, endpoint: record.address)
            }
            guard watch != nil, !record.isEnded else { throw closedError("send", record.address) }
            pause = min(pause * 2, .milliseconds(40))
        }
    }

    private func attempt(
        _ message: [UInt8],
        _ record: ExchangeRecord
    ) throws(SystemCallError) {
        if case .pending = record.tag { try reserveTag(for: record) }
        var tag = KernelAddress.ownerFlag
        if case .reserved(let number, _) = record.tag { tag = number }
        // The kernel hands out anew the tag of an exchange that has ended, whose answer may have come late:
        // what is queued already cannot answer what is sent now.
        if !record.hasSent { receiveMessages(limit: Self.messagesInQueue) }
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
        record.hasSent = true
    }

    /// Whether the next moment may be different.
    private static func isPassing(_ errno: Errno) -> Bool {
        [EHOSTUNREACH, EBUSY, ENOBUFS, EAGAIN].contains(errno.rawValue)
    }

    /// Whether this may mean that the kernel does not have the call: AF_MCTP says EINVAL to unknown ones.
    private static func isUnknownCall(_ errno: Errno) -> Bool {
        [EINVAL, ENOTTY, EOPNOTSUPP].contains(errno.rawValue)
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
                statistics.receiveErrors += 1
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
        guard source.tag & KernelAddress.ownerFlag == 0 else {
            statistics.unmatchedMessages += 1
            return
        }
        let isWhole = length <= buffer.count
        let message = Self.message(source.typeByte, UnsafeRawBufferPointer(buffer).prefix(length))
        guard let record = record(for: message, from: source) else { return }
        guard record.hasSent else {
            statistics.lateMessages += 1
            return
        }
        guard MessageType(firstByte: source.typeByte) == record.type else {
            statistics.unmatchedMessages += 1
            return
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
        if record.inbox.deliver(result), isWhole {
            statistics.receivedMessages += 1
        } else {
            statistics.oversizedMessages += 1
        }
    }

    /// The exchange that a message answers; nil, and counted, when there is none.
    private func record(
        for message: [UInt8],
        from source: KernelAddress
    ) -> ExchangeRecord? {
        let address = EndpointAddress(network: source.network, endpoint: source.endpoint)
        if let record = reserved[key(address, source.tag)] { return record }
        // The kernel names the real network, also for exchanges that only asked for the default one.
        let unspecified = EndpointAddress(network: .unspecified, endpoint: source.endpoint)
        if let record = reserved[key(unspecified, source.tag)] { return record }
        // The number that the kernel chose for these is not known here.
        let candidates = [address, unspecified].flatMap { automatic[$0] ?? [] }.filter(\.hasSent)
        guard !candidates.isEmpty else {
            statistics.lateMessages += 1
            return nil
        }
        guard candidates.count > 1 else { return candidates.first }
        let record = candidates.first { $0.matches(message) }
        if record == nil { statistics.unmatchedMessages += 1 }
        return record
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
