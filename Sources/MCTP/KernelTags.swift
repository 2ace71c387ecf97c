internal import EventLoop
internal import Glibc

/// The message tags of an AF_MCTP socket: reserved, given to exchanges, at rest between two, released.
///
/// Each exchange has a reserved tag where the kernel can do that, else the kernel chooses one. A reserved tag
/// rests between two exchanges, see `KernelPeer`.
@LoopActor
final class KernelTags {
    /// Endpoints that something is kept of without an exchange: bounds what strange senders can cost.
    private static let peerLimit = 1024

    /// Which way of reserving tags this kernel has.
    private enum Way {
        case unknown
        /// The newer one, for every network.
        case everyNetwork
        /// The older one, for the network that Linux starts with.
        case initialNetwork
    }

    private let calls: KernelCalls
    private let descriptor: Int32
    private var way = Way.unknown
    /// The endpoints that have exchanges, tags or dropped messages.
    private(set) var peers: [EndpointAddress: KernelPeer] = [:]
    /// Exchanges that have no tag yet.
    private var pending: [ObjectIdentifier: ExchangeRecord] = [:]
    /// Ends the rest of tags; there is none while no tag rests.
    private var sweep: Timer?

    init(of descriptor: Int32, _ calls: KernelCalls) {
        self.descriptor = descriptor
        self.calls = calls
    }

    var exchangeCount: Int { peers.values.reduce(pending.count) { $0 + $1.exchangeCount } }

    var reservedCount: Int { peers.values.reduce(0) { $0 + $1.reservedTagCount } }

    // MARK: Exchanges

    /// Takes an exchange in, with a tag if one can be had at once.
    func add(_ record: ExchangeRecord) throws(SystemCallError) {
        pending[ObjectIdentifier(record)] = record
        do throws(SystemCallError) {
            // Having to wait is found out anew when something is sent.
            _ = try reserve(for: record)
        } catch {
            guard error.errno.rawValue != EBUSY else { return }
            pending[ObjectIdentifier(record)] = nil
            throw error
        }
    }

    /// Lets an exchange go, and puts its tag to rest.
    ///
    /// - Parameters:
    ///   - record: The exchange.
    ///   - unread: Messages that came for it and that it has not read.
    func remove(_ record: ExchangeRecord, unread: Int) {
        defer { record.tag = .none }
        pending[ObjectIdentifier(record)] = nil
        let address = record.address
        guard let peer = peers[address] else { return }
        peer.noteDropped(unread)
        peer.remove(record)
        guard case .reserved(let number, let network) = record.tag else {
            return forgetIfBlank(peer, address)
        }
        let now = EventLoop.main.now
        let tag = KernelPeer.RestingTag(
            number: number,
            network: network,
            since: now,
            readyAt: peer.readyTime(hasSent: record.hasSent, at: now),
            isSettled: record.isSettled
        )
        if let surplus = peer.rest(tag) { release(surplus, address) }
        if sweep == nil { sweepLater() }
    }

    /// Takes an endpoint's exchanges out and releases all of its tags; returns the exchanges.
    func releaseAll(of address: EndpointAddress) -> [ExchangeRecord] {
        var records = pending.values.filter { $0.address == address }
        for record in records { pending[ObjectIdentifier(record)] = nil }
        guard let peer = peers[address] else { return records }
        records += peer.exchanges
        for record in peer.exchanges {
            peer.remove(record)
            if case .reserved(let number, let network) = record.tag {
                drop(number, network, address)
            }
            record.tag = .none
        }
        for tag in peer.take(where: { _ in true }) { release(tag, address) }
        forgetIfBlank(peer, address)
        return records
    }

    /// Lets go of everything without a word to the kernel, whose socket is closed; returns the exchanges.
    func removeAll() -> [ExchangeRecord] {
        sweep?.cancel()
        sweep = nil
        let records = peers.values.flatMap(\.exchanges) + pending.values
        peers = [:]
        pending = [:]
        for record in records { record.tag = .none }
        return records
    }

    // MARK: Reserving

    /// Gives a pending exchange a tag, a rested one or a new one; it stays pending when that fails.
    ///
    /// - Parameters:
    ///   - record: The exchange.
    ///   - cannotWait: Whether a tag is taken also before it has rested.
    /// - Returns: When it can have one at rest, if it has to wait for that; nil when it has one.
    /// - Throws: The kernel's error.
    func reserve(
        for record: ExchangeRecord,
        cannotWait: Bool = false
    ) throws(SystemCallError) -> MonotonicInstant? {
        let now = EventLoop.main.now
        let peer = peers[record.address]
        if let turn = peer?.turn(at: now, noOther: false, cannotWait: cannotWait) {
            return try take(turn, for: record)
        }
        do throws(SystemCallError) {
            try reserveNew(for: record)
            return nil
        } catch {
            guard error.errno.rawValue == EBUSY,
                let turn = peer?.turn(at: now, noOther: true, cannotWait: cannotWait)
            else { throw error }
            return try take(turn, for: record)
        }
    }

    /// Replaces an exchange's tag that the kernel does not know any more, as when the device was removed.
    func replaceTag(of record: ExchangeRecord) throws(SystemCallError) {
        guard let peer = peers[record.address], case .reserved(let number, let network) = record.tag
        else { return }
        peer.remove(record)
        drop(number, network, record.address)
        // Those at rest were reserved before it or with it, and hardly fared better.
        for tag in peer.take(where: { _ in true }) { release(tag, record.address) }
        record.tag = .pending
        pending[ObjectIdentifier(record)] = record
        try reserveNew(for: record)
    }

    private func take(
        _ turn: KernelPeer.Turn,
        for record: ExchangeRecord
    ) throws(SystemCallError) -> MonotonicInstant? {
        switch turn {
        case .wait(let instant):
            return instant
        case .take(let tag) where tag.isSettled:
            register(record, .reserved(tag.number, network: tag.network))
        case .take(let tag):
            // Half of a message may have come for it, and the kernel would drop the next beginning.
            release(tag, record.address)
            try reserveNew(for: record)
        }
        return nil
    }

    private func reserveNew(for record: ExchangeRecord) throws(SystemCallError) {
        let address = record.address
        // Network 0 would be resolved for reserving, but not for releasing.
        if way != .initialNetwork, address.network != .unspecified {
            do throws(SystemCallError) {
                let tag = try systemCall("SIOCMCTPALLOCTAG2") {
                    calls.allocateTag(descriptor, address.network, address.endpoint)
                }
                way = .everyNetwork
                return register(
                    record,
                    .reserved(UInt8(truncatingIfNeeded: tag), network: address.network)
                )
            } catch {
                guard way == .unknown, Self.isUnknownCall(error.errno) else { throw error }
            }
        }
        if address.network == .unspecified || address.network == .initial {
            do throws(SystemCallError) {
                let tag = try systemCall("SIOCMCTPALLOCTAG") {
                    calls.allocateTag(descriptor, nil, address.endpoint)
                }
                if address.network == .initial { way = .initialNetwork }
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
        let peer = peers[record.address] ?? KernelPeer()
        peers[record.address] = peer
        if let displaced = peer.add(record) {
            displaced.tag = .pending
            pending[ObjectIdentifier(displaced)] = displaced
        }
    }

    /// Whether this may mean that the kernel does not have the call: AF_MCTP says EINVAL to unknown ones.
    private static func isUnknownCall(_ errno: Errno) -> Bool {
        [EINVAL, ENOTTY, EOPNOTSUPP].contains(errno.rawValue)
    }

    // MARK: Releasing

    private func sweepLater() {
        sweep = EventLoop.main.schedule(after: KernelPeer.idleTime) { [weak self] in
            self?.releaseRested()
        }
    }

    private func releaseRested() {
        let now = EventLoop.main.now
        var isAnyLeft = false
        for (address, peer) in peers {
            let isIdle = peer.isIdle(at: now)
            let rested = peer.take {
                $0.isSettled ? isIdle : now - $0.since >= KernelPeer.quarantine
            }
            for tag in rested { release(tag, address) }
            if !peer.resting.isEmpty { isAnyLeft = true }
            forgetIfBlank(peer, address)
        }
        sweep = nil
        if isAnyLeft { sweepLater() }
    }

    private func release(_ tag: KernelPeer.RestingTag, _ address: EndpointAddress) {
        drop(tag.number, tag.network, address)
    }

    private func drop(_ number: UInt8, _ network: NetworkID?, _ address: EndpointAddress) {
        // Fails only when the kernel has dropped the tag by itself, which is as good.
        _ = calls.dropTag(descriptor, network, address.endpoint, number)
    }

    // MARK: Endpoints

    /// Notes a message of an endpoint that was dropped, if the endpoint is known or there is room for it.
    func noteDropped(from address: EndpointAddress) {
        guard let peer = peers[address] ?? (peers.count < Self.peerLimit ? KernelPeer() : nil)
        else { return }
        peers[address] = peer
        peer.noteDropped()
    }

    /// Forgets what was dropped, and releases the tags that have rested; the others rest to their end.
    func forget(_ address: EndpointAddress) {
        guard let peer = peers[address] else { return }
        peer.forgetDropped()
        let now = EventLoop.main.now
        for tag in peer.take(where: { $0.isSettled && $0.readyAt <= now }) { release(tag, address) }
        forgetIfBlank(peer, address)
    }

    private func forgetIfBlank(_ peer: KernelPeer, _ address: EndpointAddress) {
        if peer.isBlank { peers[address] = nil }
    }
}
