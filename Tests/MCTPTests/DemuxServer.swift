import EventLoop
import Glibc
import MCTP

/// Stands in for `mctp-demux-daemon`.
@LoopActor
final class DemuxServer {
    private let descriptor: Int32
    private var watch: Watch?
    private var clients: [(descriptor: Int32, watch: Watch)] = []
    /// First bytes of the clients that came.
    private(set) var registrations: [UInt8] = []
    /// Packets that clients sent after they registered.
    private(set) var packets: [[UInt8]] = []
    /// Called with each such packet.
    var onPacket: ((DemuxServer, [UInt8]) -> Void)?
    /// Whether packets are taken from the clients' sockets.
    var isReading = true {
        didSet { for client in clients { client.watch.interest = isReading ? .read : [] } }
    }

    init(_ address: DemuxAddress) throws {
        descriptor = try DemuxAddress.socket()
        try address.bind(descriptor)
        try systemCall("listen") { listen(descriptor, 8) }
        watch = try EventLoop.main.watch(descriptor, for: .read) { [weak self] _ in
            self?.accept()
        }
    }

    func close() {
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        _ = Glibc.close(descriptor)
        dropClients()
    }

    func dropClients() {
        for client in clients {
            client.watch.cancel()
            _ = Glibc.close(client.descriptor)
        }
        clients = []
    }

    func send(_ packet: [UInt8]) {
        for client in clients {
            _ = Glibc.send(client.descriptor, packet, packet.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func accept() {
        guard let client = try? DemuxAddress.accept(descriptor) else { return }
        var isRegistered = false
        let watch = try? EventLoop.main.watch(client, for: .read) { [weak self] _ in
            var buffer = [UInt8](repeating: 0, count: 70_000)
            let count = recv(client, &buffer, buffer.count, 0)
            guard let self, count > 0 else { return }
            let packet = Array(buffer.prefix(count))
            if isRegistered {
                packets.append(packet)
                onPacket?(self, packet)
            } else {
                isRegistered = true
                registrations += packet
            }
        }
        guard let watch else { return }
        clients.append((client, watch))
    }
}
