import DBus
import EventLoop
import TestSupport
import XCTest

/// A bus that does not read must not fill our memory.
final class CongestionTests: XCTestCase {
    func testChangesAreHeldBackUntilTheBusReads() throws {
        try onBus { bus, service, client in
            service.limits.outgoingSize = 100_000
            let fixture = try InstrumentFixture(service, client)
            let told = Told()
            try await client.subscribe(MatchRule(member: "PropertiesChanged")) {
                told.messages.append($0)
            }
            let blob = String(repeating: "x", count: 10_000)
            bus.pause()
            defer { bus.resume() }
            var emitted = 0
            while service.outgoingSize <= service.limits.outgoingSize {
                try service.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: InstrumentFixture.path,
                    0,
                    blob
                )
                emitted += 1
                XCTAssertLessThan(emitted, 1000)
            }
            let size = service.outgoingSize
            for number in 0..<100 {
                fixture.instrument.label = "\(number)"
                service.objects.propertiesChanged(
                    InstrumentFixture.path,
                    interface: "org.example.Instrument1",
                    ["Label"]
                )
                try await sleep(for: .zero)
            }
            XCTAssertEqual(service.outgoingSize, size)
            bus.resume()
            try await until { !told.messages.isEmpty }
            let (_, changed, _) = try told.messages[0].read(
                String.self,
                VariantDictionary.self,
                [String].self
            )
            XCTAssertEqual(changed, ["Label": .string("99")])
            _ = try await fixture.call("Poke")
            XCTAssertEqual(told.messages.count, 1)
        }
    }

    func testOneBigMessageIsHeldAtATime() throws {
        try onBus { _, service, client in
            let told = Told()
            try await service.subscribe(MatchRule(path: "/a")) { told.messages.append($0) }
            let blob = String(repeating: "x", count: 2 << 20)
            for _ in 0..<3 {
                try client.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: "/a",
                    0,
                    blob
                )
            }
            for _ in 0..<3 {
                try await until { !told.messages.isEmpty }
                // Much longer than it takes to read the others.
                try await sleep(for: .milliseconds(200))
                XCTAssertEqual(told.messages.count, 1)
                told.messages = []
            }
        }
    }

    func testABusThatDoesNotReadIsTakenForDead() throws {
        try onBus { bus, service, _ in
            service.limits.maximumOutgoingSize = 200_000
            let gone = Told()
            service.onDisconnect = { gone.texts.append("gone") }
            bus.pause()
            defer { bus.resume() }
            let blob = String(repeating: "x", count: 10_000)
            var emitted = 0
            while service.isOpen {
                try service.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: "/a",
                    0,
                    blob
                )
                emitted += 1
                XCTAssertLessThan(emitted, 1000)
                try await sleep(for: .zero)
            }
            XCTAssertEqual(gone.texts, ["gone"])
        }
    }

    func testTheEndOfACongestedBusIsNoticed() throws {
        try onBus { bus, service, _ in
            service.limits.outgoingSize = 100_000
            let gone = Told()
            service.onDisconnect = { gone.texts.append("gone") }
            bus.pause()
            let blob = String(repeating: "x", count: 10_000)
            while service.outgoingSize <= service.limits.outgoingSize {
                try service.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: "/a",
                    0,
                    blob
                )
            }
            bus.kill()
            try await until { gone.texts == ["gone"] }
        }
    }

    func testFlushing() throws {
        try onBus { bus, service, client in
            let fixture = try InstrumentFixture(service, client)
            let told = Told()
            try await client.subscribe(MatchRule(sender: fixture.name)) {
                told.texts.append($0.member ?? "")
            }
            bus.pause()
            defer { bus.resume() }
            let blob = String(repeating: "x", count: 100_000)
            for _ in 0..<20 {
                try service.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: InstrumentFixture.path,
                    0,
                    blob
                )
            }
            service.objects.propertiesChanged(
                InstrumentFixture.path,
                interface: "org.example.Instrument1",
                ["Label"]
            )
            await service.flush(EventLoop.main.now + .milliseconds(20))
            XCTAssertGreaterThan(service.outgoingSize, 0)
            bus.resume()
            await service.flush(EventLoop.main.now + .seconds(20))
            XCTAssertEqual(service.outgoingSize, 0)
            service.close()
            try await until { told.texts.count == 21 }
            XCTAssertEqual(told.texts.last, "PropertiesChanged")
        }
    }
}
