internal import CLinux
package import EventLoop
internal import Glibc

/// The kernel's table of who is at the other end of its interfaces, which the bus owner fills before it tells of an
/// endpoint.
///
/// An endpoint behind an MCTP bridge is nobody's neighbour.
@LoopActor
package final class KernelNeighbours {
    /// Asks the kernel and returns the messages of its answer; nil when it has none.
    package typealias Ask = @LoopActor (RouteNetlink.Question) -> [UInt8]?

    private let ask: Ask
    private var table: [EndpointAddress: PhysicalAddress] = [:]
    private var readAt: MonotonicInstant?

    /// Many endpoints are listed at once, so that one answer does for all of them.
    private static let lifetime: Duration = .milliseconds(10)
    /// Who is not in the table may have come into it since.
    private static let lifetimeOfAbsence: Duration = .milliseconds(1)

    /// The table of a given kernel.
    package init(ask: @escaping Ask = KernelNeighbours.askKernel) {
        self.ask = ask
    }

    /// Where an endpoint is; nil when the kernel does not know.
    package func physicalAddress(of address: EndpointAddress) -> PhysicalAddress? {
        let age = readAt.map { $0.duration(to: EventLoop.main.now) }
        if let age, age < Self.lifetime {
            if let known = table[address] { return known }
            if age < Self.lifetimeOfAbsence { return nil }
        }
        read()
        return table[address]
    }

    private func read() {
        table = [:]
        // Where nothing is told nothing is asked for again at once.
        defer { readAt = EventLoop.main.now }
        guard let neighbours = ask(.neighbours).map(RouteNetlink.neighbours), !neighbours.isEmpty,
            let interfaces = ask(.interfaces).map(RouteNetlink.interfaces)
        else { return }
        let byIndex = Dictionary(interfaces.map { ($0.index, $0) }) { first, _ in first }
        for neighbour in neighbours {
            guard let interface = byIndex[neighbour.index] else { continue }
            let address = EndpointAddress(network: interface.network, endpoint: neighbour.endpoint)
            table[address] = PhysicalAddress(interface: interface.name, bytes: neighbour.address)
        }
    }

    /// Bytes of an answer that are taken: those of more interfaces than any machine has.
    private nonisolated static let longestAnswer = 4 << 20

    /// Asks the running kernel, which composes its answer while it is read: nothing is waited for.
    package nonisolated static let askKernel: Ask = { question in
        let kind =
            Int32(SOCK_RAW.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_NETLINK, kind, NETLINK_ROUTE)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let message = question.message
        guard send(descriptor, message, message.count, 0) == message.count else { return nil }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        while answer.count < longestAnswer {
            let length = try? systemCall("receive from rtnetlink") {
                recv(descriptor, &buffer, buffer.count, 0)
            }
            guard let length, length > 0 else { return nil }
            let part = Array(buffer.prefix(length))
            answer += part
            if RouteNetlink.isEnd(part) { return answer }
        }
        return nil
    }
}
