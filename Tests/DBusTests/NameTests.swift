import DBus
import XCTest

final class NameTests: XCTestCase {
    func testObjectPaths() {
        for path in ["/", "/a", "/a/b", "/_/9/Az_0", "/" + String(repeating: "x", count: 300)] {
            XCTAssertEqual(try ObjectPath(path).string, path)
        }
        for path in ["", "a", "a/b", "/a/", "//", "/a//b", "/a-b", "/a.b", "/ä", "/a\0", "/a b"] {
            XCTAssertThrowsError(try ObjectPath(path), path)
        }
    }

    func testBusNames() {
        for name in ["a.b", "org.example.Foo-Bar", "_a._b", ":1.0", ":1.42", "org.x_1.y2"] {
            XCTAssertEqual(try BusName(name).string, name)
        }
        let tooLong = "a." + String(repeating: "b", count: 254)
        for name in ["", "a", ".a.b", "a.b.", "a..b", "a.1b", ":", ":1", "a.b\0", "a.ü", tooLong] {
            XCTAssertThrowsError(try BusName(name), name)
        }
        XCTAssertTrue(BusName(":1.5").isUnique)
        XCTAssertFalse(BusName("a.b").isUnique)
    }

    func testInterfaceNames() {
        for name in ["a.b", "org.freedesktop.DBus", "_._", "a.b1"] {
            XCTAssertEqual(try InterfaceName(name).string, name)
        }
        let tooLong = "a." + String(repeating: "b", count: 254)
        for name in ["", "a", "a.", ".a", "a-b.c", "1a.b", "a.1b", "a..b", ":1.1", tooLong] {
            XCTAssertThrowsError(try InterfaceName(name), name)
        }
    }

    func testMemberNames() {
        for name in ["a", "Get", "_1", "A_b9", String(repeating: "m", count: 255)] {
            XCTAssertEqual(try MemberName(name).string, name)
        }
        for name in ["", "1a", "a.b", "a-b", "a b", "é", "a\0", String(repeating: "m", count: 256)]
        {
            XCTAssertThrowsError(try MemberName(name), name)
        }
    }

    func testWalkingPaths() throws {
        XCTAssertNil(ObjectPath.root.parent)
        XCTAssertEqual(ObjectPath("/a").parent, "/")
        XCTAssertEqual(ObjectPath("/a/bc").parent, "/a")
        XCTAssertEqual(ObjectPath("/a/bc").lastElement, "bc")
        XCTAssertEqual(ObjectPath.root.lastElement, "")
        XCTAssertEqual(try ObjectPath.root.appending("a").appending("b"), "/a/b")
        XCTAssertThrowsError(try ObjectPath.root.appending("a/../b"))
        XCTAssertTrue(ObjectPath("/a/b").isDescendant(of: "/a"))
        XCTAssertTrue(ObjectPath("/a").isDescendant(of: "/"))
        XCTAssertFalse(ObjectPath("/a").isDescendant(of: "/a"))
        XCTAssertFalse(ObjectPath("/ab").isDescendant(of: "/a"))
        XCTAssertFalse(ObjectPath.root.isDescendant(of: "/"))
    }

    func testSignatures() {
        let deepestArray = String(repeating: "a", count: 32) + "y"
        let deepestStructure =
            String(repeating: "(", count: 32) + "y" + String(repeating: ")", count: 32)
        let longest = String(repeating: "y", count: 255)
        let valid = [
            "", "y", "ybnqiuxtdsogh", "v", "as", "a{sv}", "a{oa{sa{sv}}}", "(i)", "(ia(ss)v)",
            "aaay", "a(yy)", deepestArray, deepestStructure, longest,
        ]
        for text in valid { XCTAssertEqual(try Signature(text).string, text) }
        let invalid = [
            "a", "(", ")", "()", "(i", "i)", "{sv}", "a{s}", "a{vs}", "a{(i)s}", "a{svs}", "a{sv",
            "e", "r", "z", "a{}", "m", "a{sa}", "\0", "ä", "a" + deepestArray,
            "(" + deepestStructure + ")", longest + "y",
        ]
        for text in invalid { XCTAssertThrowsError(try Signature(text), text) }
    }

    func testCompleteTypes() {
        let signature: Signature = "sa{sv}(ii)aay"
        XCTAssertEqual(signature.completeTypes, ["s", "a{sv}", "(ii)", "aay"])
        XCTAssertFalse(signature.isCompleteType)
        XCTAssertFalse(Signature.empty.isCompleteType)
        XCTAssertTrue(Signature("a{sv}").isCompleteType)
    }
}
