import DBus
import EventLoop
import TestSupport
import XCTest

/// Values that nobody thought of: each comes back as it was sent or is refused, and the connection lives on.
final class RandomValueTests: XCTestCase {
    func testRandomValues() throws {
        try onBus { _, service, client in
            try service.objects.add("/echo", [EchoObject.interface.bound(to: EchoObject())])
            let name = try BusName(service.uniqueName)
            var refused = 0
            for seed in 0..<4000 {
                var source = ValueSource(seed: UInt64(seed), isHostile: seed % 2 == 0)
                let value = source.value(depth: 0)
                do throws(DBusError) {
                    let reply = try await client.call(
                        destination: name,
                        path: "/echo",
                        interface: "org.example.Echo1",
                        member: "Variant",
                        arguments: Variant(value)
                    )
                    XCTAssertEqual(try reply.read(Variant.self).value, value, "seed \(seed)")
                } catch {
                    refused += 1
                    XCTAssertTrue(source.isHostile, "seed \(seed): \(error)")
                }
                guard client.isOpen, service.isOpen else {
                    return XCTFail("seed \(seed) has cost the connection: \(value)")
                }
            }
            XCTAssertGreaterThan(refused, 100)
        }
    }
}

/// Makes random values; hostile ones break the rules of D-Bus here and there.
private struct ValueSource {
    var random: SeededGenerator
    let isHostile: Bool

    init(seed: UInt64, isHostile: Bool) {
        random = SeededGenerator(seed: seed)
        self.isHostile = isHostile
    }

    private mutating func number<T: FixedWidthInteger>() -> T {
        T.random(in: .min ... .max, using: &random)
    }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    mutating func value(depth: Int) -> Value {
        let limit = depth > 5 ? 13 : 18
        switch Int.random(in: 0..<limit, using: &random) {
        case 14: return array(depth)
        case 15: return dictionary(depth)
        case 16:
            let least = isHostile && chance(10) ? 0 : 1
            let count = Int.random(in: least..<5, using: &random)
            return .structure((0..<count).map { _ in value(depth: depth + 1) })
        case 17: return .variant(value(depth: depth + 1))
        case let kind: return basic(kind)
        }
    }

    private mutating func basic(_ kind: Int) -> Value {
        switch kind {
        case 0: .byte(number())
        case 1: .boolean(chance(50))
        case 2: .int16(number())
        case 3: .uint16(number())
        case 4: .int32(number())
        case 5: .uint32(number())
        case 6: .int64(number())
        case 7: .uint64(number())
        case 8: .double(Double.random(in: -1e300...1e300, using: &random))
        case 9: .objectPath(chance(50) ? "/" : "/a/b_1/C")
        case 10: .signature(chance(50) ? "" : "a{sv}(yv)")
        case 11: .bytes(random.bytes(Int.random(in: 0..<40, using: &random)))
        default: .string(text())
        }
    }

    private mutating func text() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<20, using: &random) {
            let least: UInt32 = isHostile && chance(10) ? 0 : 1
            let code = UInt32.random(in: least...(chance(50) ? 0x7F : 0x10_FFFF), using: &random)
            if isHostile, least == 0, chance(50) { text.unicodeScalars.append("\0") }
            if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    private mutating func array(_ depth: Int) -> Value {
        let first = value(depth: depth + 1)
        if case .byte(let byte) = first { return .bytes([byte]) }
        if isHostile, chance(20) { return .array(first.signature, [value(depth: depth + 1)]) }
        let count = Int.random(in: 0..<4, using: &random)
        return .array(first.signature, Array(repeating: first, count: count))
    }

    private mutating func dictionary(_ depth: Int) -> Value {
        let key = isHostile && chance(20) ? value(depth: depth + 1) : .uint32(number())
        let content = value(depth: depth + 1)
        return .dictionary(
            ValueDictionary(
                keySignature: key.signature,
                valueSignature: isHostile && chance(10) ? "s" : content.signature,
                entries: [.init(key: key, value: content)]
            )
        )
    }
}
