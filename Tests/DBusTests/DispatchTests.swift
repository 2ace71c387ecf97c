import DBus
import EventLoop
import Glibc
import TestSupport
import XCTest

/// How calls find their handlers, and what callers are told when they do not.
final class DispatchTests: XCTestCase {
    private func withInstrument(
        limits: String = "",
        _ body: @escaping @LoopActor @Sendable (InstrumentFixture) async throws -> Void
    ) throws {
        try onBus(limits: limits) { _, service, client in
            try await body(InstrumentFixture(service, client))
        }
    }

    /// The bus's own limit out of the way.
    private static let manyReplies = #"<limit name="max_replies_per_connection">5000</limit>"#

    func testWhatIsUnknownSaysWhat() throws {
        try withInstrument { fixture in
            var error = await fixture.errorName("Poke", at: "/org/example/absent")
            XCTAssertEqual(error, "UnknownObject")
            error = await fixture.errorName(
                "Introspect",
                on: "org.freedesktop.DBus.Introspectable",
                at: "/a"
            )
            XCTAssertEqual(error, "UnknownObject")
            error = await fixture.errorName("Poke", on: "org.example.Absent1")
            XCTAssertEqual(error, "UnknownInterface")
            error = await fixture.errorName("Poke", at: "/org/example")
            XCTAssertEqual(error, "UnknownInterface")
            error = await fixture.errorName(
                "GetManagedObjects",
                on: "org.freedesktop.DBus.ObjectManager"
            )
            XCTAssertEqual(error, "UnknownInterface")
            error = await fixture.errorName("Absent")
            XCTAssertEqual(error, "UnknownMethod")
            error = await fixture.errorName("Absent", on: "org.freedesktop.DBus.Properties")
            XCTAssertEqual(error, "UnknownMethod")
            error = await fixture.errorName("Absent", on: "org.freedesktop.DBus.Peer")
            XCTAssertEqual(error, "UnknownMethod")
        }
    }

    func testWrongArgumentsSayWhichAndWhat() throws {
        try withInstrument { fixture in
            func message(_ arguments: any DBusType...) async -> String? {
                await thrownError {
                    _ = try await fixture.client.call(
                        destination: fixture.name,
                        path: InstrumentFixture.path,
                        interface: "org.example.Instrument1",
                        member: "Scale",
                        argumentList: arguments
                    )
                }?.message
            }
            var text = await message(1.5, ["a"])
            XCTAssertEqual(text, #"argument 2 (values) of Scale: expected "ad", got "as""#)
            text = await message(UInt32(1), [1.5])
            XCTAssertEqual(text, #"argument 1 (factor) of Scale: expected "d", got "u""#)
            text = await message(1.5)
            XCTAssertEqual(text, #"Scale takes 2 arguments ("dad"), got 1 ("d")"#)
            text = await message(1.5, [1.5], true)
            XCTAssertEqual(text, #"Scale takes 2 arguments ("dad"), got 3 ("dadb")"#)
            text = await message()
            XCTAssertEqual(text, #"Scale takes 2 arguments ("dad"), got 0 ("")"#)
            var name = await fixture.errorName("Wait", UInt8(1))
            XCTAssertEqual(name, "InvalidArgs")
            name = await fixture.errorName("Get", "a.b", on: "org.freedesktop.DBus.Properties")
            XCTAssertEqual(name, "InvalidArgs")
            XCTAssertEqual(fixture.instrument.waiting, 0)
        }
    }

    func testTheCircumstancesOfACall() throws {
        try withInstrument { fixture in
            let reply = try await fixture.call("Whoami")
            let (sender, path, member) = try reply.read(String.self, ObjectPath.self, String.self)
            XCTAssertEqual(sender, fixture.client.uniqueName)
            XCTAssertEqual(path, InstrumentFixture.path)
            XCTAssertEqual(member, "Whoami")
            let user = try await fixture.call("User").read(UInt32.self)
            XCTAssertEqual(user, getuid())
        }
    }

    func testErrorsThatAreNotOfDBusAreTranslated() throws {
        try withInstrument { fixture in
            var error = await fixture.errorName("Fail")
            XCTAssertEqual(error, "Failed")
            fixture.service.objects.mapError = { error in
                DBusError(name: "org.example.Error.Mapped", message: "\(type(of: error))")
            }
            error = await fixture.errorName("Fail")
            XCTAssertEqual(error, "org.example.Error.Mapped")
            fixture.instrument.gate.fail(Instrument.SomeError())
            error = await fixture.errorName("Wait", "")
            XCTAssertEqual(error, "org.example.Error.Mapped")
        }
    }

    func testAReplyThatIsNotWantedIsNotSent() throws {
        try withInstrument { fixture in
            try fixture.client.callWithoutReply(
                destination: fixture.name,
                path: InstrumentFixture.path,
                interface: "org.example.Instrument1",
                member: "Poke"
            )
            try fixture.client.callWithoutReply(
                destination: fixture.name,
                path: InstrumentFixture.path,
                interface: "org.example.Instrument1",
                member: "Wait",
                arguments: ""
            )
            try fixture.client.callWithoutReply(
                destination: fixture.name,
                path: InstrumentFixture.path,
                interface: "org.example.Instrument1",
                member: "Absent"
            )
            fixture.instrument.gate.resolve("")
            _ = try await fixture.call("Poke")
            XCTAssertEqual(fixture.instrument.pokes, 2)
            XCTAssertEqual(fixture.instrument.waiting, 1)
        }
    }

    func testOneReplyWhenTheObjectIsRemovedMeanwhile() throws {
        try withInstrument { fixture in
            let task = EventLoop.main.spawn {
                try await fixture.call("Wait", "late ").read(String.self)
            }
            try await until { fixture.instrument.waiting == 1 }
            fixture.service.objects.remove(InstrumentFixture.path)
            let error = await fixture.errorName("Poke")
            XCTAssertEqual(error, "UnknownObject")
            fixture.instrument.gate.resolve("but once")
            let text = try await task.value
            XCTAssertEqual(text, "late but once")
        }
    }

    func testAThousandCallsGetAThousandReplies() throws {
        try withInstrument(limits: Self.manyReplies) { fixture in
            fixture.service.limits.callsInFlight = 2000
            fixture.service.limits.callsInFlightPerSender = 2000
            fixture.client.limits.pendingReplies = 2000
            let replies = Counts()
            let tasks = (0..<1000).map { number in
                EventLoop.main.spawn {
                    let reply = try await fixture.call("Wait", "\(number) ")
                    let text = try reply.read(String.self)
                    if text == "\(number) done" { replies.good += 1 }
                }
            }
            try await until { fixture.instrument.waiting == 1000 }
            fixture.instrument.gate.resolve("done")
            for task in tasks { try await task.value }
            XCTAssertEqual(replies.good, 1000)
            XCTAssertEqual(fixture.service.objects.openCalls, 0)
        }
    }

    func testOurCallsTakeTurnsBelowTheLimitOfTheBus() throws {
        try withInstrument(limits: #"<limit name="max_replies_per_connection">100</limit>"#) {
            fixture in
            let replies = Counts()
            let tasks = (0..<1000).map { _ in
                EventLoop.main.spawn {
                    let error = await fixture.errorName("Poke")
                    if error == nil { replies.good += 1 } else { replies.refused += 1 }
                }
            }
            for task in tasks { await task.value }
            XCTAssertEqual(replies.good, 1000)
            XCTAssertEqual(fixture.instrument.pokes, 1000)
        }
    }

    func testCallsBeyondTheLimitsAreRefusedAndEachIsAnswered() throws {
        try withInstrument(limits: Self.manyReplies) { fixture in
            fixture.client.limits.pendingReplies = 2000
            let replies = Counts()
            let tasks = (0..<1000).map { _ in
                EventLoop.main.spawn {
                    switch await fixture.errorName("Wait", "") {
                    case nil: replies.good += 1
                    case "LimitsExceeded": replies.refused += 1
                    default: replies.other += 1
                    }
                }
            }
            try await until { replies.refused == 936 }
            // Reading goes on.
            _ = try await fixture.call("Poke")
            fixture.instrument.gate.resolve("")
            for task in tasks { await task.value }
            XCTAssertEqual(replies.good, 64)
            XCTAssertEqual(replies.other, 0)
            let error = await fixture.errorName("Wait", "")
            XCTAssertNil(error)
        }
    }

    func testTheLimitOfAllSendersTogether() throws {
        try onBus { bus, service, client in
            service.limits.callsInFlight = 3
            service.limits.callsInFlightPerSender = 2
            let fixture = try InstrumentFixture(service, client)
            let other = try bus.connect()
            defer { other.close() }
            let replies = Counts()
            for connection in [client, other] {
                for _ in 0..<3 {
                    EventLoop.main.spawn {
                        do {
                            _ = try await connection.call(
                                destination: fixture.name,
                                path: InstrumentFixture.path,
                                interface: "org.example.Instrument1",
                                member: "Wait",
                                arguments: ""
                            )
                            replies.good += 1
                        } catch {
                            replies.refused += 1
                        }
                    }
                }
            }
            try await until { replies.refused == 3 }
            XCTAssertEqual(fixture.instrument.waiting, 3)
            fixture.instrument.gate.resolve("")
            try await until { replies.good == 3 }
        }
    }

    func testDrainingWaitsForWhatIsUnderWay() throws {
        try withInstrument { fixture in
            let task = EventLoop.main.spawn {
                try await fixture.call("Wait", "in ").read(String.self)
            }
            try await until { fixture.instrument.waiting == 1 }
            let drained = Promise<Void>()
            EventLoop.main.spawn {
                await fixture.service.objects.drain(EventLoop.main.now + .seconds(20))
                drained.resolve()
            }
            try await sleep(for: .milliseconds(5))
            var error = await fixture.errorName("Wait", "")
            XCTAssertEqual(error, "ServiceUnknown")
            error = await fixture.errorName("Poke")
            XCTAssertNil(error)
            XCTAssertFalse(drained.isResolved)
            fixture.instrument.gate.resolve("time")
            try await drained.value
            let text = try await task.value
            XCTAssertEqual(text, "in time")
        }
    }

    func testAfterTheDeadlineDrainingAnswersItself() throws {
        try withInstrument { fixture in
            let heeding = EventLoop.main.spawn { await fixture.errorName("Wait", "") }
            let ignoring = EventLoop.main.spawn { await fixture.errorName("Ignore") }
            try await until { fixture.instrument.waiting == 2 }
            await fixture.service.objects.drain(EventLoop.main.now + .milliseconds(10))
            XCTAssertEqual(fixture.service.objects.openCalls, 0)
            await fixture.service.flush(EventLoop.main.now + .seconds(20))
            var error = try await heeding.value
            XCTAssertEqual(error, "NoReply")
            error = try await ignoring.value
            XCTAssertEqual(error, "NoReply")
            XCTAssertEqual(fixture.instrument.cancelled, 1)
            // The handler that goes on has nobody left to answer.
            fixture.instrument.gate.resolve("")
            try await sleep(for: .milliseconds(20))
        }
    }

    func testAHurriedDrainDoesNotWaitForItsDeadline() throws {
        try withInstrument { fixture in
            // Hurrying what is not under way changes nothing.
            fixture.service.objects.hurryDrain()
            let task = EventLoop.main.spawn { await fixture.errorName("Wait", "") }
            try await until { fixture.instrument.waiting == 1 }
            let drained = Promise<Void>()
            EventLoop.main.spawn {
                await fixture.service.objects.drain(.distantFuture)
                drained.resolve()
            }
            let refused = await fixture.errorName("Wait", "")
            XCTAssertEqual(refused, "ServiceUnknown")
            XCTAssertFalse(drained.isResolved)
            fixture.service.objects.hurryDrain()
            try await drained.value
            let error = try await task.value
            XCTAssertEqual(error, "NoReply")
        }
    }

    func testClosingTheConnectionCancelsHandlers() throws {
        try withInstrument { fixture in
            let task = EventLoop.main.spawn { await fixture.errorName("Wait", "") }
            try await until { fixture.instrument.waiting == 1 }
            fixture.service.close()
            try await until { fixture.instrument.cancelled == 1 }
            let error = try await task.value
            XCTAssertEqual(error, "NoReply")
        }
    }

    func testAHandlerMayCloseTheConnection() throws {
        try withInstrument { fixture in
            let error = await fixture.errorName("Close")
            XCTAssertEqual(error, "NoReply")
            XCTAssertFalse(fixture.service.isOpen)
        }
    }

    func testPeerAnswersAtAnyPath() throws {
        try withInstrument { fixture in
            for path: ObjectPath in ["/", "/absent", InstrumentFixture.path, "/org"] {
                var error = await fixture.errorName(
                    "Ping",
                    on: "org.freedesktop.DBus.Peer",
                    at: path
                )
                XCTAssertNil(error)
                error = await fixture.errorName(
                    "Ping",
                    UInt8(1),
                    on: "org.freedesktop.DBus.Peer",
                    at: path
                )
                XCTAssertEqual(error, "InvalidArgs")
            }
            // A machine without an identity has no answer but an error.
            _ = await fixture.errorName("GetMachineId", on: "org.freedesktop.DBus.Peer")
        }
    }
}

@LoopActor
final class Counts {
    var good = 0
    var refused = 0
    var other = 0
}
