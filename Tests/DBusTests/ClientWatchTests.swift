import DBus
import EventLoop
import TestSupport
import XCTest

/// What is told of clients that leave the bus.
final class ClientWatchTests: XCTestCase {
    func testAClientThatLeaves() throws {
        try onBus { bus, service, client in
            let told = Told()
            let other = try bus.connect()
            defer { other.close() }
            let first = service.watchClient(other.uniqueName) { told.texts.append("first") }
            let second = service.watchClient(other.uniqueName) { told.texts.append("second") }
            let cancelled = service.watchClient(other.uniqueName) { told.texts.append("third") }
            cancelled.cancel()
            let staying = service.watchClient(client.uniqueName) { told.texts.append("client") }
            var rules = try await matchRules(of: service, on: client)
            XCTAssertEqual(rules.count { $0.contains(other.uniqueName) }, 1)
            XCTAssertEqual(told.texts, [])
            other.close()
            try await until { told.texts.count == 2 }
            XCTAssertEqual(told.texts, ["first", "second"])
            rules = try await matchRules(of: service, on: client)
            XCTAssertEqual(rules.count, 1)
            XCTAssertTrue(rules.allSatisfy { $0.contains(client.uniqueName) }, "\(rules)")
            // Cancelling what has ended, or twice, takes nothing from others.
            first.cancel()
            second.cancel()
            staying.cancel()
            staying.cancel()
            rules = try await matchRules(of: service, on: client)
            XCTAssertEqual(rules, [])
            XCTAssertEqual(told.texts, ["first", "second"])
        }
    }

    func testAClientThatHasLeftAlready() throws {
        try onBus { bus, service, client in
            let told = Told()
            let other = try bus.connect()
            let name = other.uniqueName
            other.close()
            // The bus has noticed when it does not know the name any more.
            while (try? await client.credentials(of: name)) != nil {}
            _ = service.watchClient(name) { told.texts.append("left") }
            XCTAssertEqual(told.texts, [])
            // A second watch, whether or not the bus has answered the first.
            _ = service.watchClient(name) { told.texts.append("again") }
            try await until { told.texts.count == 2 }
            _ = service.watchClient(name) { told.texts.append("later") }
            _ = service.watchClient("no name at all") { told.texts.append("nonsense") }
            let withdrawn = service.watchClient("") { told.texts.append("withdrawn") }
            XCTAssertEqual(told.texts, ["left", "again"])
            withdrawn.cancel()
            try await until { told.texts.count == 4 }
            XCTAssertEqual(told.texts.sorted(), ["again", "later", "left", "nonsense"])
            let rules = try await matchRules(of: service, on: client)
            XCTAssertEqual(rules, [])
        }
    }

    func testAHandlerThatWatchesAgain() throws {
        try onBus { bus, service, _ in
            let told = Told()
            let other = try bus.connect()
            let name = other.uniqueName
            _ = service.watchClient(name) {
                told.texts.append("first")
                _ = service.watchClient(name) { told.texts.append("second") }
            }
            _ = service.watchClient(name) { told.texts.append("neighbour") }
            other.close()
            try await until { told.texts.count == 3 }
            XCTAssertEqual(told.texts, ["first", "neighbour", "second"])
        }
    }

    func testABusThatTakesNoMoreRules() throws {
        try onBus(limits: #"<limit name="max_match_rules_per_connection">1</limit>"#) {
            bus,
            service,
            client in
            let told = Told()
            let staying = service.watchClient(client.uniqueName) { told.texts.append("client") }
            let other = try bus.connect()
            let name = other.uniqueName
            // Its leaving would not be told of: who can be told that is, the others let go at once.
            let refused = service.watchClient(name) {
                told.texts.append("left")
            } refused: {
                told.texts.append($0.isStandard("LimitsExceeded") ? "refused" : "\($0)")
            }
            _ = service.watchClient(name) { told.texts.append("let go") }
            let cancelled = service.watchClient(name) { told.texts.append("cancelled") }
            cancelled.cancel()
            XCTAssertEqual(told.texts, [])
            try await until { told.texts.count == 2 }
            XCTAssertEqual(told.texts, ["refused", "let go"])
            // The same for those that ask when it is known.
            _ = service.watchClient(name) { told.texts.append("let go later") }
            XCTAssertEqual(told.texts.count, 2)
            try await until { told.texts.count == 3 }
            refused.cancel()
            other.close()
            while (try? await client.credentials(of: name)) != nil {}
            // One that has left is found out without a rule.
            let absent = service.watchClient(name) {
                told.texts.append("absent")
            } refused: { _ in
            }
            try await until { told.texts.count == 4 }
            XCTAssertEqual(told.texts, ["refused", "let go", "let go later", "absent"])
            absent.cancel()
            staying.cancel()
        }
    }

    func testNothingIsToldWhenTheConnectionCloses() throws {
        try onBus { _, service, client in
            let told = Told()
            // One that the bus has answered, one that it has not, one that it is never asked for.
            _ = service.watchClient(client.uniqueName) { told.texts.append("answered") }
            _ = try await service.credentials(of: client.uniqueName)
            _ = service.watchClient(service.uniqueName) { told.texts.append("not answered") }
            service.close()
            _ = service.watchClient(client.uniqueName) { told.texts.append("never asked") }
            try await sleep(for: .milliseconds(1))
            XCTAssertEqual(told.texts, [])
        }
    }
}

/// The match rules that the bus has of a connection, asked for after all that it was sent.
@LoopActor
func matchRules(of connection: Connection, on client: Connection) async throws -> [String] {
    _ = try await connection.call(
        destination: "org.freedesktop.DBus",
        path: "/org/freedesktop/DBus",
        interface: "org.freedesktop.DBus",
        member: "GetId"
    )
    let reply = try await client.call(
        destination: "org.freedesktop.DBus",
        path: "/org/freedesktop/DBus",
        interface: "org.freedesktop.DBus.Debug.Stats",
        member: "GetAllMatchRules"
    )
    return try reply.read([String: [String]].self)[connection.uniqueName] ?? []
}

/// Waits until the bus has such match rules of a connection.
@LoopActor
func waitForRules(
    of connection: Connection,
    on client: Connection,
    _ condition: @LoopActor ([String]) -> Bool
) async throws {
    let deadline = EventLoop.main.now + .seconds(20)
    while true {
        let rules = try await matchRules(of: connection, on: client)
        if condition(rules) { return }
        guard EventLoop.main.now < deadline else { return XCTFail("the rules stayed: \(rules)") }
        try await sleep(for: .milliseconds(5))
    }
}
