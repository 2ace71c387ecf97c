import DBus
import EventLoop
import TestSupport
import XCTest

final class PropertyTests: XCTestCase {
    private static let properties: InterfaceName = "org.freedesktop.DBus.Properties"
    private static let instrument: InterfaceName = "org.example.Instrument1"

    private func withInstrument(
        _ body: @escaping @LoopActor @Sendable (InstrumentFixture) async throws -> Void
    ) throws {
        try onBus { _, service, client in
            try await body(InstrumentFixture(service, client))
        }
    }

    func testGet() throws {
        try withInstrument { fixture in
            let path = InstrumentFixture.path
            let label = try await fixture.client.property(
                String.self,
                "Label",
                of: Self.instrument,
                at: path,
                on: fixture.name
            )
            XCTAssertEqual(label, "first")
            let blob = try await fixture.client.property(
                [UInt8].self,
                "Blob",
                of: Self.instrument,
                at: path,
                on: fixture.name
            )
            XCTAssertEqual(blob, [1, 2, 3])
            let error = await thrownError {
                _ = try await fixture.client.property(
                    UInt8.self,
                    "Blob",
                    of: Self.instrument,
                    at: path,
                    on: fixture.name
                )
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.InvalidArgs")
            let extra = try await fixture.call("Get", "", "Extra", on: Self.properties)
            XCTAssertEqual(try extra.read(Variant.self), Variant(ObjectPath("/x")))
            let first = try await fixture.call("Get", "", "Label", on: Self.properties)
            XCTAssertEqual(try first.read(Variant.self), Variant("first"))
        }
    }

    func testWhatIsUnknownSaysWhat() throws {
        try withInstrument { fixture in
            let on = Self.properties
            var error = await fixture.errorName("Get", "org.example.Absent1", "Label", on: on)
            XCTAssertEqual(error, "UnknownInterface")
            error = await fixture.errorName("Get", "org.example.Instrument1", "Absent", on: on)
            XCTAssertEqual(error, "UnknownProperty")
            error = await fixture.errorName("Get", "", "Absent", on: on)
            XCTAssertEqual(error, "UnknownProperty")
            error = await fixture.errorName("Get", "org.freedesktop.DBus.Peer", "Absent", on: on)
            XCTAssertEqual(error, "UnknownProperty")
            error = await fixture.errorName("GetAll", "org.example.Absent1", on: on)
            XCTAssertEqual(error, "UnknownInterface")
            error = await fixture.errorName("GetAll", "not a name", on: on)
            XCTAssertEqual(error, "UnknownInterface")
            error = await fixture.errorName("GetAll", "", on: on, at: "/absent")
            XCTAssertEqual(error, "UnknownObject")
            error = await fixture.errorName(
                "Set",
                "org.example.Absent1",
                "Label",
                Variant("x"),
                on: on
            )
            XCTAssertEqual(error, "UnknownInterface")
            error = await fixture.errorName(
                "Set",
                "org.example.Instrument1",
                "Absent",
                Variant("x"),
                on: on
            )
            XCTAssertEqual(error, "UnknownProperty")
            error = await fixture.errorName(
                "Set",
                "org.example.Instrument1",
                "Reading",
                Variant(1.5),
                on: on
            )
            XCTAssertEqual(error, "PropertyReadOnly")
        }
    }

    func testGetAll() throws {
        try withInstrument { fixture in
            let path = InstrumentFixture.path
            let own = try await fixture.client.properties(
                of: Self.instrument,
                at: path,
                on: fixture.name
            )
            XCTAssertEqual(own.keys, ["Label", "Reading", "Blob", "Serial", "Ticks", "Slow"])
            XCTAssertEqual(own["Serial"], .uint32(4711))
            // Both interfaces have a Label.
            let all = try await fixture.call("GetAll", "", on: Self.properties)
            guard case .dictionary(let entries)? = try all.arguments().first else {
                return XCTFail("no dictionary")
            }
            XCTAssertEqual(
                entries.entries.map(\.key),
                ["Label", "Reading", "Blob", "Serial", "Ticks", "Slow", "Extra"]
                    .map(Value.string)
            )
            XCTAssertEqual(entries.entries.first?.value, .variant(.string("first")))
            let none = try await fixture.client.properties(
                of: "org.freedesktop.DBus.Peer",
                at: path,
                on: fixture.name
            )
            XCTAssertTrue(none.isEmpty)
            let intermediate = try await fixture.client.properties(
                of: nil,
                at: "/org",
                on: fixture.name
            )
            XCTAssertTrue(intermediate.isEmpty)
        }
    }

    func testSet() throws {
        try withInstrument { fixture in
            let path = InstrumentFixture.path
            try await fixture.client.setProperty(
                "Label",
                of: Self.instrument,
                at: path,
                on: fixture.name,
                to: "second"
            )
            XCTAssertEqual(fixture.instrument.label, "second")
            XCTAssertEqual(fixture.instrument.setBy, fixture.client.uniqueName)
            var error = await thrownError {
                try await fixture.client.setProperty(
                    "Label",
                    of: Self.instrument,
                    at: path,
                    on: fixture.name,
                    to: UInt8(1)
                )
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.InvalidArgs")
            XCTAssertEqual(error?.message, #"the property Label: expected "s", got "y""#)
            error = await thrownError {
                try await fixture.client.setProperty(
                    "Label",
                    of: Self.instrument,
                    at: path,
                    on: fixture.name,
                    to: ""
                )
            }
            XCTAssertEqual(error?.message, "the label is empty")
            try await fixture.client.setProperty(
                "Slow",
                of: Self.instrument,
                at: path,
                on: fixture.name,
                to: "third"
            )
            XCTAssertEqual(fixture.instrument.label, "third")
            error = await thrownError {
                try await fixture.client.setProperty(
                    "Slow",
                    of: Self.instrument,
                    at: path,
                    on: fixture.name,
                    to: "bad"
                )
            }
            XCTAssertEqual(error, .failed("bad"))
        }
    }

    func testAPropertyWithoutAValueIsLeftOut() throws {
        try withInstrument { fixture in
            fixture.instrument.fault = DBusError(name: "org.example.Error.Absent", message: "gone")
            let error = await fixture.errorName(
                "Get",
                "org.example.Instrument1",
                "Reading",
                on: Self.properties
            )
            XCTAssertEqual(error, "org.example.Error.Absent")
            let all = try await fixture.client.properties(
                of: Self.instrument,
                at: InstrumentFixture.path,
                on: fixture.name
            )
            XCTAssertEqual(all.keys, ["Label", "Blob", "Serial", "Ticks", "Slow"])
        }
    }

    func testAPropertyThatCannotBeSentIsLeftOut() throws {
        try withInstrument { fixture in
            let problems = Told()
            fixture.service.objects.onProblem = { problems.texts.append($0) }
            fixture.instrument.label = "bad\0label"
            let error = await fixture.errorName(
                "Get",
                "org.example.Instrument1",
                "Label",
                on: Self.properties
            )
            XCTAssertEqual(error, "Failed")
            let all = try await fixture.client.properties(
                of: Self.instrument,
                at: InstrumentFixture.path,
                on: fixture.name
            )
            XCTAssertEqual(all.keys, ["Reading", "Blob", "Serial", "Ticks"])
            XCTAssertEqual(
                problems.texts.first,
                "org.example.Instrument1.Label of /org/example/instrument is left out: "
                    + "a string with U+0000 cannot be sent"
            )
            fixture.instrument.label = "good"
            let again = try await fixture.client.properties(
                of: Self.instrument,
                at: InstrumentFixture.path,
                on: fixture.name
            )
            XCTAssertEqual(again.keys, ["Label", "Reading", "Blob", "Serial", "Ticks", "Slow"])
        }
    }

    func testChangesOfOneTurnAreToldTogether() throws {
        try withInstrument { fixture in
            let told = Told()
            try await fixture.client.subscribe(
                MatchRule(sender: fixture.name, interface: Self.properties)
            ) { told.messages.append($0) }
            let objects = fixture.service.objects
            let path = InstrumentFixture.path
            fixture.instrument.label = "a"
            objects.propertiesChanged(path, interface: Self.instrument, ["Label"])
            objects.propertiesChanged(
                path,
                interface: Self.instrument,
                ["Reading", "Blob", "Label"]
            )
            fixture.instrument.label = "b"
            objects.propertiesChanged(
                path,
                interface: Self.instrument,
                ["Serial", "Ticks", "Absent"]
            )
            objects.propertiesChanged(path, interface: "org.example.Absent1", ["Label"])
            objects.propertiesChanged("/absent", interface: Self.instrument, ["Label"])
            _ = try await fixture.call("Poke")
            XCTAssertEqual(told.messages.count, 1)
            let (interface, changed, invalidated) = try XCTUnwrap(told.messages.first).read(
                String.self,
                VariantDictionary.self,
                [String].self
            )
            XCTAssertEqual(interface, "org.example.Instrument1")
            XCTAssertEqual(changed.keys, ["Label", "Reading"])
            XCTAssertEqual(changed["Label"], .string("b"))
            XCTAssertEqual(changed["Reading"], .double(1.5))
            XCTAssertEqual(invalidated, ["Blob"])

            fixture.instrument.label = "c"
            fixture.instrument.fault = .failed("")
            objects.propertiesChanged(path, interface: Self.instrument, ["Label", "Reading"])
            _ = try await fixture.call("Poke")
            XCTAssertEqual(told.messages.count, 2)
            let (_, second, absent) = try told.messages[1].read(
                String.self,
                VariantDictionary.self,
                [String].self
            )
            XCTAssertEqual(second, ["Label": .string("c")])
            XCTAssertEqual(absent, ["Reading"])
        }
    }

    /// A change noted when the service's turn is over does not wait for something else to happen.
    func testAChangeNotedWhileAnotherConnectionDelivers() throws {
        try onBus { bus, service, client in
            let fixture = try InstrumentFixture(service, client)
            let told = Told()
            try await client.subscribe(
                MatchRule(sender: fixture.name, interface: Self.properties)
            ) { message in told.messages.append(message) }
            // The client's connection is younger: its turn comes after the service's.
            try await client.subscribe(MatchRule(member: "Triggered")) { _ in
                service.objects.propertiesChanged(
                    InstrumentFixture.path,
                    interface: Self.instrument,
                    ["Label"]
                )
            }
            try service.objects.emit(
                Instrument.triggered,
                of: Self.instrument,
                at: InstrumentFixture.path,
                1,
                ""
            )
            let deadline = EventLoop.main.now + .seconds(20)
            let arrived = Promise<Void>()
            try await client.subscribe(MatchRule(member: "PropertiesChanged")) { _ in
                arrived.resolve()
            }
            try await arrived.value(until: deadline)
            XCTAssertEqual(told.messages.count, 1)
        }
    }

    func testASignalTooLargeIsAProblem() throws {
        try withInstrument { fixture in
            let problems = Told()
            fixture.service.objects.onProblem = { problems.texts.append($0) }
            fixture.service.limits.messageSize = 1000
            fixture.instrument.label = String(repeating: "x", count: 1000)
            fixture.service.objects.propertiesChanged(
                InstrumentFixture.path,
                interface: Self.instrument,
                ["Label"]
            )
            try await until { !problems.texts.isEmpty }
            XCTAssertEqual(
                problems.texts.first,
                "PropertiesChanged of /org/example/instrument was not sent: "
                    + "a message larger than 1000 bytes cannot be sent"
            )
        }
    }

    func testChangesAreToldBeforeSignalsAndRemoval() throws {
        try withInstrument { fixture in
            fixture.service.objects.addObjectManager(at: "/org/example")
            let told = Told()
            try await fixture.client.subscribe(MatchRule(sender: fixture.name)) {
                told.messages.append($0)
            }
            let objects = fixture.service.objects
            let path = InstrumentFixture.path
            objects.propertiesChanged(path, interface: Self.instrument, ["Label"])
            try objects.emit(Instrument.triggered, of: Self.instrument, at: path, 2.5, "x")
            objects.propertiesChanged(path, interface: Self.instrument, ["Reading"])
            objects.remove(path)
            _ = try await fixture.client.call(
                destination: fixture.name,
                path: "/",
                interface: "org.freedesktop.DBus.Peer",
                member: "Ping"
            )
            XCTAssertEqual(
                told.messages.map(\.member),
                ["PropertiesChanged", "Triggered", "PropertiesChanged", "InterfacesRemoved"]
            )
            let (reading, text) = try told.messages[1].read(Double.self, String.self)
            XCTAssertEqual(reading, 2.5)
            XCTAssertEqual(text, "x")
        }
    }
}

@LoopActor
final class Told {
    var messages: [Message] = []
    var texts: [String] = []
}
