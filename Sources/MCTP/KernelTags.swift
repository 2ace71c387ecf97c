internal import EventLoop
internal import Glibc

/// The message tags of an AF_MCTP socket: given to exchanges, at rest between two, released.
///
/// Each exchange has a reserved tag where the kernel can do that, else the kernel chooses one. A reserved tag
/// rests between two exchanges, see `KernelPeer`; how many there can be, `KernelTagStore` says. When there
/// are no more, those at rest are given up first; then exchanges wait, see `KernelTagLine`.
@LoopActor
final class KernelTags {
    /// Endpoints that something is kept of without an exchange: bounds what strange senders can cost.
    private static let peerLimit = 1024

    /// What an exchange gets that wants a tag.
    enum Reservation {
        case granted
        /// One that still rests, then.
        case resting(until: MonotonicInstant)
        /// None: it is in line for one.
        case inLine
    }

    private let store: KernelTagStore
    /// The endpoints that have exchanges, tags or dropped messages.
    private(set) var peers: [EndpointAddress: KernelPeer] = [:]
    /// Exchanges that have no tag yet.
    private var pending: [ObjectIdentifier: ExchangeRecord] = [:]
    private var line = KernelTagLine()
    /// Ends the rest of tags; there is none while no tag rests.
    private var sweep: Timer?

    init(_ store: KernelTagStore) {
        self.store = store
    }

    var exchangeCount: Int { peers.values.reduce(pending.count) { $0 + $1.exchangeCount } }

    var reservedCount: Int { peers.values.reduce(0) { $0 + $1.reservedTagCount } }

    // MARK: Exchanges

    /// Takes an exchange in, without a tag.
    func add(_ record: ExchangeRecord) {
        pending[ObjectIdentifier(record)] = record
    }

    /// Lets an exchange go, and puts its tag to rest.
    ///
    /// - Parameters:
    ///   - record: The exchange.
    ///   - unread: Messages that came for it and that it has not read.
    func remove(_ record: ExchangeRecord, unread: Int) {
        defer { record.tag = .none }
        forgetPending(record)
        let address = record.address
        guard let peer = peers[address] else { return }
        peer.noteDropped(unread)
        peer.remove(record)
        defer { serveLine(beside: address) }
        guard case .reserved(let tag) = record.tag else { return forgetIfBlank(peer, address) }
        if let surplus = peer.rest(restingTag(tag, of: record, peer)) {
            store.release(surplus.tag, address)
        }
        if sweep == nil { sweepLater() }
    }

    /// Takes an endpoint's exchanges out and releases all of its tags; returns the exchanges.
    func releaseAll(of address: EndpointAddress) -> [ExchangeRecord] {
        var records = pending.values.filter { $0.address == address }
        for record in records { forgetPending(record) }
        guard let peer = peers[address] else { return records }
        records += peer.exchanges
        for record in peer.exchanges {
            peer.remove(record)
            if case .reserved(let tag) = record.tag {
                release(restingTag(tag, of: record, peer), of: peer, address)
            }
            record.tag = .none
        }
        for tag in peer.take(where: { _ in true }) { release(tag, of: peer, address) }
        forgetIfBlank(peer, address)
        if peers[address] != nil, sweep == nil { sweepLater() }
        serveLine(beside: address)
        return records
    }

    /// Lets go of everything without a word to the kernel, whose socket is closed; returns the exchanges.
    func removeAll() -> [ExchangeRecord] {
        sweep?.cancel()
        sweep = nil
        let records = peers.values.flatMap(\.exchanges) + pending.values
        peers = [:]
        pending = [:]
        line.removeAll()
        for record in records { record.tag = .none }
        return records
    }

    private func forgetPending(_ record: ExchangeRecord) {
        pending[ObjectIdentifier(record)] = nil
        line.remove(record)
    }

    /// The tag of an exchange that ends now.
    private func restingTag(
        _ tag: KernelTagStore.ReservedTag,
        of record: ExchangeRecord,
        _ peer: KernelPeer
    ) -> KernelPeer.RestingTag {
        let now = EventLoop.main.now
        return KernelPeer.RestingTag(
            tag: tag,
            since: now,
            readyAt: peer.readyTime(hasSent: record.hasSent, at: now),
            isSettled: record.isSettled
        )
    }

    // MARK: Reserving

    /// Gives a pending exchange a tag, a rested one or a new one; it stays pending when it has to wait.
    ///
    /// - Parameters:
    ///   - record: The exchange.
    ///   - cannotWait: Whether a tag is taken also before it has rested.
    /// - Returns: What it gets.
    /// - Throws: The kernel's error.
    func reserve(
        for record: ExchangeRecord,
        cannotWait: Bool = false
    ) throws(SystemCallError) -> Reservation {
        guard isNext(record) else {
            line.append(record)
            return .inLine
        }
        let now = EventLoop.main.now
        let peer = peers[record.address]
        var turn = peer?.turn(at: now, noOther: false, cannotWait: cannotWait)
        if turn == nil {
            do throws(SystemCallError) {
                try reserveNew(for: record)
                return .granted
            } catch {
                guard error.errno.rawValue == EBUSY else { throw error }
            }
            turn = peer?.turn(at: now, noOther: true, cannotWait: cannotWait)
        }
        switch turn {
        case .wait(let instant):
            return .resting(until: instant)
        case .take(let tag) where tag.isSettled:
            register(record, .reserved(tag.tag))
        case .take(let tag):
            // Half of a message may have come for it, and the kernel would drop the next beginning.
            store.release(tag.tag, record.address)
            try reserveNew(for: record)
        case nil:
            guard giveUpTag(beside: record.address) else {
                line.append(record)
                return .inLine
            }
            try reserveNew(for: record)
        }
        return .granted
    }

    /// Replaces an exchange's tag that the kernel does not know any more, as when the device was removed.
    func replaceTag(of record: ExchangeRecord) throws(SystemCallError) {
        guard let peer = peers[record.address], case .reserved(let tag) = record.tag else { return }
        peer.remove(record)
        store.release(tag, record.address)
        // Those at rest were reserved before it or with it, and hardly fared better.
        for tag in peer.take(where: { _ in true }) { store.release(tag.tag, record.address) }
        record.tag = .pending
        pending[ObjectIdentifier(record)] = record
        try reserveNew(for: record)
    }

    /// Sees that the kernel can choose a tag towards an endpoint and two numbers stay free all the same.
    ///
    /// - Returns: Whether it can.
    func makeRoom(for address: EndpointAddress) throws(SystemCallError) -> Bool {
        while true {
            do throws(SystemCallError) {
                try store.requireRoom(for: address)
                return true
            } catch {
                guard error.errno.rawValue == EBUSY else { throw error }
                guard giveUpTag(beside: address) else { return false }
            }
        }
    }

    private func reserveNew(for record: ExchangeRecord) throws(SystemCallError) {
        let unwanted = peers[record.address]?.unrestedNumbers(at: EventLoop.main.now) ?? []
        let tag = try store.reserve(for: record.address, unwanted: unwanted)
        register(record, tag.map { .reserved($0) } ?? .automatic)
    }

    private func register(_ record: ExchangeRecord, _ tag: ExchangeRecord.Tag) {
        pending[ObjectIdentifier(record)] = nil
        if line.contains(record) {
            line.serve(record)
            serveLine(beside: record.address)
        }
        record.tag = tag
        let peer = peers[record.address] ?? KernelPeer()
        peers[record.address] = peer
        if let displaced = peer.add(record) {
            displaced.tag = .pending
            pending[ObjectIdentifier(displaced)] = displaced
        }
    }

    /// Whether nobody is before an exchange, of those that want a tag from the same set.
    private func isNext(_ record: ExchangeRecord) -> Bool {
        guard !line.isEmpty else { return true }
        let next = line.next { store.isOneSet($0, record.address) }
        return next == nil || next === record
    }

    /// Has the next in line try again, as there may be a tag for it.
    private func serveLine(beside address: EndpointAddress) {
        guard !line.isEmpty, let next = line.next(where: { store.isOneSet($0, address) }) else {
            return
        }
        // Not within what somebody else is about.
        EventLoop.main.schedule(at: EventLoop.main.now) { next.tryAgain() }
    }

    /// Releases a tag at rest of an endpoint, or of one that takes its tags from the same set; returns
    /// whether there was one.
    private func giveUpTag(beside address: EndpointAddress) -> Bool {
        for (other, peer) in peers where store.isOneSet(other, address) {
            guard let tag = peer.giveUpOldest() else { continue }
            release(tag, of: peer, other)
            return true
        }
        return false
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
            for tag in rested { store.release(tag.tag, address) }
            if !peer.resting.isEmpty || !peer.unrestedNumbers(at: now).isEmpty { isAnyLeft = true }
            forgetIfBlank(peer, address)
        }
        sweep = nil
        if isAnyLeft { sweepLater() }
    }

    /// Releases a tag that may not have rested to its end.
    private func release(
        _ tag: KernelPeer.RestingTag,
        of peer: KernelPeer,
        _ address: EndpointAddress
    ) {
        store.release(tag.tag, address)
        peer.noteUnrested(tag.tag, until: tag.restsUntil)
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
        for tag in peer.take(where: { $0.isSettled && $0.readyAt <= now }) {
            store.release(tag.tag, address)
        }
        forgetIfBlank(peer, address)
    }

    private func forgetIfBlank(_ peer: KernelPeer, _ address: EndpointAddress) {
        if peer.isBlank { peers[address] = nil }
    }
}
