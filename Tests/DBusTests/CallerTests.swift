import DBus
import EventLoop
import Glibc
import TestSupport
import XCTest

/// Callers that leave the bus while their calls are open.
final class CallerTests: XCTestCase {
    func testTheCallsOfACallerThatLeavesAreCancelled() throws {
        try onBus { bus, service, client in
            let fixture = try InstrumentFixture(service, client)
            let staying = EventLoop.main.spawn { try await fixture.call("Wait", "still ") }
            let monitor = try await Monitor(bus, "sender=\(service.uniqueName)")
            // One leaves before anybody could have taken notice of it, one when it is watched.
            for round in 1...2 {
                let other = try bus.connect()
                for _ in 0..<3 { other.send(to: fixture, "Wait", "") }
                try await until { fixture.instrument.waiting == 1 + 3 * round }
                if round == 2 {
                    try await waitForRules(of: service, on: client) {
                        $0.contains { $0.contains("'\(other.uniqueName)'") }
                    }
                }
                other.close()
                try await until { fixture.instrument.cancelled == 3 * round }
                try await until { service.objects.openCalls == 1 }
            }
            XCTAssertEqual(fixture.instrument.cancelled, 6)
            fixture.instrument.gate.resolve("here")
            let text = try await staying.value.read(String.self)
            XCTAssertEqual(text, "still here")
            // Replies only to the one that is there, and to nobody twice.
            let sent = try await monitor.lines(until: "member=Triggered") {
                try service.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: InstrumentFixture.path,
                    1,
                    ""
                )
            }
            let replies = sent.filter {
                $0.hasPrefix("method return") || $0.hasPrefix("error")
            }
            XCTAssertEqual(replies.count, 1, "\(sent)")
            XCTAssertTrue(replies.allSatisfy { $0.contains("destination=\(client.uniqueName)") })
        }
    }

    func testACallWithoutReplyOutlivesItsCaller() throws {
        try onBus { bus, service, client in
            let fixture = try InstrumentFixture(service, client)
            let other = try bus.connect()
            try other.callWithoutReply(
                destination: fixture.name,
                path: InstrumentFixture.path,
                interface: "org.example.Instrument1",
                member: "Wait",
                arguments: ""
            )
            other.send(to: fixture, "Wait", "")
            try await until { fixture.instrument.waiting == 2 }
            other.close()
            try await until { fixture.instrument.cancelled == 1 }
            try await until { service.objects.openCalls == 1 }
            fixture.instrument.gate.resolve("")
            try await until { service.objects.openCalls == 0 }
            XCTAssertEqual(fixture.instrument.cancelled, 1)
        }
    }

    func testQuickCallsCostNoRule() throws {
        try onBus { _, service, client in
            let fixture = try InstrumentFixture(service, client)
            let end = EventLoop.main.now + .milliseconds(400)
            var calls = 0
            while EventLoop.main.now < end || calls < 10 {
                _ = try await fixture.call("Pause")
                calls += 1
                let rules = try await matchRules(of: service, on: client)
                XCTAssertEqual(rules, [])
            }
        }
    }

    func testACallerThatCannotBeWatchedIsServed() throws {
        try onBus(limits: #"<limit name="max_match_rules_per_connection">0</limit>"#) {
            _,
            service,
            client in
            let fixture = try InstrumentFixture(service, client)
            let task = EventLoop.main.spawn { try await fixture.call("Wait", "still ") }
            try await until { fixture.instrument.waiting == 1 }
            // Longer than it takes until somebody who waits is watched.
            try await sleep(for: .milliseconds(400))
            XCTAssertEqual(fixture.instrument.cancelled, 0)
            fixture.instrument.gate.resolve("served")
            let text = try await task.value.read(String.self)
            XCTAssertEqual(text, "still served")
        }
    }

    func testAWatchEndsWithTheNeedForIt() throws {
        try onBus { _, service, client in
            let fixture = try InstrumentFixture(service, client)
            try await until { EventLoop.main.pendingTimers == 0 }
            let task = EventLoop.main.spawn { try await fixture.call("Wait", "") }
            try await waitForRules(of: service, on: client) { !$0.isEmpty }
            fixture.instrument.gate.resolve("")
            _ = try await task.value
            try await waitForRules(of: service, on: client) { $0.isEmpty }
            // Nothing is left that would wake the loop.
            try await until { EventLoop.main.pendingTimers <= 1 }
            _ = try await fixture.call("Poke")
            XCTAssertEqual(EventLoop.main.pendingTimers, 0)
        }
    }

    func testAClosedConnectionWatchesNobody() throws {
        try onBus { _, service, client in
            let fixture = try InstrumentFixture(service, client)
            client.limits.pendingReplies = 1
            let task = EventLoop.main.spawn { await fixture.errorName("Wait", "") }
            try await until { fixture.instrument.waiting == 1 }
            service.close()
            let error = try await task.value
            XCTAssertEqual(error, "NoReply")
            try await until { fixture.instrument.cancelled == 1 }
            try await until { EventLoop.main.pendingTimers <= 1 }
        }
    }
}

/// What goes over a bus, as dbus-monitor of Debian sees it.
@LoopActor
private final class Monitor {
    private let process: ChildProcess

    /// Starts it; what comes later is seen.
    init(_ bus: TestBus, _ rule: String) async throws {
        process = try ChildProcess(["/usr/bin/dbus-monitor", "--address", bus.address, rule])
        // It is told that it has lost its name when it becomes a monitor.
        while try !process.readLine().contains("member=NameLost") {}
    }

    /// The lines up to the one with `text`, which `body` brings about.
    func lines(until text: String, _ body: @LoopActor () throws -> Void) async throws -> [String] {
        try body()
        _ = fcntl(process.output, F_SETFL, O_NONBLOCK)
        var bytes: [UInt8] = []
        try await DBusTests.until {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(process.output, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] }
            return String(decoding: bytes, as: UTF8.self).contains(text)
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension Connection {
    /// Sends a call and leaves its answer to be dropped.
    fileprivate func send(
        to fixture: InstrumentFixture,
        _ member: MemberName,
        _ argument: String
    ) {
        EventLoop.main.spawn {
            _ = try? await self.call(
                destination: fixture.name,
                path: InstrumentFixture.path,
                interface: "org.example.Instrument1",
                member: member,
                arguments: argument
            )
        }
    }
}
