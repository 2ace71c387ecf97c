import DBus
import EventLoop
import TestSupport
import XCTest

/// Clients that are not ours see what ours see: busctl (sd-bus), gdbus (GLib) and python3-dbus (libdbus).
final class ForeignClientTests: XCTestCase {
    private func withInstrument(
        _ body: @escaping @LoopActor @Sendable (TestBus, InstrumentFixture) async throws -> Void
    ) throws {
        try onBus { bus, service, client in
            service.objects.addObjectManager(at: "/org/example")
            let fixture = try InstrumentFixture(service, client)
            try service.objects.add(
                "/org/example/echo",
                [EchoObject.interface.bound(to: EchoObject())]
            )
            try await service.requestName("org.example.Service")
            try await body(bus, fixture)
        }
    }

    func testBusctlCalls() throws {
        try withInstrument { bus, fixture in
            fixture.instrument.gate.resolve("world")
            var outcome = try await bus.busctl(
                "call",
                "org.example.Service",
                "/org/example/instrument",
                "org.example.Instrument1",
                "Wait",
                "s",
                "hello "
            )
            XCTAssertEqual(outcome.output, "s \"hello world\"\n")
            outcome = try await bus.busctl(
                "call",
                "org.example.Service",
                "/org/example/instrument",
                "org.example.Instrument1",
                "Scale",
                "dad",
                "2",
                "3",
                "1",
                "2.5",
                "3"
            )
            XCTAssertEqual(outcome.output, "ad 3 2 5 6\n")
            outcome = try await bus.busctl(
                "call",
                "org.example.Service",
                "/org/example/instrument",
                "org.example.Instrument1",
                "Scale",
                "sad",
                "2",
                "0"
            )
            XCTAssertNotEqual(outcome.status, 0)
            XCTAssertEqual(
                outcome.output,
                "Call failed: argument 1 (factor) of Scale: expected \"d\", got \"s\"\n"
            )
            outcome = try await bus.busctl(
                "call",
                "org.example.Service",
                "/org/example/absent",
                "org.example.Instrument1",
                "Poke"
            )
            XCTAssertEqual(
                outcome.output,
                "Call failed: there is no object at /org/example/absent\n"
            )
        }
    }

    func testBusctlProperties() throws {
        try withInstrument { bus, fixture in
            var outcome = try await bus.busctl(
                "get-property",
                "org.example.Service",
                "/org/example/instrument",
                "org.example.Instrument1",
                "Label",
                "Reading",
                "Blob",
                "Serial"
            )
            XCTAssertEqual(outcome.output, "s \"first\"\nd 1.5\nay 3 1 2 3\nu 4711\n")
            outcome = try await bus.busctl(
                "set-property",
                "org.example.Service",
                "/org/example/instrument",
                "org.example.Instrument1",
                "Label",
                "s",
                "by busctl"
            )
            XCTAssertEqual(outcome.status, 0, outcome.output)
            XCTAssertEqual(fixture.instrument.label, "by busctl")
            outcome = try await bus.busctl(
                "set-property",
                "org.example.Service",
                "/org/example/instrument",
                "org.example.Instrument1",
                "Serial",
                "u",
                "1"
            )
            XCTAssertNotEqual(outcome.status, 0)
            XCTAssertTrue(outcome.output.contains("cannot be set"), outcome.output)
        }
    }

    func testBusctlIntrospects() throws {
        try withInstrument { bus, _ in
            var outcome = try await bus.busctl(
                "introspect",
                "org.example.Service",
                "/org/example/instrument"
            )
            XCTAssertEqual(outcome.status, 0, outcome.output)
            for line in [
                "org.example.Instrument1             interface -         -            -",
                ".Poke                               method    -         -            -",
                ".Scale                              method    dad       ad           -",
                ".Blob                               property  ay        3 1 2 3      emits-invalidation",
                ".Label                              property  s         \"first\"      emits-change writable",
                ".Serial                             property  u         4711         const",
                ".Ticks                              property  t         0            -",
                ".Triggered                          signal    ds        -            -",
                ".Whoami                             method    -         sos          deprecated",
                ".PropertiesChanged                  signal    sa{sv}as  -            -",
                ".Ping                               method    -         -            -",
                ".Introspect                         method    -         s            -",
            ] {
                let words = line.split(separator: " ")
                XCTAssertTrue(
                    outcome.output.split(separator: "\n").contains {
                        $0.split(separator: " ").starts(with: words)
                    },
                    "\(line)\n\(outcome.output)"
                )
            }
            outcome = try await bus.busctl("tree", "--list", "org.example.Service")
            XCTAssertEqual(
                outcome.output,
                """
                /
                /org
                /org/example
                /org/example/echo
                /org/example/instrument

                """
            )
        }
    }

    func testGdbusIntrospects() throws {
        try withInstrument { bus, _ in
            let outcome = try await ChildProcess.run([
                "/usr/bin/gdbus", "introspect", "--address", bus.address, "--dest",
                "org.example.Service", "--object-path", "/org/example/instrument",
            ])
            XCTAssertEqual(outcome.status, 0, outcome.output)
            XCTAssertTrue(
                outcome.output.contains("in  ad values"),
                outcome.output
            )
        }
    }

    func testPythonRoundTrips() throws {
        try withInstrument { bus, _ in
            let outcome = try await bus.python(
                """
                echo = dbus.Interface(bus.get_object("org.example.Service", "/org/example/echo"),
                                      "org.example.Echo1")
                values = {
                    "Byte": [dbus.Byte(0), dbus.Byte(255)],
                    "Boolean": [dbus.Boolean(True), dbus.Boolean(False)],
                    "Int16": [dbus.Int16(-32768)], "UInt16": [dbus.UInt16(65535)],
                    "Int32": [dbus.Int32(-2**31)], "UInt32": [dbus.UInt32(2**32 - 1)],
                    "Int64": [dbus.Int64(-2**63)], "UInt64": [dbus.UInt64(2**64 - 1)],
                    "Double": [1.5], "String": ["", "text", "\\u00fc\\U0001d11e"],
                    "ObjectPath": [dbus.ObjectPath("/a/b")],
                    "Signature": [dbus.Signature("a{sv}")],
                    "Variant": [dbus.Array([dbus.Struct(["a", dbus.Byte(1)])], signature="(sy)")],
                    "Bytes": [dbus.ByteArray(b"\\x00\\xff")],
                    "Strings": [dbus.Array([], signature="s"), ["a", ""]],
                    "Matrix": [[[1, 2], [-3]]],
                    "Structure": [dbus.Struct([dbus.Byte(1), "s",
                        dbus.Struct([2.5, dbus.ByteArray(b"x")])])],
                    "Dictionary": [dbus.Dictionary({1: ["a"], 2: ["b"]}, signature="qas")],
                    "VariantDictionary": [dbus.Dictionary({"a": dbus.UInt16(1),
                        "b": dbus.Dictionary({"c": True}, signature="sv")}, signature="sv")],
                }
                for name, list in values.items():
                    for value in list:
                        for suffix in ["", "Later"]:
                            result = getattr(echo, name + suffix)(value, byte_arrays=True)
                            assert result == value, (name, suffix, result, value)
                print("ok")
                """
            )
            XCTAssertEqual(outcome.output, "ok\n")
        }
    }

    func testPythonSeesExactErrors() throws {
        try withInstrument { bus, _ in
            let outcome = try await bus.python(
                """
                prefix = "org.freedesktop.DBus.Error."
                def error(path, interface, member, *arguments, signature=None):
                    try:
                        bus.call_blocking("org.example.Service", path, interface, member,
                                          signature, arguments)
                        return None
                    except dbus.DBusException as e:
                        return e.get_dbus_name().removeprefix(prefix)
                at = "/org/example/instrument"
                properties = "org.freedesktop.DBus.Properties"
                own = "org.example.Instrument1"
                print(error("/absent", own, "Poke"))
                print(error(at, "org.example.Absent", "Poke"))
                print(error(at, own, "Absent"))
                print(error(at, own, "Wait", 1, signature="i"))
                print(error(at, properties, "Get", own, "Absent", signature="ss"))
                print(error(at, properties, "Get", "org.example.Absent", "Label", signature="ss"))
                print(error(at, properties, "GetAll", "org.example.Absent", signature="s"))
                print(error(at, properties, "Set", own, "Serial", dbus.UInt32(1), signature="ssv"))
                print(error(at, properties, "Set", own, "Label", 1, signature="ssv"))
                # Without an interface: the first that has the method.
                print(error(at, None, "Poke"))
                print(bus.call_blocking("org.example.Service", at, None, "Only", None, ()))
                print(error(at, None, "Absent"))
                print(error("/absent", None, "Ping"))
                print(error(at, None, "Introspect"))
                """
            )
            XCTAssertEqual(
                outcome.output,
                """
                UnknownObject
                UnknownInterface
                UnknownMethod
                InvalidArgs
                UnknownProperty
                UnknownInterface
                UnknownInterface
                PropertyReadOnly
                InvalidArgs
                None
                only
                UnknownMethod
                UnknownObject
                None

                """
            )
        }
    }

    func testPythonReadsErrorDetails() throws {
        try withInstrument { bus, fixture in
            let thrower = Thrower()
            thrower.error = DBusError(
                name: "org.example.Error.Device",
                message: "the drive said no",
                details: ["nvme-status": .uint16(0x4002), "dnr": .boolean(true)]
            )
            try fixture.service.objects.add(
                "/org/example/thrower",
                [Thrower.interface.bound(to: thrower)]
            )
            let outcome = try await bus.python(
                """
                loop = GLib.MainLoop()
                def on_error(e):
                    print(e.get_dbus_name(), e.args[0], int(e.args[1]["nvme-status"]))
                    loop.quit()
                bus.call_async("org.example.Service", "/org/example/thrower", None, "Throw",
                               None, (), lambda: loop.quit(), on_error)
                loop.run()
                """
            )
            XCTAssertEqual(
                outcome.output,
                "org.example.Error.Device the drive said no 16386\n"
            )
        }
    }

    func testPythonSeesObjectsComeAndGo() throws {
        try withInstrument { bus, fixture in
            let objects = fixture.service.objects
            let watching = EventLoop.main.spawn {
                try await bus.python(
                    """
                    loop = GLib.MainLoop()
                    def on(*arguments, member=None, path=None):
                        plain = [str(a) if isinstance(a, str) else sorted(map(str, a)) for a in arguments]
                        print(member, path, *plain, flush=True)
                        if member == "InterfacesRemoved": loop.quit()
                    bus.add_signal_receiver(on, bus_name="org.example.Service",
                                            member_keyword="member", path_keyword="path")
                    bus.call_blocking("org.example.Service", "/org/example/instrument",
                                      "org.example.Instrument1", "Poke", None, ())
                    loop.run()
                    """
                )
            }
            try await until { fixture.instrument.pokes == 1 }
            try objects.add(
                "/org/example/new",
                [
                    Instrument.second.bound(to: fixture.instrument),
                    Instrument.interface.bound(to: fixture.instrument),
                ]
            )
            objects.propertiesChanged(
                "/org/example/new",
                interface: "org.example.Instrument1",
                ["Label", "Blob"]
            )
            objects.remove("/org/example/new")
            let outcome = try await watching.value
            XCTAssertEqual(
                outcome.output,
                """
                InterfacesAdded /org/example /org/example/new ['org.example.Instrument1', 'org.example.Second1']
                PropertiesChanged /org/example/new org.example.Instrument1 ['Label'] ['Blob']
                InterfacesRemoved /org/example /org/example/new ['org.example.Instrument1', 'org.example.Second1']

                """
            )
        }
    }
}
