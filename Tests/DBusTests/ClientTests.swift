import DBus
import EventLoop
import Glibc
import TestSupport
import XCTest

/// What a client of the bus relies on: deadlines, names, signals, credentials.
final class ClientTests: XCTestCase {
    func testNoAnswerInTime() throws {
        try onBus { _, service, client in
            let fixture = try InstrumentFixture(service, client)
            let error = await thrownError {
                _ = try await client.call(
                    destination: fixture.name,
                    path: InstrumentFixture.path,
                    interface: "org.example.Instrument1",
                    member: "Wait",
                    arguments: "",
                    timeout: .milliseconds(20)
                )
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.NoReply")
            // The late answer goes to nobody, and later calls are not confused by it.
            fixture.instrument.gate.resolve("late")
            let text = try await fixture.call("Wait", "not ").read(String.self)
            XCTAssertEqual(text, "not late")
        }
    }

    func testACallThatIsCancelled() throws {
        try onBus { _, service, client in
            let fixture = try InstrumentFixture(service, client)
            let task = EventLoop.main.spawn { await fixture.errorName("Wait", "") }
            try await until { fixture.instrument.waiting == 1 }
            task.cancel()
            let error = try await task.value
            XCTAssertEqual(error, "NoReply")
            let before = EventLoop.main.spawn { await fixture.errorName("Poke") }
            before.cancel()
            let notSent = try await before.value
            XCTAssertEqual(notSent, "NoReply")
            XCTAssertEqual(fixture.instrument.pokes, 0)
            fixture.instrument.gate.resolve("")
        }
    }

    func testNobodyThere() throws {
        try onBus { _, service, client in
            let error = await thrownError {
                _ = try await client.call(
                    destination: "org.example.Absent",
                    path: "/",
                    interface: "a.b",
                    member: "C"
                )
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.ServiceUnknown")
            client.close()
            let closed = await thrownError {
                _ = try await client.call(
                    destination: "org.example.Absent",
                    path: "/",
                    interface: "a.b",
                    member: "C"
                )
            }
            XCTAssertEqual(closed?.name, "org.freedesktop.DBus.Error.Disconnected")
            XCTAssertThrowsError(try Connection.open(.address("unix:path=/nonexistent/bus")))
            XCTAssertThrowsError(try Connection.open(.address("nonsense")))
            XCTAssertThrowsError(try Connection.open(.address("")))
        }
    }

    func testANameIsOwnedOnce() throws {
        try onBus { _, first, second in
            let lost = Told()
            first.onNameLost = { lost.texts.append($0.string) }
            var isNew = try await first.requestName("org.example.Name")
            XCTAssertTrue(isNew)
            isNew = try await first.requestName("org.example.Name")
            XCTAssertFalse(isNew)
            var error = await thrownError { try await second.requestName("org.example.Name") }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.FileExists")
            error = await thrownError {
                try await second.requestName("org.example.Name", replaceExisting: true)
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.FileExists")
            error = await thrownError { try await second.requestName("org.freedesktop.DBus") }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.InvalidArgs")
            try await first.releaseName("org.example.Name")
            try await until { lost.texts == ["org.example.Name"] }
            isNew = try await second.requestName("org.example.Name")
            XCTAssertTrue(isNew)
            try await first.releaseName("org.example.Name")
        }
    }

    func testANameIsWatched() throws {
        try onBus { bus, service, client in
            let told = Told()
            let name: BusName = "org.example.Name"
            let watch = try await client.watchName(
                name,
                appeared: { told.texts.append("+" + $0) },
                vanished: { told.texts.append("-") }
            )
            XCTAssertEqual(told.texts, ["-"])
            try await service.requestName(name)
            try await until { told.texts.count == 2 }
            let other = Told()
            let second = try await client.watchName(
                name,
                appeared: { other.texts.append("+" + $0) },
                vanished: { other.texts.append("-") }
            )
            XCTAssertEqual(other.texts, ["+" + service.uniqueName])
            try await service.releaseName(name)
            try await until { told.texts.count == 3 }
            XCTAssertEqual(told.texts, ["-", "+" + service.uniqueName, "-"])
            second.cancel()
            let third = try bus.connect()
            defer { third.close() }
            try await third.requestName(name)
            try await until { told.texts.count == 4 }
            XCTAssertEqual(other.texts.count, 2)
            third.close()
            try await until { told.texts.count == 5 }
            watch.cancel()
            try await service.requestName(name)
            // All that the bus had to say before this answer has been delivered with it.
            _ = try await client.credentials(of: service.uniqueName)
            XCTAssertEqual(told.texts.count, 5)
        }
    }

    func testSignalsOfAWellKnownName() throws {
        try onBus { bus, service, client in
            let told = Told()
            try await client.subscribe(
                MatchRule(sender: "org.example.Name", interface: "org.example.Instrument1")
            ) { told.texts.append($0.sender ?? "") }
            let other = try bus.connect()
            defer { other.close() }
            @LoopActor
            func emit(_ connection: Connection) async throws {
                try connection.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: "/a",
                    1,
                    ""
                )
                await connection.flush(EventLoop.main.now + .seconds(20))
            }
            try await emit(other)
            try await service.requestName("org.example.Name")
            try await emit(service)
            try await emit(other)
            try await service.releaseName("org.example.Name")
            try await other.requestName("org.example.Name")
            try await emit(service)
            try await emit(other)
            try await until { told.texts.count >= 2 }
            _ = try await client.credentials(of: service.uniqueName)
            XCTAssertEqual(told.texts, [service.uniqueName, other.uniqueName])
        }
    }

    func testNobodyElseSpeaksForTheBus() throws {
        try onBus { _, service, client in
            let told = Told()
            try await client.watchName(
                "org.example.Name",
                appeared: { told.texts.append("+" + $0) },
                vanished: { told.texts.append("-") }
            )
            let forged = Signal(
                "NameOwnerChanged",
                "",
                Parameter<String>("name"),
                Parameter<String>("old"),
                Parameter<String>("new")
            )
            let lost = Signal("NameLost", "", Parameter<String>("name"))
            client.onNameLost = { told.texts.append($0.string) }
            let receiver = try BusName(client.uniqueName)
            try service.objects.emit(
                forged,
                of: "org.freedesktop.DBus",
                at: "/org/freedesktop/DBus",
                "org.example.Name",
                "",
                service.uniqueName,
                to: receiver
            )
            try service.objects.emit(
                lost,
                of: "org.freedesktop.DBus",
                at: "/org/freedesktop/DBus",
                "org.example.Name",
                to: receiver
            )
            try service.objects.emit(
                Signal("Disconnected", ""),
                of: "org.freedesktop.DBus.Other",
                at: "/a",
                to: receiver
            )
            await service.flush(EventLoop.main.now + .seconds(20))
            _ = try await client.credentials(of: service.uniqueName)
            XCTAssertEqual(told.texts, ["-"])
            XCTAssertTrue(client.isOpen)
        }
    }

    func testMatchRules() throws {
        try onBus { _, service, client in
            let rules: [(rule: MatchRule, expected: Int)] = [
                (MatchRule(sender: try BusName(service.uniqueName)), 4),
                (MatchRule(interface: "org.example.Instrument1"), 4),
                (MatchRule(interface: "org.example.Other1"), 0),
                (MatchRule(member: "Triggered"), 4),
                (MatchRule(member: "Other"), 0),
                (MatchRule(path: "/a"), 1),
                (MatchRule(member: "Triggered", pathNamespace: "/a"), 2),
                (MatchRule(member: "Triggered", pathNamespace: "/"), 4),
                (MatchRule(arguments: [1: "it's"]), 1),
                (MatchRule(arguments: [0: "it's"]), 0),
                (MatchRule(arguments: [7: "it's"]), 0),
            ]
            let counts = (0..<rules.count).map { _ in Counts() }
            var subscriptions: [Subscription] = []
            for (index, entry) in rules.enumerated() {
                let count = counts[index]
                subscriptions.append(
                    try await client.subscribe(entry.rule) { _ in count.good += 1 }
                )
            }
            let emissions: [(ObjectPath, String)] = [
                ("/a", "x"), ("/a/b", "it's"), ("/ab", ""), ("/", #"\'"#),
            ]
            for (path, label) in emissions {
                try service.objects.emit(
                    Instrument.triggered,
                    of: "org.example.Instrument1",
                    at: path,
                    0,
                    label
                )
            }
            try await until { counts[1].good == 4 }
            for (index, entry) in rules.enumerated() {
                XCTAssertEqual(counts[index].good, entry.expected, "\(entry.rule)")
            }
            for subscription in subscriptions { subscription.cancel() }
            try service.objects.emit(
                Instrument.triggered,
                of: "org.example.Instrument1",
                at: "/a",
                0,
                "x"
            )
            await service.flush(EventLoop.main.now + .seconds(20))
            _ = try await client.credentials(of: service.uniqueName)
            XCTAssertEqual(counts[1].good, 4)
        }
    }

    func testFirstArgumentNamespaces() throws {
        try onBus { _, service, client in
            let told = Told()
            try await client.subscribe(
                MatchRule(member: "NameOwnerChanged", firstArgumentNamespace: "org.example")
            ) { told.texts.append((try? $0.read(String.self, String.self, String.self).0) ?? "") }
            for name: BusName in ["org.example.A", "org.exampleB.C", "org.example.D.E"] {
                try await service.requestName(name)
            }
            try await until { told.texts.count >= 2 }
            XCTAssertEqual(told.texts, ["org.example.A", "org.example.D.E"])
        }
    }

    func testTheBusRefusesARule() throws {
        try onBus(limits: #"<limit name="max_match_rules_per_connection">2</limit>"#) {
            _,
            _,
            client in
            var error = await thrownError {
                try await client.subscribe(MatchRule(arguments: [99: ""])) { _ in }
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.MatchRuleInvalid")
            let rule = MatchRule(member: "Anything")
            let first = try await client.subscribe(rule) { _ in }
            try await client.subscribe(rule) { _ in }
            error = await thrownError { try await client.subscribe(rule) { _ in } }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
            error = await thrownError {
                try await client.watchName("org.example.Name", appeared: { _ in }, vanished: {})
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
            first.cancel()
            try await client.subscribe(rule) { _ in }
        }
    }

    func testARefusedRuleDoesNotTakeAwayAnother() throws {
        try onBus { _, service, client in
            let told = Told()
            let rule = MatchRule(sender: try BusName(service.uniqueName), member: "Triggered")
            try await client.subscribe(rule) { told.messages.append($0) }
            let second = EventLoop.main.spawn {
                try await client.subscribe(rule) { told.messages.append($0) }
            }
            second.cancel()
            _ = try? await second.value
            try service.objects.emit(
                Instrument.triggered,
                of: "org.example.Instrument1",
                at: "/a",
                0,
                "x"
            )
            try await until { !told.messages.isEmpty }
        }
    }

    /// A task that waits for a reply goes on before later signals are delivered.
    func testAReplyIsNotOvertakenBySignals() throws {
        try onBus { _, service, client in
            let log = Told()
            let path: ObjectPath = "/counter"
            try service.objects.add(path, [Counter.interface.bound(to: Counter())])
            let name = try BusName(service.uniqueName)
            try await client.subscribe(MatchRule(sender: name)) {
                log.texts.append($0.member ?? "")
            }
            for _ in 0..<50 {
                log.texts = []
                _ = try await client.call(
                    destination: name,
                    path: path,
                    interface: "org.example.Counter1",
                    member: "CountAndTell"
                )
                log.texts.append("reply")
                try await until { log.texts.count == 3 }
                XCTAssertEqual(log.texts, ["Before", "reply", "After"])
            }
        }
    }

    func testCredentials() throws {
        try onBus { _, service, client in
            let credentials = try await client.credentials(of: service.uniqueName)
            XCTAssertEqual(credentials.userID, getuid())
            XCTAssertEqual(credentials.processID, UInt32(getpid()))
            let again = try await client.credentials(of: service.uniqueName)
            XCTAssertEqual(again, credentials)
            let error = await thrownError { _ = try await client.credentials(of: ":1.999") }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.NameHasNoOwner")
        }
    }

    func testTheBusGoesAway() throws {
        try onBus { bus, service, client in
            let fixture = try InstrumentFixture(service, client)
            let gone = Told()
            client.onDisconnect = { gone.texts.append("client") }
            service.onDisconnect = { gone.texts.append("service") }
            let waiting = EventLoop.main.spawn { await fixture.errorName("Wait", "") }
            try await until { fixture.instrument.waiting == 1 }
            bus.kill()
            let error = try await waiting.value
            XCTAssertEqual(error, "Disconnected")
            try await until { gone.texts.count == 2 }
            XCTAssertFalse(client.isOpen || service.isOpen)
            try await until { fixture.instrument.cancelled == 1 }
            // Nothing of this may matter any more.
            client.close()
            service.objects.remove(InstrumentFixture.path)
            service.objects.propertiesChanged(
                InstrumentFixture.path,
                interface: "org.example.Instrument1",
                ["Label"]
            )
            await service.flush(EventLoop.main.now + .seconds(20))
            let closed = await thrownError { try await client.requestName("a.b") }
            XCTAssertEqual(closed?.name, "org.freedesktop.DBus.Error.Disconnected")
        }
    }
}

@LoopActor
final class Counter {
    nonisolated init() {}

    private static let before = Signal("Before", "Comes before the reply.")
    private static let after = Signal("After", "Comes after the reply.")

    static let interface = Interface<Counter>("org.example.Counter1", documentation: "Counts.") {
        Method.immediate("CountAndTell", "Emits signals before and after its reply.") {
            (_: Counter, call: Invocation) throws in
            let objects = call.connection.objects
            try objects.emit(before, of: "org.example.Counter1", at: call.path)
            _ = EventLoop.main.spawn {
                try objects.emit(after, of: "org.example.Counter1", at: call.path)
            }
        }
        before
        after
    }
}
