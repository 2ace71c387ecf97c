import EventLoop
import Glibc
import TestSupport
import XCTest

/// A client of the demultiplexer socket that knows nothing of our own modules.
@LoopActor
final class PacketSocket {
    private let descriptor: Int32

    /// Connects to an abstract name or a path.
    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = (name.hasPrefix("/") ? [] : [0]) + Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(2 + bytes.count + (name.hasPrefix("/") ? 1 : 0))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, length)
            }
        }
        guard result == 0 else { throw TestFailure("connect \(name): \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    func send(_ packet: [UInt8]) {
        XCTAssertEqual(Glibc.send(descriptor, packet, packet.count, 0), packet.count)
    }

    /// Sends a packet if there is room for it.
    func offer(_ packet: [UInt8]) -> Bool {
        Glibc.send(descriptor, packet, packet.count, 0) == packet.count
    }

    func send(_ text: String) {
        send(bytes(text))
    }

    /// What is there now; `nil` for nothing, empty when the connection is closed.
    func poll() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 70_000)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { return errno == EAGAIN ? nil : [] }
        return Array(buffer.prefix(count))
    }

    /// The next packet.
    func receive(file: StaticString = #filePath, line: UInt = #line) async throws -> [UInt8] {
        var packet: [UInt8]?
        try await until(file: file, line: line) {
            packet = poll()
            return packet != nil
        }
        return packet ?? []
    }
}
