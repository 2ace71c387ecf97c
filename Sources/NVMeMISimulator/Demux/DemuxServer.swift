public import EventLoop
internal import Glibc
public import MCTP
internal import NVMeMIDevice

/// Drives behind a socket that speaks as libmctp's demultiplexer daemon does.
///
/// A client connects (`SOCK_SEQPACKET`), sends one packet of one byte with the message type it
/// wants, and from then on packets of an endpoint identifier and a whole message both ways. There
/// are no tags: a message of a drive goes to every client that is registered for its type.
@LoopActor
public final class DemuxServer {
    /// The address, as it was given.
    public let address: DemuxAddress

    private let simulation: SimulatedNetwork
    private let network: UInt32
    private let descriptor: Int32
    private var watch: Watch?
    private var clients: [Int32: DemuxClient] = [:]
    private var buffer = [UInt8](repeating: 0, count: 65_537)

    /// Number of clients that were dropped because they did not read.
    public private(set) var droppedClients = 0

    /// Listens on a socket.
    ///
    /// - Parameters:
    ///   - address: Abstract name or path.
    ///   - simulation: The drives.
    ///   - network: The MCTP network that is behind the socket.
    /// - Throws: `SystemCallError` when the socket cannot be had.
    public init(
        listeningOn address: DemuxAddress,
        simulation: SimulatedNetwork,
        network: UInt32
    ) throws {
        self.address = address
        self.simulation = simulation
        self.network = network
        descriptor = try DemuxAddress.socket()
        do {
            // What an earlier run left behind is in the way.
            Self.unlink(address)
            try address.bind(descriptor)
            try systemCall("listen") { Glibc.listen(descriptor, 16) }
            watch = try EventLoop.main.watch(descriptor, for: .read) { [weak self] _ in
                self?.accept()
            }
            simulation.addObserver(self)
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    /// Number of clients that are connected.
    public var clientCount: Int { clients.count }

    /// Closes the socket and every connection.
    public func close() {
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        for client in Array(clients.values) { drop(client) }
        _ = Glibc.close(descriptor)
        Self.unlink(address)
    }

    /// Removes the socket at a path; abstract names have none, and other files are left alone.
    private static func unlink(_ address: DemuxAddress) {
        let path = address.description
        var status = stat()
        guard !path.hasPrefix("@"), lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK
        else { return }
        _ = Glibc.unlink(path)
    }

    private func accept() {
        while true {
            // Nobody is there any more when this fails, or nobody was: the socket does not block.
            guard let accepted = try? DemuxAddress.accept(descriptor) else { return }
            do {
                let client = DemuxClient(descriptor: accepted)
                client.watch = try EventLoop.main.watch(accepted, for: .read) {
                    [weak self, weak client] readiness in
                    guard let self, let client else { return }
                    if readiness.contains(.write), !client.sendWaiting() { return drop(client) }
                    read(from: client)
                }
                clients[accepted] = client
            } catch {
                _ = Glibc.close(accepted)
            }
        }
    }

    private func drop(_ client: DemuxClient) {
        guard clients.removeValue(forKey: client.descriptor) != nil else { return }
        client.watch?.cancel()
        _ = Glibc.close(client.descriptor)
    }

    /// Takes the packets that are there, but leaves the loop its turn.
    private func read(from client: DemuxClient) {
        for _ in 0..<16 {
            let count = buffer.withUnsafeMutableBytes { bytes in
                recv(client.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
            }
            if count < 0, [EAGAIN, EINTR].contains(errno) { return }
            guard count > 0 else { return drop(client) }
            take(buffer[..<count], from: client)
            guard clients[client.descriptor] === client else { return }
        }
    }

    private func take(_ packet: ArraySlice<UInt8>, from client: DemuxClient) {
        guard let type = client.type else {
            // The daemon refuses type 0, which is its own.
            guard packet.count == 1, let type = packet.first, type != 0 else {
                return drop(client)
            }
            client.type = type
            return
        }
        _ = type
        guard let identifier = packet.first, packet.count > 1 else { return }
        let message = Array(packet.dropFirst())
        // Packets for the daemon itself are looped back.
        if identifier == simulation.ownIdentifier { return deliver(message, from: identifier) }
        guard let endpoint = simulation.endpoint(identifier, on: network), endpoint.isAssigned
        else { return }
        endpoint.receive(
            message,
            from: Requester(
                route: endpoint.route(to: self),
                endpoint: simulation.ownIdentifier,
                destination: identifier,
                tag: 0
            )
        )
    }

    /// Sends a message to every client that is registered for its type.
    private func deliver(_ message: [UInt8], from identifier: UInt8) {
        guard let type = message.first else { return }
        for client in clients.values where client.type == type {
            let isFull = !client.send(identifier, message)
            guard isFull else { continue }
            droppedClients += 1
            drop(client)
        }
    }
}

extension DemuxServer: NetworkObserver {
    func carrierStalled(_ isStalled: Bool) {
        watch?.interest = isStalled ? [] : .read
        for client in clients.values { client.isStalled = isStalled }
    }
}

extension DemuxServer: EndpointFace {
    func send(_ outgoing: Outgoing, from endpoint: SimulatedEndpoint) {
        deliver(outgoing.message, from: outgoing.requester.destination)
    }
}
