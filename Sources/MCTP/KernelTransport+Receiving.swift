internal import CLinux
internal import EventLoop
internal import Glibc

extension KernelTransport {
    // MARK: Receiving

    func receiveMessages(limit: Int) {
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
    func record(
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
    func count(
        _ reason: WritableKeyPath<TransportStatistics, UInt64>,
        from address: EndpointAddress
    ) {
        counts[keyPath: reason] += 1
        tags.noteDropped(from: address)
    }

    static func message(
        _ typeByte: UInt8,
        _ payload: Slice<UnsafeRawBufferPointer>
    ) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(payload.count + 1)
        message.append(typeByte)
        message.append(contentsOf: payload)
        return message
    }

    static func translate(
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

    func closedError(_ operation: String, _ address: EndpointAddress) -> TransportError {
        TransportError(operation: operation, kind: .closed, endpoint: address)
    }
}
