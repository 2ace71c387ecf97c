import DBus
import EventLoop
import TestSupport
import XCTest

final class InterfaceXMLTests: XCTestCase {
    private static let limits = Interface<Instrument>(
        "org.example.Limits1",
        documentation: """
            Says <what> & "how much" -- and -->never--- more.

            The second paragraph is so long that it has to be broken between its words, because \
            nobody likes to read a line that goes on and on.
            """
    ) {
        Property("Maximum", "In volts.", .constant) { (_: Instrument) in 5.5 }
        Property("State", "", .emitsChange) { (_: Instrument) in "on" }
        Property("Log", "Long.", .invalidates) { (_: Instrument) in [UInt8]() }
            .annotated(.deprecated)
        Property(
            "Level",
            "Set it.",
            .noSignal,
            get: { (_: Instrument) in UInt16(1) },
            set: { (_: Instrument, _: Invocation, _: UInt16) in }
        )
        Method("Raise", "Makes it more.", in: ["by", "options"], out: ["level"]) {
            (_: Instrument, _: Invocation, _: UInt16, _: VariantDictionary) async -> UInt16 in 1
        }.annotated(Annotation("org.example.Note", "a < b"))
        Method("Reset", "") { (_: Instrument, _: Invocation) async in }
        Signal("Passed", "It went too far.", Parameter<Double>("value"), Parameter<String>("why"))
            .annotated(.deprecated)
        Signal("Nothing", "")
    }

    func testADocument() {
        XCTAssertEqual(
            InterfaceXML.document(for: Self.limits),
            #"""
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
            <node>
              <!--
                Says <what> & "how much" - - and - ->never- - - more.

                The second paragraph is so long that it has to be broken between its words, because nobody likes
                to read a line that goes on and on.
              -->
              <interface name="org.example.Limits1">
                <!-- Makes it more. -->
                <method name="Raise">
                  <arg name="by" type="q" direction="in"/>
                  <arg name="options" type="a{sv}" direction="in"/>
                  <arg name="level" type="q" direction="out"/>
                  <annotation name="org.example.Note" value="a &lt; b"/>
                </method>
                <method name="Reset"/>
                <!-- In volts. -->
                <property name="Maximum" type="d" access="read">
                  <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="const"/>
                </property>
                <property name="State" type="s" access="read"/>
                <!-- Long. -->
                <property name="Log" type="ay" access="read">
                  <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="invalidates"/>
                  <annotation name="org.freedesktop.DBus.Deprecated" value="true"/>
                </property>
                <!-- Set it. -->
                <property name="Level" type="q" access="readwrite">
                  <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="false"/>
                </property>
                <!-- It went too far. -->
                <signal name="Passed">
                  <arg name="value" type="d"/>
                  <arg name="why" type="s"/>
                  <annotation name="org.freedesktop.DBus.Deprecated" value="true"/>
                </signal>
                <signal name="Nothing"/>
              </interface>
            </node>

            """#
        )
    }

    /// What an object says of itself is the document without its comments.
    func testLiveIntrospectionIsTheDocument() throws {
        try onBus { _, service, client in
            try service.objects.add("/a", [Self.limits.bound(to: Instrument())])
            let reply = try await client.call(
                destination: try BusName(service.uniqueName),
                path: "/a",
                interface: "org.freedesktop.DBus.Introspectable",
                member: "Introspect"
            )
            let live = try reply.read(String.self)
            let element = try XCTUnwrap(Self.element(of: live))
            let document = try XCTUnwrap(Self.element(of: InterfaceXML.document(for: Self.limits)))
            XCTAssertEqual(element, document.filter { !$0.hasPrefix("    <!--") })
            XCTAssertFalse(live.contains("<!--"))
            for interface in ["Properties", "Introspectable", "Peer"] {
                XCTAssertTrue(
                    live.contains("<interface name=\"org.freedesktop.DBus.\(interface)\">")
                )
            }
            XCTAssertFalse(live.contains("ObjectManager"))
        }
    }

    /// The lines of the first interface of a node.
    private static func element(of node: String) -> [Substring]? {
        let lines = node.split(separator: "\n")
        guard let first = lines.firstIndex(where: { $0.hasPrefix("  <interface") }),
            let last = lines.firstIndex(of: "  </interface>")
        else { return nil }
        return Array(lines[first...last])
    }

    func testOthersReadTheDocument() throws {
        try runLoop {
            let script = """
                import sys, xml.etree.ElementTree as tree
                node = tree.fromstring(sys.argv[1])
                for e in node.iter(): print(e.tag, e.get("name"), e.get("type"), e.get("value"))
                """
            let outcome = try await ChildProcess.run([
                "/usr/bin/python3", "-c", script, InterfaceXML.document(for: Self.limits),
            ])
            XCTAssertEqual(outcome.status, 0, outcome.output)
            XCTAssertTrue(outcome.output.contains("annotation org.example.Note None a < b"))
        }
    }
}
