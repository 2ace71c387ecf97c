import EventLoop
import Glibc
import MCTP
import TestSupport
import XCTest

/// What an observer of a carrier sees.
final class TapTests: XCTestCase {
    private static let drive = EndpointAddress(network: .initial, endpoint: EndpointID(9))
    private static let request = bytes("84 08 00 00 11 22")
    private static let answer = bytes("84 88 00 00 33")

    /// A message in the words of a test.
    private static func text(_ message: CarriedMessage) -> String {
        let direction = message.direction == .sent ? ">" : "<"
        let tag = message.tag.map { "\($0.value)\($0.isOwner ? "o" : "")" } ?? "-"
        let bytes = hexadecimal(message.bytes)
        return "\(direction) \(message.endpoint) \(tag) \(message.length) \(bytes)"
    }

    func testKernelMessagesIncludingThoseThatNobodyWaitsFor() throws {
        try runLoop(virtualClock: true) {
            let kernel = try FakeKernel()
            let transport = try KernelTransport(calls: kernel.table)
            var seen: [String] = []
            transport.tap = { seen.append(Self.text($0)) }
            let exchange = try transport.begin(to: Self.drive, type: .nvmeManagementInterface) {
                _ in true
            }
            // Not sent, not seen.
            kernel.failures[.send] = [EIO]
            try? await exchange.send(Self.request)
            try await exchange.send(Self.request)
            kernel.deliver(tag: 5, Self.answer)
            kernel.deliver(network: 2, endpoint: 20, tag: 8, bytes("04"))
            kernel.deliver(tag: 0, Self.answer)
            _ = try await exchange.receive(until: EventLoop.main.now + .seconds(1))
            kernel.deliver(tag: 0, bytes("84 01"), length: 70_000)
            try await sleep(for: .milliseconds(1))
            XCTAssertEqual(
                seen,
                [
                    "> net 1 eid 9 0o 6 84 08 00 00 11 22",
                    "< net 1 eid 9 5 5 84 88 00 00 33",
                    "< net 2 eid 20 0o 1 04",
                    "< net 1 eid 9 0 5 84 88 00 00 33",
                ] + seen.suffix(1)
            )
            XCTAssertEqual(seen.count, 5)
            XCTAssertTrue(seen.last?.hasPrefix("< net 1 eid 9 0 70001 84 01") ?? false)
            XCTAssertEqual(transport.dropped(from: Self.drive), 2)
            transport.tap = nil
            kernel.deliver(tag: 0, Self.answer)
            try await sleep(for: .milliseconds(1))
            XCTAssertEqual(seen.count, 5)
            transport.close()
        }
    }

    func testDemuxMessagesHaveNeitherTagNorNetwork() throws {
        let address = try XCTUnwrap(DemuxAddress("@mctp-test-\(getpid())-tap"))
        try runLoop(virtualClock: true) {
            let server = try DemuxServer(address)
            let transport = DemuxTransport(address)
            var seen: [String] = []
            transport.tap = { seen.append(Self.text($0)) }
            server.onPacket = { server, packet in server.send([packet[0]] + Self.answer) }
            let exchange = try transport.begin(to: Self.drive, type: .nvmeManagementInterface) {
                _ in true
            }
            try await exchange.send(Self.request)
            _ = try await exchange.receive(until: EventLoop.main.now + .seconds(1))
            exchange.end()
            XCTAssertEqual(transport.statistics.openExchanges, 0)
            server.send([9] + Self.answer)
            server.send([10] + Self.answer)
            server.send([9])
            for _ in 0..<4 { try await sleep(for: .zero) }
            XCTAssertEqual(
                seen,
                [
                    "> net 0 eid 9 - 6 84 08 00 00 11 22",
                    "< net 0 eid 9 - 5 84 88 00 00 33",
                    "< net 0 eid 9 - 5 84 88 00 00 33",
                    "< net 0 eid 10 - 5 84 88 00 00 33",
                    "< net 0 eid 9 - 0 ",
                ]
            )
            XCTAssertEqual(transport.dropped(from: Self.drive), 2)
            transport.forget(Self.drive)
            XCTAssertEqual(transport.dropped(from: Self.drive), 0)
            transport.close()
            server.close()
        }
    }
}
