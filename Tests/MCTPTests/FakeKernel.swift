import EventLoop
import Glibc
import MCTP
import TestSupport

/// Stands in for the kernel's AF_MCTP sockets: tags by the rules of a release of Linux, messages, and every
/// error on demand.
@LoopActor
final class FakeKernel {
    struct Sent: Equatable {
        let address: KernelAddress
        let payload: [UInt8]
    }

    enum Call: Hashable {
        case socket
        case allocateTag
        case allocateTagByNetwork
        case dropTag
        case send
        case receive
    }

    /// A socket, of the program that is tested or of another one.
    @LoopActor
    private final class Socket {
        let pipe: TestPipe
        let isForeign: Bool
        var queue: [(KernelAddress, [UInt8], length: Int?)] = []

        init(isForeign: Bool) throws {
            pipe = try TestPipe()
            self.isForeign = isForeign
        }
    }

    /// The endpoint ID of this machine.
    private static let ownEndpoint: UInt8 = 8

    /// How tags are told apart.
    var rules: KernelTagRules
    /// Errors that the next calls of a kind end with.
    var failures: [Call: [Int32]] = [:]
    /// Whether the kernel has any call to reserve tags.
    var knowsTags = true
    /// What the tested program sent.
    private(set) var sent: [Sent] = []
    /// Called with what was sent.
    var onSend: ((Sent) -> Void)?
    /// The number that the last message had on the wire.
    private(set) var lastNumber: UInt8 = 0
    private(set) var calls: [Call] = []
    private var keys = KernelKeys()
    private var sockets: [Int32: Socket] = [:]
    private var first: Int32 = -1
    private(set) var isClosed = false

    init(_ rules: KernelTagRules = .linux6_12) throws {
        self.rules = rules
    }

    // MARK: The tested program

    /// Tags that the tested program has reserved.
    var reservedTags: Int { reservedKeys.count }

    /// Numbers of the tags that it has reserved towards an endpoint.
    func numbers(network: UInt32 = 1, endpoint: UInt8 = 9) -> Set<UInt8> {
        Set(
            reservedKeys.filter { key in
                key.peer == endpoint && (key.network == network || rules == .linux6_1)
            }.map(\.number)
        )
    }

    /// Tags of any kind that the tested program holds towards an endpoint.
    func held(endpoint: UInt8 = 9) -> Int {
        keys.valid.count { !isForeign($0) && $0.peer == endpoint }
    }

    /// Numbers that nobody holds in a network.
    func freeNumbers(network: UInt32 = 1) -> Int {
        8
            - Set(keys.valid.filter { rules == .linux6_1 || $0.network == network }.map(\.number))
            .count
    }

    /// Sockets that the tested program has open.
    var openSockets: Int { sockets.values.count { !$0.isForeign } }

    private var reservedKeys: [KernelKeys.Key] {
        keys.valid.filter { $0.isReserved && !isForeign($0) }
    }

    private func isForeign(_ key: KernelKeys.Key) -> Bool {
        sockets[key.socket]?.isForeign ?? true
    }

    // MARK: Others

    /// Takes all tags away, as the kernel does with those of a device that is removed.
    func dropTags() {
        keys.removeAll()
    }

    /// Takes tags as another program does; returns how many it got.
    func takeTags(network: UInt32 = 1, endpoint: UInt8 = 9, upTo limit: Int = 8) throws -> Int {
        let descriptor = try open(isForeign: true)
        return (0..<limit).count { _ in
            keys.allocate(rules, descriptor, network, KernelKeys.any, endpoint, isReserved: true)
                != nil
        }
    }

    /// What a bus owner sees that asks an endpoint by its physical address.
    enum BusOwnersTurn: Equatable {
        case answered
        /// Every number is taken.
        case busy
        /// Somebody else got the answer.
        case deaf
    }

    /// Asks as mctpd does: with destination 0, from a socket of its own, as often as it is told.
    func askAsBusOwner(
        network: UInt32 = 1,
        endpoint: UInt8 = 9,
        attempts: Int = 1
    ) throws -> BusOwnersTurn {
        let descriptor = try open(isForeign: true)
        defer { close(descriptor) }
        for _ in 0..<attempts {
            guard
                let number = keys.allocate(
                    rules,
                    descriptor,
                    network,
                    Self.ownEndpoint,
                    0,
                    isReserved: false
                )
            else { return .busy }
            answer(network: network, endpoint: endpoint, tag: number, bytes("00 01 02 00 09 00 00"))
            if sockets[descriptor]?.queue.isEmpty == false { return .answered }
        }
        return .deaf
    }

    // MARK: Messages

    /// Has a message wait at the tested program's first socket, whatever the tags.
    func deliver(
        network: UInt32 = 1,
        endpoint: UInt8 = 9,
        tag: UInt8,
        _ message: [UInt8],
        length: Int? = nil
    ) {
        let address = KernelAddress(
            network: NetworkID(network),
            endpoint: EndpointID(endpoint),
            typeByte: message.first ?? 0,
            tag: tag
        )
        queue(address, Array(message.dropFirst()), length, at: first)
    }

    /// Has an endpoint answer with a tag: the message goes to whoever holds it, or is lost.
    func answer(network: UInt32 = 1, endpoint: UInt8 = 9, tag: UInt8, _ message: [UInt8]) {
        guard let socket = keys.receiver(rules, network, Self.ownEndpoint, endpoint, tag) else {
            return
        }
        let address = KernelAddress(
            network: NetworkID(network),
            endpoint: EndpointID(endpoint),
            typeByte: message.first ?? 0,
            tag: tag
        )
        queue(address, Array(message.dropFirst()), nil, at: socket)
    }

    private func queue(
        _ address: KernelAddress,
        _ payload: [UInt8],
        _ length: Int?,
        at descriptor: Int32
    ) {
        guard let socket = sockets[descriptor] else { return }
        if socket.queue.isEmpty { socket.pipe.write([0]) }
        socket.queue.append((address, payload, length))
    }

    // MARK: Calls

    var table: KernelCalls {
        KernelCalls(
            socket: {
                if let failure = self.perform(.socket) { return failure }
                guard let descriptor = try? self.open(isForeign: false) else {
                    return self.fail(EMFILE)
                }
                if self.first < 0 { self.first = descriptor }
                return descriptor
            },
            allocateTag: { self.allocateTag($0, $1, $2) },
            dropTag: { self.dropTag($0, $1, $2, $3) },
            send: { self.send($0, $1, $2) },
            receive: { self.receive($0, $1, &$2) },
            close: { descriptor in
                if descriptor == self.first { self.isClosed = true }
                self.close(descriptor)
            }
        )
    }

    private func open(isForeign: Bool) throws -> Int32 {
        let socket = try Socket(isForeign: isForeign)
        sockets[socket.pipe.reading] = socket
        return socket.pipe.reading
    }

    private func close(_ descriptor: Int32) {
        keys.removeAll(of: descriptor)
        sockets[descriptor] = nil
    }

    private func allocateTag(
        _ descriptor: Int32,
        _ network: NetworkID?,
        _ peer: EndpointID
    ) -> Int32 {
        let call = network == nil ? Call.allocateTag : .allocateTagByNetwork
        if let failure = perform(call) { return failure }
        guard knowsTags, network == nil || rules.hasNetworks else { return fail(EINVAL) }
        let number = keys.allocate(
            rules,
            descriptor,
            (network ?? .initial).rawValue,
            KernelKeys.any,
            peer.rawValue,
            isReserved: true
        )
        guard let number else { return fail(EBUSY) }
        return Int32(number | KernelAddress.ownerFlag | KernelAddress.reservedFlag)
    }

    private func dropTag(
        _ descriptor: Int32,
        _ network: NetworkID?,
        _ peer: EndpointID,
        _ tag: UInt8
    ) -> Int32 {
        if let failure = perform(.dropTag) { return failure }
        guard network == nil || rules.hasNetworks, tag & 0xF8 == 0x18 else { return fail(EINVAL) }
        let number = (network ?? .initial).rawValue
        return keys.remove(rules, descriptor, number, peer.rawValue, tag & 0x07) ? 0 : fail(EINVAL)
    }

    private func send(
        _ descriptor: Int32,
        _ payload: UnsafeRawBufferPointer,
        _ address: KernelAddress
    ) -> Int {
        if let failure = perform(.send) { return Int(failure) }
        let network = address.network == .unspecified ? 1 : address.network.rawValue
        let peer = address.endpoint.rawValue
        if address.tag & KernelAddress.reservedFlag != 0 {
            let number = address.tag & 0x07
            guard keys.isReserved(rules, descriptor, network, peer, number) else {
                return Int(fail(ENOENT))
            }
            lastNumber = number
        } else if knowsTags {
            let number = keys.allocate(
                rules,
                descriptor,
                network,
                Self.ownEndpoint,
                peer,
                isReserved: false
            )
            guard let number else { return Int(fail(EBUSY)) }
            lastNumber = number
        }
        let message = Sent(address: address, payload: Array(payload))
        sent.append(message)
        onSend?(message)
        return payload.count
    }

    private func receive(
        _ descriptor: Int32,
        _ buffer: UnsafeMutableRawBufferPointer,
        _ source: inout KernelAddress
    ) -> Int {
        if let failure = perform(.receive) { return Int(failure) }
        guard let socket = sockets[descriptor] else { return Int(fail(EBADF)) }
        guard !socket.queue.isEmpty else { return Int(fail(EAGAIN)) }
        let (address, payload, length) = socket.queue.removeFirst()
        if socket.queue.isEmpty { _ = socket.pipe.read(1) }
        source = address
        buffer.copyBytes(from: payload.prefix(buffer.count))
        return length ?? payload.count
    }

    private func perform(_ call: Call) -> Int32? {
        calls.append(call)
        guard var waiting = failures[call], !waiting.isEmpty else { return nil }
        let number = waiting.removeFirst()
        failures[call] = waiting
        return fail(number)
    }

    private func fail(_ number: Int32) -> Int32 {
        errno = number
        return -1
    }
}
