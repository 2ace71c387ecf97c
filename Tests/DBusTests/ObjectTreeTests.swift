import DBus
import EventLoop
import TestSupport
import XCTest

final class ObjectTreeTests: XCTestCase {
    private static let manager: InterfaceName = "org.freedesktop.DBus.ObjectManager"

    /// The names of the interfaces of each object that the manager lists.
    @LoopActor
    private static func listed(
        _ client: Connection,
        _ name: BusName,
        at path: ObjectPath
    ) async throws -> [String: [String]] {
        let objects = try await client.managedObjects(at: path, on: name)
        return Dictionary(
            uniqueKeysWithValues: objects.map { ($0.key.string, $0.value.keys.sorted()) }
        )
    }

    func testManagedObjects() throws {
        try onBus { _, service, client in
            let instrument = Instrument()
            let name = try BusName(service.uniqueName)
            let objects = service.objects
            objects.addObjectManager(at: "/org/example")
            objects.addObjectManager(at: "/org/example/inner")
            var listed = try await Self.listed(client, name, at: "/org/example")
            XCTAssertEqual(listed, [:])
            for path: ObjectPath in [
                "/org/example", "/org/example/a", "/org/example/a/b/c", "/org/example/inner",
                "/org/example/inner/d", "/org/outside",
            ] {
                try objects.add(path, [Instrument.interface.bound(to: instrument)])
            }
            try objects.addInterfaces("/org/example/a", [Instrument.second.bound(to: instrument)])
            listed = try await Self.listed(client, name, at: "/org/example")
            XCTAssertEqual(
                listed,
                [
                    "/org/example/a": ["org.example.Instrument1", "org.example.Second1"],
                    "/org/example/a/b/c": ["org.example.Instrument1"],
                    "/org/example/inner": ["org.example.Instrument1"],
                ]
            )
            listed = try await Self.listed(client, name, at: "/org/example/inner")
            XCTAssertEqual(listed, ["/org/example/inner/d": ["org.example.Instrument1"]])
            let all = try await client.managedObjects(at: "/org/example", on: name)
            XCTAssertEqual(
                all["/org/example/a"]?["org.example.Second1"],
                ["Label": .string("second"), "Extra": .objectPath("/x")]
            )
        }
    }

    func testObjectsThatComeAndGo() throws {
        try onBus { _, service, client in
            let instrument = Instrument()
            let told = Told()
            try await client.subscribe(MatchRule(sender: try BusName(service.uniqueName))) {
                told.messages.append($0)
            }
            let objects = service.objects
            objects.addObjectManager(at: "/org/example")
            // Nobody is above these.
            try objects.add("/org/example", [Instrument.second.bound(to: instrument)])
            try objects.add("/elsewhere", [Instrument.second.bound(to: instrument)])
            objects.remove("/elsewhere")

            let path: ObjectPath = "/org/example/a/b"
            try objects.add(
                path,
                [
                    Instrument.interface.bound(to: instrument),
                    Instrument.second.bound(to: instrument),
                ]
            )
            objects.removeInterfaces(path, ["org.example.Second1", "org.example.Absent1"])
            objects.removeInterfaces(path, ["org.example.Second1"])
            try objects.addInterfaces(path, [Instrument.second.bound(to: instrument)])
            objects.remove(path)
            objects.remove(path)
            objects.remove("/absent")
            await service.flush(EventLoop.main.now + .seconds(20))
            try await until { told.messages.count >= 4 }

            XCTAssertEqual(
                told.messages.map(\.member),
                ["InterfacesAdded", "InterfacesRemoved", "InterfacesAdded", "InterfacesRemoved"]
            )
            XCTAssertTrue(told.messages.allSatisfy { $0.path == "/org/example" })
            XCTAssertTrue(told.messages.allSatisfy { $0.interface == Self.manager.string })
            let (added, contents) = try told.messages[0].read(
                ObjectPath.self,
                [String: VariantDictionary].self
            )
            XCTAssertEqual(added, path)
            XCTAssertEqual(
                contents.keys.sorted(),
                ["org.example.Instrument1", "org.example.Second1"]
            )
            XCTAssertEqual(
                contents["org.example.Instrument1"]?.keys,
                ["Label", "Reading", "Blob", "Serial", "Ticks", "Slow"]
            )
            let (_, removed) = try told.messages[1].read(ObjectPath.self, [String].self)
            XCTAssertEqual(removed, ["org.example.Second1"])
            let (gone, all) = try told.messages[3].read(ObjectPath.self, [String].self)
            XCTAssertEqual(gone, path)
            XCTAssertEqual(all, ["org.example.Instrument1", "org.example.Second1"])
        }
    }

    func testAPathThatIsTaken() throws {
        try onBus { _, service, _ in
            let instrument = Instrument()
            let objects = service.objects
            try objects.add("/a", [Instrument.interface.bound(to: instrument)])
            let error = await thrownError {
                try objects.add(
                    "/a",
                    [
                        Instrument.second.bound(to: instrument),
                        Instrument.interface.bound(to: instrument),
                    ]
                )
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.ObjectPathInUse")
            XCTAssertEqual(objects.interfaces(at: "/a"), ["org.example.Instrument1"])
            let twice = await thrownError {
                try objects.add(
                    "/b",
                    [
                        Instrument.second.bound(to: instrument),
                        Instrument.second.bound(to: instrument),
                    ]
                )
            }
            XCTAssertEqual(twice?.name, "org.freedesktop.DBus.Error.ObjectPathInUse")
            XCTAssertEqual(objects.interfaces(at: "/b"), [])
        }
    }

    func testIntermediatePathsComeAndGo() throws {
        try onBus { _, service, client in
            let name = try BusName(service.uniqueName)
            let objects = service.objects
            @LoopActor
            func children(_ path: ObjectPath) async throws -> [String]? {
                do throws(DBusError) {
                    let reply = try await client.call(
                        destination: name,
                        path: path,
                        interface: "org.freedesktop.DBus.Introspectable",
                        member: "Introspect"
                    )
                    return try reply.read(String.self).split(separator: "\n")
                        .filter { $0.hasPrefix("  <node") }.map(String.init)
                } catch {
                    XCTAssertEqual(error.name, "org.freedesktop.DBus.Error.UnknownObject")
                    return nil
                }
            }
            var found = try await children("/")
            XCTAssertEqual(found, [])
            let second = Instrument.second.bound(to: Instrument())
            for path: ObjectPath in ["/a/b/c/d", "/a/b", "/a/x"] { try objects.add(path, [second]) }
            found = try await children("/")
            XCTAssertEqual(found, [#"  <node name="a"/>"#])
            found = try await children("/a")
            XCTAssertEqual(found, [#"  <node name="b"/>"#, #"  <node name="x"/>"#])
            found = try await children("/a/b/c")
            XCTAssertEqual(found, [#"  <node name="d"/>"#])
            objects.remove("/a/b")
            found = try await children("/a/b")
            XCTAssertEqual(found, [#"  <node name="c"/>"#])
            objects.remove("/a/b/c/d")
            found = try await children("/a/b")
            XCTAssertNil(found)
            objects.removeSubtree("/a")
            found = try await children("/a")
            XCTAssertNil(found)
            found = try await children("/")
            XCTAssertEqual(found, [])
        }
    }

    func testASubtreeIsRemovedFromBelow() throws {
        try onBus { _, service, client in
            let told = Told()
            try await client.subscribe(
                MatchRule(interface: Self.manager, member: "InterfacesRemoved")
            ) { message in
                told.texts.append(
                    (try? message.read(ObjectPath.self, [String].self).0.string) ?? ""
                )
            }
            let second = Instrument.second.bound(to: Instrument())
            service.objects.addObjectManager(at: "/")
            for path: ObjectPath in ["/a", "/a/b", "/a/b/c", "/a/d"] {
                try service.objects.add(path, [second])
            }
            service.objects.removeSubtree("/a")
            try await until { told.texts.count == 4 }
            XCTAssertEqual(told.texts, ["/a/b/c", "/a/b", "/a/d", "/a"])
        }
    }
}
