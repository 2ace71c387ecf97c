internal import CLinux
internal import EventLoop
internal import Glibc

extension KernelTransport {
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
}
