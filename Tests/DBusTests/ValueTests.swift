import DBus
import XCTest

final class ValueTests: XCTestCase {
    func testSwiftTypesSayTheirSignatures() {
        XCTAssertEqual(UInt8.signature, "y")
        XCTAssertEqual([UInt8].signature, "ay")
        XCTAssertEqual([String: [[UInt16]]].signature, "a{saaq}")
        XCTAssertEqual(VariantDictionary.signature, "a{sv}")
        XCTAssertEqual([Structure<String, Structure<Bool, Double>, Variant>].signature, "a(s(bd)v)")
        XCTAssertEqual(FileDescriptorHandle.signature, "h")
        XCTAssertEqual([ObjectPath: [String: VariantDictionary]].signature, "a{oa{sa{sv}}}")
        XCTAssertEqual(Fruit.signature, "s")
    }

    func testSwiftValuesAreDynamicValuesAndBack() {
        assertConverts(UInt8(5), .byte(5))
        assertConverts(true, .boolean(true))
        assertConverts(Int16(-5), .int16(-5))
        assertConverts(UInt16(5), .uint16(5))
        assertConverts(Int32(-5), .int32(-5))
        assertConverts(UInt32(5), .uint32(5))
        assertConverts(Int64(-5), .int64(-5))
        assertConverts(UInt64(5), .uint64(5))
        assertConverts(2.5, .double(2.5))
        assertConverts("text", .string("text"))
        assertConverts(ObjectPath("/a"), .objectPath("/a"))
        assertConverts(Signature("as"), .signature("as"))
        assertConverts([UInt8(1), 2], .bytes([1, 2]))
        assertConverts([UInt16(1), 2], .array("q", [.uint16(1), .uint16(2)]))
        assertConverts([[UInt8(1)], []], .array("ay", [.bytes([1]), .bytes([])]))
        assertConverts([String](), .array("s", []))
        assertConverts(Structure("a", UInt8(1)), .structure([.string("a"), .byte(1)]))
        assertConverts(Variant("a"), .variant(.string("a")))
        assertConverts(
            ["k": UInt8(1)],
            .dictionary(
                ValueDictionary(
                    keySignature: "s",
                    valueSignature: "y",
                    entries: [.init(key: .string("k"), value: .byte(1))]
                )
            )
        )
        assertConverts(["k": .byte(1), "a": .bytes([])] as VariantDictionary)
        assertConverts(Fruit.pear, .string("pear"))
    }

    private func assertConverts<T: DBusType & Equatable>(
        _ swift: T,
        _ dynamic: Value? = nil,
        line: UInt = #line
    ) {
        let value = swift.dbusValue
        if let dynamic { XCTAssertEqual(value, dynamic, line: line) }
        XCTAssertEqual(value.signature, T.signature, line: line)
        XCTAssertEqual(value.decode(T.self), swift, line: line)
    }

    func testAValueOfAnotherTypeIsNotDecoded() {
        XCTAssertNil(Value.byte(1).decode(UInt16.self))
        XCTAssertNil(Value.string("x").decode(ObjectPath.self))
        XCTAssertNil(Value.array("s", []).decode([UInt32].self))
        XCTAssertNil(Value.structure([.byte(1)]).decode(Structure<UInt8, UInt8>.self))
        XCTAssertNil(Value.structure([.byte(1), .byte(2)]).decode(Structure<UInt8, Bool>.self))
        XCTAssertNil(Value.variant(.byte(1)).decode(UInt8.self))
        XCTAssertNil(Value.string("plum").decode(Fruit.self))
    }

    func testWhatIsFedDiffersWithTheValue() {
        func fed<T: DBusType>(_ value: T) -> Int {
            var hasher = Hasher()
            value.feed(&hasher)
            return hasher.finalize()
        }
        let texts = ["", "a", "b"]
        for (left, right) in texts.flatMap({ left in texts.map { (left, $0) } }) {
            XCTAssertEqual(fed([left]) == fed([right]), left == right)
            XCTAssertEqual(
                fed(Structure(left, UInt8(1))) == fed(Structure(right, UInt8(1))),
                left == right
            )
            XCTAssertEqual(fed([Structure(left)]) == fed([Structure(right)]), left == right)
            XCTAssertEqual(fed(Variant(left)) == fed(Variant(right)), left == right)
            XCTAssertEqual(
                fed(["k": .string(left)] as VariantDictionary)
                    == fed(["k": .string(right)] as VariantDictionary),
                left == right
            )
        }
        XCTAssertNotEqual(fed([["a"], ["b"]]), fed([["a", "b"], []]))
        XCTAssertNotEqual(fed([UInt8]()), fed([UInt8(0)]))
    }

    func testVariantDictionaryKeepsItsOrder() {
        var dictionary: VariantDictionary = ["z": .byte(1), "a": .byte(2), "z": .byte(3)]
        XCTAssertEqual(dictionary.keys, ["z", "a"])
        XCTAssertEqual(dictionary["z"], .byte(3))
        dictionary.set("m", "text")
        dictionary["a"] = nil
        dictionary["absent"] = nil
        XCTAssertEqual(dictionary.map(\.key), ["z", "m"])
        XCTAssertEqual(dictionary.count, 2)
        XCTAssertEqual(dictionary["m"]?.decode(String.self), "text")
        XCTAssertEqual(
            ["a": .byte(1), "b": .byte(2)],
            ["b": .byte(2), "a": .byte(1)] as VariantDictionary
        )
    }
}

enum Fruit: String, DBusType {
    case apple, pear
}
