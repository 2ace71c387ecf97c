import DBus
import EventLoop
import TestSupport
import XCTest

/// libdbus ends the process, and the bus the connection, over what must not be sent.
///
/// Each test sends something good afterwards over the same connection.
final class HostileValueTests: XCTestCase {
    private func withEcho(
        _ body: @escaping @LoopActor @Sendable (Connection, BusName) async throws -> Void
    ) throws {
        try onBus { _, service, client in
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            let name = try BusName(service.uniqueName)
            try await body(client, name)
            let reply = try await client.call(
                destination: name,
                path: "/echo",
                interface: "org.example.Echo1",
                member: "Byte",
                arguments: UInt8(7)
            )
            XCTAssertEqual(try reply.read(UInt8.self), 7)
            XCTAssertTrue(client.isOpen && service.isOpen)
        }
    }

    /// What sending a variant with the value fails with; nil when it goes through.
    @LoopActor
    private static func failure(
        _ value: Value,
        _ client: Connection,
        _ name: BusName
    ) async -> DBusError? {
        do throws(DBusError) {
            let reply = try await client.call(
                destination: name,
                path: "/echo",
                interface: "org.example.Echo1",
                member: "Variant",
                arguments: Variant(value)
            )
            XCTAssertEqual(try reply.read(Variant.self).value, value)
            return nil
        } catch {
            return error
        }
    }

    func testStringsWithNul() throws {
        try withEcho { client, name in
            let values: [Value] = [
                .string("a\0b"), .string("\0"), .array("s", [.string("ok"), .string("\0")]),
                .variant(.structure([.byte(1), .string("\0")])),
            ]
            for value in values {
                let error = await Self.failure(value, client, name)
                XCTAssertEqual(error?.message, "a string with U+0000 cannot be sent")
            }
        }
    }

    func testValuesThatAreNotWhatTheirContainerSays() throws {
        try withEcho { client, name in
            let dictionary = { (key: Signature, value: Signature, entry: ValueDictionary.Entry?) in
                Value.dictionary(
                    ValueDictionary(
                        keySignature: key,
                        valueSignature: value,
                        entries: entry.map { [$0] } ?? []
                    )
                )
            }
            let values: [Value] = [
                .structure([]), .array("s", [.byte(1)]), .array("", []), .array("ss", []),
                .array("ai", [.array("s", [])]), .array("(yy)", [.structure([.byte(1)])]),
                .variant(.variant(.structure([]))), .structure([.structure([])]),
                dictionary("s", "", nil), dictionary("", "s", nil), dictionary("as", "s", nil),
                dictionary("v", "s", nil), dictionary("ss", "s", nil),
                dictionary("s", "s", .init(key: .byte(1), value: .string(""))),
                dictionary("s", "s", .init(key: .string(""), value: .byte(1))),
            ]
            for value in values {
                let error = await Self.failure(value, client, name)
                XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.Failed", "\(value)")
            }
        }
    }

    func testNestingToTheLimitAndBeyond() throws {
        try withEcho { client, name in
            // The variant around it is the first of 64 containers.
            var value = Value.byte(1)
            for _ in 0..<63 { value = .variant(value) }
            var error = await Self.failure(value, client, name)
            XCTAssertNil(error)
            error = await Self.failure(.variant(value), client, name)
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")

            value = .byte(1)
            for _ in 0..<32 { value = .structure([value]) }
            error = await Self.failure(value, client, name)
            XCTAssertNil(error)
            error = await Self.failure(.structure([value]), client, name)
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.Failed")

            // The variant, 31 arrays of arrays, and bytes in the innermost.
            value = .bytes([1])
            for _ in 0..<31 { value = .array(value.signature, [value]) }
            error = await Self.failure(value, client, name)
            XCTAssertNil(error)
            error = await Self.failure(.array(value.signature, [value]), client, name)
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.Failed")
        }
    }

    func testTypesTooLongForASignature() throws {
        try withEcho { client, name in
            var error = await Self.failure(
                .structure(Array(repeating: .byte(1), count: 253)),
                client,
                name
            )
            XCTAssertNil(error)
            error = await Self.failure(
                .structure(Array(repeating: .byte(1), count: 254)),
                client,
                name
            )
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.Failed")
        }
    }

    func testMessagesToTheLimitAndBeyond() throws {
        try withEcho { client, name in
            client.limits.messageSize = 1000
            // Signature "ay" takes 1 + 2 + 1 bytes, the length of the array 4.
            var error = await Self.failure(.bytes([UInt8](repeating: 1, count: 992)), client, name)
            XCTAssertNil(error)
            error = await Self.failure(.bytes([UInt8](repeating: 1, count: 993)), client, name)
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
            error = await Self.failure(
                .array("s", Array(repeating: .string("123"), count: 200)),
                client,
                name
            )
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
            client.limits.messageSize = .max
            error = await Self.failure(
                .bytes([UInt8](repeating: 1, count: 1 << 26)),
                client,
                name
            )
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
        }
    }

    func testALargeReplyBecomesAnError() throws {
        try onBus { _, service, client in
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            service.limits.messageSize = 100
            for member: MemberName in ["Bytes", "BytesLater"] {
                let error = await thrownError {
                    _ = try await client.call(
                        destination: try BusName(service.uniqueName),
                        path: "/echo",
                        interface: "org.example.Echo1",
                        member: member,
                        arguments: [UInt8](repeating: 0, count: 100)
                    )
                }
                XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
            }
        }
    }

    func testACallOfMoreValuesThanAllowedIsRefused() throws {
        try onBus { _, service, client in
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            service.limits.valuesPerCall = 100
            let many = [String](repeating: "", count: 100)
            let error = await thrownError {
                _ = try await client.call(
                    destination: try BusName(service.uniqueName),
                    path: "/echo",
                    interface: "org.example.Echo1",
                    member: "Variant",
                    arguments: Variant(many)
                )
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
        }
    }

    func testAnErrorThatCannotBeSentIsMended() throws {
        try onBus { _, service, client in
            let thrower = Thrower()
            try service.objects.add("/thrower", [Thrower.interface.bound(to: thrower)])
            @LoopActor
            func thrown(_ error: DBusError) async -> DBusError? {
                thrower.error = error
                return await thrownError {
                    _ = try await client.call(
                        destination: try BusName(service.uniqueName),
                        path: "/thrower",
                        interface: "org.example.Thrower1",
                        member: "Throw"
                    )
                }
            }
            var error = await thrown(DBusError(name: "not a name", message: "text"))
            XCTAssertEqual(error, .failed("text"))
            error = await thrown(DBusError(name: "a.b", message: "te\0xt"))
            XCTAssertEqual(error, DBusError(name: "a.b", message: "text"))
            error = await thrown(
                DBusError(name: "a.b", message: "m", details: ["x": .string("\0")])
            )
            XCTAssertEqual(error, DBusError(name: "a.b", message: "m"))
            error = await thrown(
                DBusError(name: "a.b", message: "m", details: ["code": .uint16(3)])
            )
            XCTAssertEqual(
                error,
                DBusError(name: "a.b", message: "m", details: ["code": .uint16(3)])
            )
        }
    }
}

@LoopActor
final class Thrower {
    var error = DBusError.failed("")

    static let interface = Interface<Thrower>("org.example.Thrower1", documentation: "Throws.") {
        Method("Throw", "Throws.") { (thrower: Thrower, _: Invocation) async throws in
            throw thrower.error
        }
    }
}
