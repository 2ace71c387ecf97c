import EventLoop
import Glibc
import MCTP
import TestSupport

/// Stands in for the kernel's AF_MCTP socket: tags, messages, and every error on demand.
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

    /// Errors that the next calls of a kind end with.
    var failures: [Call: [Int32]] = [:]
    /// Whether the kernel has the newer call, which knows networks.
    var knowsNetworks = true
    /// Whether the kernel has any call to reserve tags.
    var knowsTags = true
    /// What was sent.
    private(set) var sent: [Sent] = []
    /// Called with what was sent.
    var onSend: ((Sent) -> Void)?
    /// Reserved tags by peer; the network is nil for those of the older call.
    private(set) var reserved: [[UInt32?]: Set<UInt8>] = [:]
    private(set) var isClosed = false
    private(set) var calls: [Call] = []
    private var queue: [(KernelAddress, [UInt8], length: Int?)] = []
    private let pipe: TestPipe

    init() throws {
        pipe = try TestPipe()
    }

    /// Takes all tags away, as the kernel does with those of a device that is removed.
    func dropTags() {
        reserved = [:]
    }

    /// Takes tags as another program does; returns how many it got.
    func takeTags(endpoint: UInt8 = 9, upTo limit: Int = 8) -> Int {
        (0..<limit).count { _ in allocate(.initial, EndpointID(endpoint)) >= 0 }
    }

    private func isReserved(_ address: KernelAddress) -> Bool {
        guard address.tag & KernelAddress.reservedFlag != 0 else { return true }
        return reserved.contains { key, tags in
            key[1] == UInt32(address.endpoint.rawValue) && tags.contains(address.tag)
        }
    }

    var reservedTags: Int { reserved.values.map(\.count).reduce(0, +) }

    /// Has a message wait at the socket.
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
        if queue.isEmpty { pipe.write([0]) }
        queue.append((address, Array(message.dropFirst()), length))
    }

    var table: KernelCalls {
        KernelCalls(
            socket: { self.perform(.socket) ?? self.pipe.reading },
            allocateTag: { _, network, peer in self.allocate(network, peer) },
            dropTag: { _, network, peer, tag in
                if let failure = self.perform(.dropTag) { return failure }
                let key = [network?.rawValue, UInt32(peer.rawValue)]
                return self.reserved[key]?.remove(tag) == nil ? self.fail(EINVAL) : 0
            },
            send: { _, payload, address in
                if let failure = self.perform(.send) { return Int(failure) }
                guard self.isReserved(address) else { return Int(self.fail(ENOENT)) }
                let message = Sent(address: address, payload: Array(payload))
                self.sent.append(message)
                self.onSend?(message)
                return payload.count
            },
            receive: { _, buffer, source in self.receive(buffer, &source) },
            close: { _ in
                self.isClosed = true
                self.reserved = [:]
            }
        )
    }

    private func allocate(_ network: NetworkID?, _ peer: EndpointID) -> Int32 {
        let call = network == nil ? Call.allocateTag : .allocateTagByNetwork
        if let failure = perform(call) { return failure }
        guard knowsTags, knowsNetworks || network == nil else { return fail(EINVAL) }
        let key = [network?.rawValue, UInt32(peer.rawValue)]
        let taken = reserved[key] ?? []
        guard let tag = (0..<8).map({ UInt8(0x18 | $0) }).first(where: { !taken.contains($0) })
        else { return fail(EBUSY) }
        reserved[key, default: []].insert(tag)
        return Int32(tag)
    }

    private func receive(
        _ buffer: UnsafeMutableRawBufferPointer,
        _ source: inout KernelAddress
    ) -> Int {
        if let failure = perform(.receive) { return Int(failure) }
        guard !queue.isEmpty else { return Int(fail(EAGAIN)) }
        let (address, payload, length) = queue.removeFirst()
        if queue.isEmpty { _ = pipe.read(1) }
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
