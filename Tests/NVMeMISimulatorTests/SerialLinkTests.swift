import EventLoop
import Glibc
import MCTP
import NVMeMI
import NVMeMIDevice
import TestSupport
import XCTest

@testable import NVMeMISimulator

/// MCTP over serial through a real terminal, from the bus owner's end.
final class SerialLinkTests: XCTestCase {
    private func onLine(
        _ description: DriveDescription = DriveDescription(),
        _ body:
            @escaping @LoopActor @Sendable (SerialLink, SimulatedDrive, Terminal) async throws
            -> Void
    ) throws {
        try runLoop {
            let network = SimulatedNetwork()
            network.identifiersAreFixed = false
            let drive = try network.plug(description)
            let face = try SerialFace(simulation: network, attachesKernel: false)
            let link = try XCTUnwrap(face.link(of: drive.endpoints[0]))
            let terminal = try Terminal(link.path)
            defer { face.close() }
            try await body(link, drive, terminal)
        }
    }

    func testEnumeration() throws {
        try onLine { link, _, terminal in
            XCTAssertEqual(link.identifier, 0)
            terminal.write("7e 01 07 01 00 08 c8 00 80 02 2b c1 7e")
            try await terminal.expect("7e 01 0b 01 08 00 c0 00 00 02 00 00 00 00 3c 98 7e")
            terminal.write("7e 01 09 01 00 08 c9 00 81 01 00 09 a7 6d 7e")
            try await terminal.expect("7e 01 0b 01 08 00 c1 00 01 01 00 00 09 00 73 d8 7e")
            XCTAssertEqual(link.identifier, 9)
            // Message types, asked at the new identifier: answered from it.
            terminal.write(frame(to: 9, tag: 2, bytes("00 82 05")))
            try await terminal.expect("7e 01 0b 01 08 09 c2 00 02 05 00 02 00 04 ce d6 7e")
        }
    }

    func testOtherControlCommands() throws {
        var description = DriveDescription()
        description.endpointUUID = DeviceUUID("00112233-4455-6677-8899-aabbccddeeff")
        try onLine(description) { _, _, terminal in
            for (question, answer) in [
                ("00 83 03", "00 03 03 00 00112233445566778899aabbccddeeff"),
                ("00 84 04 ff", "00 04 04 00 01 f1f3f100"),
                ("00 84 04 00", "00 04 04 00 01 f1f3f100"),
                ("00 84 04 04", "00 04 04 00 01 f1f0f000"),
                ("00 84 04 05", "00 04 04 80"),
                ("00 85 06 00", "00 05 06 02"),
                ("00 86 0b", "00 06 0b 05"),
                ("00 87 55 01 02", "00 07 55 05"),
                ("00 88 02 00", "00 08 02 03"),
                ("00 89 01 00 07", "00 09 01 02"),
                ("00 8a 01 02 09", "00 0a 01 02"),
                ("00 8b 01 03 00", "00 0b 01 00 00 00 00"),
            ] {
                terminal.write(frame(to: 0, tag: 1, bytes(question)))
                try await terminal.expect(message: bytes(answer), from: 0, tag: 1)
            }
        }
    }

    func testEndpointWithoutUUID() throws {
        var description = DriveDescription()
        description.answersEndpointUUID = false
        try onLine(description) { _, _, terminal in
            terminal.write(frame(to: 0, tag: 1, bytes("00 83 03")))
            try await terminal.expect(message: bytes("00 03 03 05"), from: 0, tag: 1)
        }
    }

    func testAnswersInPackets() throws {
        try onLine { _, _, terminal in
            try await terminal.assign(9)
            // 72 bytes of request in two packets, 96 bytes of answer in two.
            let request = Identify(.controller, on: 0, length: 72).encode(slot: .zero)
            terminal.write(message: request, to: 9, tag: 3)
            var packets = [try await terminal.packet()]
            packets.append(try await terminal.packet())
            XCTAssertEqual(packets.map(\.count), [68, 36])
            XCTAssertEqual(packets[0].prefix(4), bytes("01 08 09 83")[...])
            XCTAssertEqual(packets[1].prefix(4), bytes("01 08 09 53")[...])
            let message = Array(packets[0].dropFirst(4) + packets[1].dropFirst(4))
            XCTAssertEqual(try Response.parse(message).bytes.count, 92)
        }
    }

    func testTransmissionUnitOfAnswers() throws {
        try onLine { _, _, terminal in
            try await terminal.assign(9)
            let set = ConfigurationSet.TransmissionUnitSize(port: 1, size: 128)
            terminal.write(message: set.encode(slot: .zero), to: 9, tag: 1)
            let done = try await terminal.packet()
            XCTAssertEqual(done.count, 4 + 12)
            let identify = Identify(.controller, on: 0, length: 512).encode(slot: .zero)
            terminal.write(message: identify, to: 9, tag: 2)
            var sizes: [Int] = []
            while sizes.reduce(0, { $0 + $1 - 4 }) < 20 + 512 + 4 {
                sizes.append(try await terminal.packet().count)
            }
            XCTAssertEqual(sizes, [132, 132, 132, 132, 28])
        }
    }

    func testPacketsBeyondTheTransmissionUnitAreIgnored() throws {
        try onLine { _, drive, terminal in
            try await terminal.assign(9)
            let long = Identify(.controller, on: 0, length: 16).encode(slot: .zero)
            XCTAssertGreaterThan(long.count, 64)
            let frame = frame(to: 9, tag: 2, long)
            terminal.write(frame)
            try await settle()
            XCTAssertEqual(terminal.poll(), [])
            let getState = GetState(tag: 1, clearsErrors: true)
            terminal.write(message: getState.encode(slot: .one), to: 9, tag: 7)
            let told = try await terminal.packet()
            let state = try getState.decode(Response.parse(Array(told.dropFirst(4))))
            XCTAssertEqual(state.errors, .unsupportedTransmissionUnit)
            // A drive that is told to takes them, until it is reset.
            let set = ConfigurationSet.TransmissionUnitSize(port: 1, size: 128)
            terminal.write(message: set.encode(slot: .zero), to: 9, tag: 1)
            _ = try await terminal.packet()
            terminal.write(frame)
            let answer = try await terminal.packet()
            XCTAssertEqual(answer.count, 4 + 20 + 16 + 4)
            drive.reset()
            try await terminal.assign(9)
            terminal.write(frame)
            try await settle()
            XCTAssertEqual(terminal.poll(), [])
        }
    }

    func testSwappedDriveIsAtTheSameTerminal() throws {
        try onLine { link, drive, terminal in
            try await terminal.assign(9)
            let poll = SubsystemHealthStatusPoll().encode(slot: .zero)
            let other = DriveDescription().individual(2)
            let second = try drive.network.swap(drive, for: other, keepsIdentifiers: true)
            XCTAssertEqual(second.endpoints[0].terminal, link.path)
            terminal.write(message: poll, to: 9, tag: 1)
            _ = try await terminal.packet()
            XCTAssertEqual(second.device.statistics.answers, 1)
            let third = try drive.network.swap(second, for: other, keepsIdentifiers: false)
            terminal.write(message: poll, to: 9, tag: 2)
            try await settle()
            XCTAssertEqual(terminal.poll(), [])
            try await terminal.assign(9)
            terminal.write(message: poll, to: 9, tag: 2)
            _ = try await terminal.packet()
            XCTAssertEqual(third.device.statistics.answers, 1)
        }
    }

    func testRequestByPhysicalAddress() throws {
        try onLine { _, _, terminal in
            try await terminal.assign(20)
            terminal.write(
                message: SubsystemHealthStatusPoll().encode(slot: .zero),
                to: 0,
                tag: 5
            )
            let packet = try await terminal.packet()
            XCTAssertEqual(packet.prefix(4), bytes("01 08 14 c5")[...])
        }
    }

    func testResetLosesTheIdentifier() throws {
        try onLine { link, drive, terminal in
            try await terminal.assign(9)
            drive.reset()
            XCTAssertEqual(link.identifier, 0)
            terminal.write(
                message: SubsystemHealthStatusPoll().encode(slot: .zero),
                to: 9,
                tag: 1
            )
            terminal.write("7e 01 07 01 00 08 c8 00 80 02 2b c1 7e")
            try await terminal.expect("7e 01 0b 01 08 00 c0 00 00 02 00 00 00 00 3c 98 7e")
        }
    }

    func testTroubleOnTheLineIsToldByGetState() throws {
        try onLine { _, _, terminal in
            try await terminal.assign(9)
            let poll = SubsystemHealthStatusPoll().encode(slot: .zero)
            for (trouble, errors) in [
                // A damaged frame, a packet for somebody else, an answer to nothing.
                (frame(to: 9, tag: 1, poll).map { $0 == 0x84 ? 0x85 : $0 }, .badPacket),
                (frame(to: 33, tag: 1, poll), .unknownDestination),
                (
                    SerialFrame.encode(bytes("01 09 08 c1") + poll) ?? [], .badTag
                ),
                // The end of a message without its beginning, and a wrong header version.
                (SerialFrame.encode(bytes("01 09 08 59 01 02")) ?? [], .unexpectedMiddleOrEnd),
                (SerialFrame.encode(bytes("02 09 08 c9") + poll) ?? [], .badHeaderVersion),
                // A first packet and then the third one.
                (
                    (SerialFrame.encode(bytes("01 09 08 89 84 08")) ?? [])
                        + (SerialFrame.encode(bytes("01 09 08 69 00 00")) ?? []),
                    .outOfSequence
                ),
            ] as [([UInt8], EndpointErrors)] {
                terminal.write(trouble)
                let getState = GetState(tag: 1, clearsErrors: true)
                terminal.write(message: getState.encode(slot: .one), to: 9, tag: 7)
                let packet = try await terminal.packet()
                let state = try getState.decode(Response.parse(Array(packet.dropFirst(4))))
                XCTAssertEqual(state.errors, errors)
            }
        }
    }

    func testFirstPacketOccupiesTheSlot() throws {
        try onLine { _, _, terminal in
            try await terminal.assign(9)
            terminal.write(
                SerialFrame.encode(bytes("01 09 08 89 84 08 00 00 01")) ?? []
            )
            terminal.write(message: GetState(tag: 1).encode(slot: .zero), to: 9, tag: 7)
            let packet = try await terminal.packet()
            let state = try GetState(tag: 1).decode(Response.parse(Array(packet.dropFirst(4))))
            XCTAssertEqual(state.slotState, .receive)
        }
    }

    func testFaultsOfTagAndSource() throws {
        try onLine { _, drive, terminal in
            try await terminal.assign(9)
            let poll = SubsystemHealthStatusPoll().encode(slot: .zero)
            drive.device.setFault(Fault(.wrongTag))
            drive.device.setFault(Fault(.wrongSource))
            terminal.write(message: poll, to: 9, tag: 7)
            let packet = try await terminal.packet()
            XCTAssertEqual(packet.prefix(4), bytes("01 08 0a c0")[...])
        }
    }

    func testEventsAreSentAsRequests() throws {
        var description = try XCTUnwrap(DriveDescription.model("dual-port"))
        description.endpointIdentifiers = [9]
        try onLine(description) { _, drive, terminal in
            try await terminal.assign(9)
            let list = AsynchronousEventList([
                AsynchronousEventSetting(.compositeTemperature, isEnabled: true)
            ])
            let sync = ConfigurationSet.AsynchronousEvents(
                list,
                functions: .all,
                messageDelay: 0
            )
            terminal.write(message: sync.encode(slot: .zero), to: 9, tag: 5)
            _ = try await terminal.packet()
            drive.device.setTemperature(46, at: 0)
            let packet = try await terminal.packet()
            XCTAssertEqual(
                packet,
                bytes(
                    """
                    01 08 09 c8 84 28 00 00 01 00 11 00 00 07 08 09 01 00 06 00 00 00 00 02 2e
                    9d 08 93 e9
                    """
                )
            )
        }
    }

    func testDisconnectedDriveIsSilent() throws {
        try onLine { _, drive, terminal in
            try await terminal.assign(9)
            drive.setConnected(false)
            terminal.write("7e 01 07 01 00 08 c8 00 80 02 2b c1 7e")
            try await settle()
            XCTAssertEqual(terminal.poll(), [])
        }
    }

    func testInterruptedDriveIsSilent() throws {
        try onLine { _, drive, terminal in
            try await terminal.assign(9)
            drive.interrupt(for: .seconds(3_600))
            terminal.write("7e 01 07 01 00 08 c8 00 80 02 2b c1 7e")
            try await settle()
            XCTAssertEqual(terminal.poll(), [])
            XCTAssertTrue(drive.isConnected)
        }
    }

    func testStalledCarrierLosesNothing() throws {
        try onLine { _, drive, terminal in
            try await terminal.assign(9)
            drive.network.stallCarrier(for: .seconds(3_600))
            terminal.write(frame(to: 9, tag: 2, bytes("00 82 05")))
            try await settle()
            XCTAssertEqual(terminal.poll(), [])
            drive.network.stallCarrier(for: .milliseconds(1))
            try await terminal.expect("7e 01 0b 01 08 09 c2 00 02 05 00 02 00 04 ce d6 7e")
        }
    }

    func testPulledDriveTakesItsTerminalAlong() throws {
        try runLoop {
            let network = SimulatedNetwork()
            let face = try SerialFace(simulation: network, attachesKernel: false)
            let drive = try network.plug(DriveDescription())
            let path = try XCTUnwrap(drive.endpoints[0].terminal)
            XCTAssertEqual(access(path, F_OK), 0)
            network.pull(drive)
            XCTAssertEqual(access(path, F_OK), -1)
            face.close()
        }
    }

    func testKernelWithoutMCTPIsToldOf() throws {
        // Where the kernel has the line discipline there is nothing to see here.
        guard access("/sys/module/mctp_serial", F_OK) != 0 else { return }
        try runLoop {
            let network = SimulatedNetwork()
            try network.plug(DriveDescription())
            do {
                let face = try SerialFace(simulation: network, attachesKernel: true)
                face.close()
            } catch {
                XCTAssertTrue("\(error)".contains("line discipline"), "\(error)")
            }
        }
    }
}

/// A frame with a whole message in one packet, from endpoint 8.
private func frame(to destination: UInt8, tag: UInt8, _ message: [UInt8]) -> [UInt8] {
    SerialFrame.encode([1, destination, 8, 0xC8 | tag] + message) ?? []
}

/// The bus owner's end of a serial line.
@LoopActor
final class Terminal {
    private let descriptor: Int32
    private var decoder = SerialFrameDecoder()
    private var packets: [[UInt8]] = []
    private var raw: [UInt8] = []

    init(_ path: String) throws {
        descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw TestFailure("open \(path): \(errno)") }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) {
        XCTAssertEqual(Glibc.write(descriptor, bytes, bytes.count), bytes.count)
    }

    func write(_ text: String) {
        write(bytes(text))
    }

    /// Writes a message in packets of the smallest unit.
    func write(message: [UInt8], to destination: UInt8, tag: UInt8) {
        let packets = Packetizer(
            message,
            from: EndpointID(8),
            to: EndpointID(destination),
            tag: MessageTag(tag, isOwner: true)
        )
        for packet in packets { write(SerialFrame.encode(packet) ?? []) }
    }

    /// What the drive has written since the last time.
    func poll() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 8_192)
        let count = read(descriptor, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    /// Expects these bytes next.
    func expect(
        _ text: String,
        file: StaticString = #filePath,
        line: UInt = #line
    ) async throws {
        let expected = bytes(text)
        try await until(file: file, line: line) {
            raw += poll()
            return raw.count >= expected.count
        }
        XCTAssertEqual(hexadecimal(raw), hexadecimal(expected), file: file, line: line)
        raw = []
    }

    /// The next packet.
    func packet(file: StaticString = #filePath, line: UInt = #line) async throws -> [UInt8] {
        try await until(file: file, line: line) {
            for event in decoder.receive(poll()) {
                guard case .packet(let packet) = event else {
                    throw TestFailure("the drive wrote \(event)")
                }
                packets.append(packet)
            }
            return !packets.isEmpty
        }
        return packets.isEmpty ? [] : packets.removeFirst()
    }

    /// Expects a message in one packet, to endpoint 8.
    func expect(
        message: [UInt8],
        from source: UInt8,
        tag: UInt8,
        file: StaticString = #filePath,
        line: UInt = #line
    ) async throws {
        let packet = try await packet(file: file, line: line)
        XCTAssertEqual(
            hexadecimal(packet),
            hexadecimal([1, 8, source, 0xC0 | tag] + message),
            file: file,
            line: line
        )
    }

    /// Gives the drive its identifier.
    func assign(_ identifier: UInt8) async throws {
        write(frame(to: 0, tag: 0, bytes("00 80 01 00") + [identifier]))
        _ = try await packet()
    }
}
