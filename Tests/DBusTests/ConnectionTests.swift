import DBus
import EventLoop
import TestSupport
import XCTest

final class ConnectionTests: XCTestCase {
    func testOurServiceAndOurClientOnOneBus() throws {
        let bus = try TestBus()
        try runLoop {
            let service = try bus.connect()
            let client = try bus.connect()
            defer {
                service.close()
                client.close()
            }
            XCTAssertNotEqual(service.uniqueName, client.uniqueName)
            let counter = Counter()
            service.objects.addObjectManager(at: "/org/example")
            try service.objects.add("/org/example/counter", [Counter.interface.bound(to: counter)])
            try await service.requestName("org.example.Counter")

            let reply = try await client.call(
                destination: "org.example.Counter",
                path: "/org/example/counter",
                interface: "org.example.Counter1",
                member: "Add",
                arguments: UInt32(3),
                "three"
            )
            let (count, text) = try reply.read(UInt32.self, String.self)
            XCTAssertEqual(count, 3)
            XCTAssertEqual(text, "three!")
        }
    }
}

@LoopActor
final class Counter {
    var count: UInt32 = 0

    static let interface = Interface<Counter>(
        "org.example.Counter1",
        documentation: "Counts."
    ) {
        Property("Count", "The sum so far.", .emitsChange) { (counter: Counter) in counter.count }
        Method("Add", "Adds.", in: ["summand", "text"], out: ["sum", "text"]) {
            (
                counter: Counter,
                _: Invocation,
                summand: UInt32,
                text: String
            ) async throws -> (UInt32, String) in
            counter.count += summand
            return (counter.count, text + "!")
        }
        Method.immediate("Reset", "Starts again.") { (counter: Counter, _: Invocation) in
            counter.count = 0
        }
    }
}
