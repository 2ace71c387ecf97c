import DBus
import EventLoop
import TestSupport
import XCTest

/// Callers that send too much, too often, or what they have no right to.
final class HostileCallerTests: XCTestCase {
    // MARK: Sizes

    func testArgumentsBeyondAnyNeedAreRefused() throws {
        try onBus { _, service, client in
            let fixture = try InstrumentFixture(service, client)
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            let long = String(repeating: "x", count: 5000)
            let blob = [UInt8](repeating: 7, count: 1 << 18)
            let properties: InterfaceName = "org.freedesktop.DBus.Properties"
            let echo: InterfaceName = "org.example.Echo1"
            let calls: [(InterfaceName, ObjectPath, MemberName, [any DBusType])] = [
                (echo, "/echo", "String", [long]), (echo, "/echo", "StringLater", [long]),
                (echo, "/echo", "Bytes", [blob]), (echo, "/echo", "BytesLater", [blob]),
                (echo, "/echo", "Variant", [Variant(long)]),
                (echo, "/echo", "Variant", [Variant(blob)]),
                (echo, "/echo", "Nothing", [blob]),
                // Of a type that the method does not take, and the last: only its size can be what is refused.
                (echo, "/echo", "Nothing", [String(repeating: "x", count: 1 << 18)]),
                (echo, "/echo", "Nothing", [Variant(String(repeating: "x", count: 1 << 18))]),
                (properties, InstrumentFixture.path, "Get", [long, "Label"]),
                (properties, InstrumentFixture.path, "Get", ["org.example.Instrument1", long]),
                (properties, InstrumentFixture.path, "GetAll", [long]),
                (properties, InstrumentFixture.path, "Set", [long, "Label", Variant("x")]),
                ("org.freedesktop.DBus.Introspectable", "/", "Introspect", [blob]),
            ]
            for (interface, path, member, arguments) in calls {
                let error = await thrownError {
                    _ = try await client.call(
                        destination: fixture.name,
                        path: path,
                        interface: interface,
                        member: member,
                        argumentList: arguments
                    )
                }
                XCTAssertEqual(
                    error?.name,
                    "org.freedesktop.DBus.Error.LimitsExceeded",
                    "\(interface).\(member)"
                )
            }
        }
    }

    func testErrorsQuoteOnlyTheBeginningOfWhatACallerSent() throws {
        try onBus { _, service, client in
            let fixture = try InstrumentFixture(service, client)
            let long = String(repeating: "x", count: 4000)
            let path = try ObjectPath("/" + long)
            let properties: InterfaceName = "org.freedesktop.DBus.Properties"
            let calls: [(ObjectPath, MemberName, [any DBusType], String)] = [
                (InstrumentFixture.path, "Get", [long, "Label"], "UnknownInterface"),
                (
                    InstrumentFixture.path, "Get", ["org.example.Instrument1", long],
                    "UnknownProperty"
                ),
                (InstrumentFixture.path, "Get", ["", long], "UnknownProperty"),
                (InstrumentFixture.path, "GetAll", [long], "UnknownInterface"),
                (path, "GetAll", [""], "UnknownObject"),
                (try ObjectPath("/" + long + long), "GetAll", [""], "UnknownObject"),
            ]
            for (path, member, arguments, name) in calls {
                let error = await thrownError {
                    _ = try await client.call(
                        destination: fixture.name,
                        path: path,
                        interface: properties,
                        member: member,
                        argumentList: arguments
                    )
                }
                XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error." + name)
                XCTAssertLessThan(error?.message.utf8.count ?? .max, 600)
            }
        }
    }

    func testExcerpts() {
        let longest = String(repeating: "ä", count: Excerpt.maximumLength)
        XCTAssertEqual("\(Excerpt(longest))", longest)
        XCTAssertEqual("\(Excerpt(longest + "x"))", longest + "...")
        XCTAssertEqual("\(Excerpt(""))", "")
    }

    // MARK: Rights

    func testWhatSomebodyHasNoRightToIsRefused() throws {
        try onBus { _, service, client in
            let vault = Vault()
            try service.objects.add("/vault", [Vault.interface.bound(to: vault)])
            let asked = Told()
            service.objects.authorize = { right, credentials in
                XCTAssertNotNil(credentials.userID)
                asked.texts.append(right.name)
                return right == .writing ? nil : "it is for nobody"
            }
            @LoopActor
            func outcome(_ member: MemberName, _ arguments: any DBusType...) async -> String? {
                let isOwn = ["Look", "Poke", "Write", "Destroy"].contains("\(member)")
                do throws(DBusError) {
                    _ = try await client.call(
                        destination: try BusName(service.uniqueName),
                        path: "/vault",
                        interface: isOwn
                            ? "org.example.Vault1" : "org.freedesktop.DBus.Properties",
                        member: member,
                        argumentList: arguments
                    )
                    return nil
                } catch {
                    return error.message
                }
            }
            var message = await outcome("Look")
            XCTAssertNil(message)
            message = await outcome("Poke")
            XCTAssertNil(message)
            message = await outcome("Get", "org.example.Vault1", "Code")
            XCTAssertNil(message)
            XCTAssertEqual(asked.texts, [])
            message = await outcome("Write")
            XCTAssertNil(message)
            message = await outcome("Destroy")
            XCTAssertTrue(message?.hasSuffix("it is for nobody") ?? false, "\(message ?? "")")
            XCTAssertTrue(
                message?.hasPrefix("org.example.Vault1.Destroy needs the right to destroy") ?? false
            )
            message = await outcome("Set", "org.example.Vault1", "Code", Variant("new"))
            XCTAssertTrue(message?.hasSuffix("it is for nobody") ?? false, "\(message ?? "")")
            XCTAssertEqual(vault.code, "old")
            message = await outcome("Set", "org.example.Vault1", "Label", Variant("new"))
            XCTAssertNil(message)
            XCTAssertEqual(asked.texts, ["write", "destroy", "destroy", "write"])
            XCTAssertEqual(vault.pokes, 2)
        }
    }

    func testACallThatOnlyTellsIsDroppedWhenNobodyListens() throws {
        try onBus { _, service, client in
            let vault = Vault()
            try service.objects.add("/vault", [Vault.interface.bound(to: vault)])
            for member: MemberName in ["Look", "Nonsense", "Poke"] {
                try client.callWithoutReply(
                    destination: try BusName(service.uniqueName),
                    path: "/vault",
                    interface: "org.example.Vault1",
                    member: member
                )
            }
            try await until { vault.pokes == 1 }
            XCTAssertEqual(vault.looks, 0)
        }
    }

    // MARK: Turns

    func testASenderWaitsBehindItsOwnCallsOnly() throws {
        try onBus(limits: #"<limit name="max_replies_per_connection">5000</limit>"#) {
            bus,
            service,
            client in
            let vault = Vault()
            try service.objects.add("/vault", [Vault.interface.bound(to: vault)])
            let name = try BusName(service.uniqueName)
            let flooder = try bus.connect()
            let number = 2000
            flooder.limits.pendingReplies = number
            let answers = Told()
            for _ in 0..<number {
                EventLoop.main.spawn {
                    _ = try? await flooder.call(
                        destination: name,
                        path: "/vault",
                        interface: "org.example.Vault1",
                        member: "Work"
                    )
                    answers.texts.append("")
                }
            }
            // When some have been answered all the others wait in line.
            try await until { vault.work >= 20 }
            for _ in 0..<5 {
                let before = vault.work
                _ = try await client.call(
                    destination: name,
                    path: "/vault",
                    interface: "org.example.Vault1",
                    member: "Look"
                )
                // It is read from the bus behind what was sent before, and then has its turn.
                XCTAssertLessThan(vault.work - before, number / 4)
            }
            XCTAssertLessThan(vault.work, number)
            try await until { answers.texts.count == number }
            XCTAssertEqual(vault.work, number)
            flooder.close()
        }
    }

    func testALineHasAnEnd() throws {
        try onBus { _, service, client in
            let vault = Vault()
            try service.objects.add("/vault", [Vault.interface.bound(to: vault)])
            service.limits.waitingCallsPerSender = 10
            let name = try BusName(service.uniqueName)
            let number = 500
            client.limits.pendingReplies = number
            let good = Told()
            let refused = Told()
            for _ in 0..<number {
                EventLoop.main.spawn {
                    do throws(DBusError) {
                        _ = try await client.call(
                            destination: name,
                            path: "/vault",
                            interface: "org.example.Vault1",
                            member: "Work"
                        )
                        good.texts.append("")
                    } catch {
                        refused.texts.append(error.name)
                    }
                }
            }
            try await until { good.texts.count + refused.texts.count == number }
            XCTAssertGreaterThan(good.texts.count, 0)
            XCTAssertEqual(Set(refused.texts), ["org.freedesktop.DBus.Error.LimitsExceeded"])
            XCTAssertEqual(vault.work, good.texts.count)
        }
    }
}

/// Something with members of several rights.
@LoopActor
private final class Vault {
    var code = "old"
    var label = "old"
    var looks = 0
    var pokes = 0
    var work = 0

    nonisolated init() {}

    static let interface = Interface<Vault>(
        "org.example.Vault1",
        documentation: "A vault.",
        right: .reading
    ) {
        Property("Code", "To open it.", .noSignal, get: { (vault: Vault) in vault.code }) {
            (vault: Vault, _: Invocation, code: String) in vault.code = code
        }
        .requiring(Right("destroy"))
        Property("Label", "On the door.", .noSignal, get: { (vault: Vault) in vault.label }) {
            (vault: Vault, _: Invocation, label: String) in vault.label = label
        }
        Method.immediate("Look", "Looks.") { (vault: Vault, _: Invocation) in vault.looks += 1 }
        Method.immediate("Poke", "Does something.") { (vault: Vault, _: Invocation) in
            vault.pokes += 1
        }
        .requiring(.open)
        Method.immediate("Write", "Writes.") { (vault: Vault, _: Invocation) in vault.pokes += 1 }
            .requiring(.writing)
        Method.immediate("Destroy", "Destroys.") { (vault: Vault, _: Invocation) in vault.pokes = 0
        }
        .requiring(Right("destroy"))
        Method.immediate("Work", "Takes a while.") { (vault: Vault, _: Invocation) in
            vault.work += 1
            let end = EventLoop.main.now + .microseconds(300)
            while EventLoop.main.now < end {}
        }
    }
}
