import DBus
import EventLoop
import TestSupport
import XCTest

/// Values of every type go to our service and come back, through a real bus.
final class RoundTripTests: XCTestCase {
    func testEveryType() throws {
        try onBus { _, service, client in
            service.limits.argumentsPerCall = 1 << 24
            service.limits.textPerCall = 1 << 24
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            let name = try BusName(service.uniqueName)

            @LoopActor
            func check<T: DBusType & Equatable>(
                _ member: String,
                _ values: T...,
                line: UInt = #line
            ) async throws {
                for value in values {
                    for suffix in ["", "Later"] {
                        let reply = try await client.call(
                            destination: name,
                            path: "/echo",
                            interface: "org.example.Echo1",
                            member: try MemberName(member + suffix),
                            arguments: value
                        )
                        XCTAssertEqual(reply.signature, T.signature, line: line)
                        XCTAssertEqual(try reply.read(T.self), value, line: line)
                        let dynamic = try reply.arguments()
                        XCTAssertEqual(dynamic.count, 1, line: line)
                        XCTAssertEqual(dynamic.first?.decode(T.self), value, line: line)
                        if member != "Dictionary" {
                            XCTAssertEqual(dynamic.first, value.dbusValue, line: line)
                        }
                    }
                }
            }

            try await check("Byte", UInt8.min, 1, UInt8.max)
            try await check("Boolean", true, false)
            try await check("Int16", Int16.min, -1, Int16.max)
            try await check("UInt16", UInt16.min, UInt16.max)
            try await check("Int32", Int32.min, -1, Int32.max)
            try await check("UInt32", UInt32.min, UInt32.max)
            try await check("Int64", Int64.min, -1, Int64.max)
            try await check("UInt64", UInt64.min, UInt64.max)
            try await check(
                "Double",
                0.0,
                -1.5,
                .infinity,
                -.infinity,
                .leastNonzeroMagnitude,
                .pi
            )
            try await check(
                "String",
                "",
                "a",
                "ünïcödé 𝄞",
                "\u{FFFE}\u{10FFFF}\u{1}",
                String(repeating: "long ", count: 20000)
            )
            try await check("ObjectPath", ObjectPath("/"), "/a/b_c/9")
            try await check("Signature", Signature.empty, "a{sv}(ii)", Signature("y"))
            try await check(
                "Variant",
                Variant("text"),
                Variant(UInt8(1)),
                Variant(Variant(Variant(2.5))),
                Variant([Structure("a", [UInt64(1)])]),
                Variant([String]()),
                Variant([UInt8]()),
                Variant([String: UInt8]()),
                Variant(["a": Variant(true)]),
                Variant(.array("a{sv}", [])),
                Variant(VariantDictionary())
            )
            try await check("Bytes", [UInt8](), [0], [UInt8](repeating: 0xA5, count: 100_000))
            try await check("Numbers", [UInt16](), [1, 2, 65535])
            try await check("Truths", [Bool](), [true, false, true])
            try await check("Doubles", [Double](), [1.5, -2.5])
            try await check("Strings", [String](), ["", "a", "b"])
            try await check("Matrix", [[Int32]](), [[]], [[1, 2], [], [-3]])
            try await check("Structure", Structure(UInt8(1), "two", Structure(3.5, [UInt8(4)])))
            try await check(
                "Structures",
                [Structure<String, String, String>](),
                [Structure("a", "b", "/c"), Structure("", "", "")]
            )
            try await check("Dictionary", [UInt16: [String]](), [1: ["a"], 2: [], 3: ["b", "c"]])
            try await check(
                "VariantDictionary",
                VariantDictionary(),
                ["z": .byte(1), "a": .variant(.string("x")), "b": .bytes([1, 2])]
            )
            try await check(
                "Tree",
                [ObjectPath: [String: VariantDictionary]](),
                ["/a": ["i.j": ["p": .uint32(1)]]]
            )
            try await check("Enumeration", Fruit.apple, .pear)
        }
    }

    func testNothingAndSeveral() throws {
        try onBus { _, service, client in
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            let name = try BusName(service.uniqueName)
            let nothing = try await client.call(
                destination: name,
                path: "/echo",
                interface: "org.example.Echo1",
                member: "Nothing"
            )
            XCTAssertEqual(nothing.signature, .empty)
            XCTAssertEqual(try nothing.arguments(), [])
            try nothing.read()
            let three = try await client.call(
                destination: name,
                path: "/echo",
                interface: "org.example.Echo1",
                member: "Three",
                arguments: UInt8(1),
                "b",
                [UInt8(2)]
            )
            let (c, b, a) = try three.read([UInt8].self, String.self, UInt8.self)
            XCTAssertEqual(c, [2])
            XCTAssertEqual(b, "b")
            XCTAssertEqual(a, 1)
            XCTAssertThrowsError(try three.read([UInt8].self))
            XCTAssertThrowsError(try three.read(String.self, String.self, UInt8.self))
        }
    }

    func testAnUnknownEnumerationIsRefused() throws {
        try onBus { _, service, client in
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            let name = try BusName(service.uniqueName)
            for member: MemberName in ["Enumeration", "EnumerationLater"] {
                let error = await thrownError {
                    _ = try await client.call(
                        destination: name,
                        path: "/echo",
                        interface: "org.example.Echo1",
                        member: member,
                        arguments: "plum"
                    )
                }
                XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.InvalidArgs")
                XCTAssertEqual(error?.message, "plum is not a known value")
            }
        }
    }
}
