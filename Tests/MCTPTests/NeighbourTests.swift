import EventLoop
import TestSupport
import XCTest

@testable import MCTP

/// The kernel's table of Self.neighbours, as rtnetlink tells it.
final class NeighbourTests: XCTestCase {
    func testQuestions() {
        // nlmsghdr: length, type, flags (request, all of them), sequence, sender; then the family first.
        XCTAssertEqual(
            RouteNetlink.Question.neighbours.message,
            Self.little(28, 4) + Self.little(30, 2) + Self.little(0x301, 2) + Self.little(0, 8)
                + [45] + [UInt8](repeating: 0, count: 11)
        )
        // IFLA_EXT_MASK (29): no statistics.
        XCTAssertEqual(
            RouteNetlink.Question.interfaces.message,
            Self.little(40, 4) + Self.little(18, 2) + Self.little(0x301, 2) + Self.little(0, 8)
                + [UInt8](repeating: 0, count: 16) + Self.little(8, 2) + Self.little(29, 2)
                + Self.little(8, 4)
        )
    }

    func testAnswers() {
        XCTAssertEqual(
            RouteNetlink.interfaces(in: Self.links),
            [
                .init(index: 4, name: "mctpi2c6", network: NetworkID(1)),
                .init(index: 7, name: "mctpserial0", network: NetworkID(3)),
            ]
        )
        XCTAssertEqual(
            RouteNetlink.neighbours(in: Self.neighbours),
            [
                .init(index: 4, endpoint: EndpointID(9), address: [0x1D]),
                .init(index: 7, endpoint: EndpointID(9), address: []),
                .init(index: 99, endpoint: EndpointID(10), address: [0x20]),
            ]
        )
        XCTAssertTrue(RouteNetlink.isEnd(Self.neighbours))
        XCTAssertTrue(RouteNetlink.isEnd(Self.message(2, Self.little(UInt32(bitPattern: -95), 4))))
        XCTAssertFalse(RouteNetlink.isEnd(Array(Self.neighbours.dropLast(20))))
        XCTAssertFalse(RouteNetlink.isEnd([]))
    }

    func testPhysicalAddresses() throws {
        try runLoop {
            let known = KernelNeighbours { $0 == .interfaces ? Self.links : Self.neighbours }
            XCTAssertEqual(known.text(1, 9), "mctpi2c6 0x1d")
            XCTAssertEqual(known.text(3, 9), "mctpserial0")
            // An interface that is gone, another network, nobody.
            XCTAssertNil(known.text(1, 10))
            XCTAssertNil(known.text(2, 9))
        }
    }

    func testKernelThatTellsNothing() throws {
        let asked = try runLoop(virtualClock: true) {
            var asked = 0
            let known = KernelNeighbours { _ in
                asked += 1
                return nil
            }
            for eid in UInt8(8)...100 { XCTAssertNil(known.text(1, eid)) }
            return asked
        }
        XCTAssertEqual(asked, 1)
    }

    func testManyAreReadAtOnce() throws {
        let asked = try runLoop(virtualClock: true) {
            var asked = 0
            let table = (UInt8(8)...200).reduce([]) { $0 + Self.neighbour(4, $1, [$1]) } + Self.end
            let known = KernelNeighbours { question in
                asked += 1
                return question == .interfaces ? Self.links : table
            }
            for eid in UInt8(8)...200 {
                XCTAssertEqual(known.physicalAddress(of: .at(1, eid))?.bytes, [eid])
            }
            return asked
        }
        XCTAssertEqual(asked, 2)
    }

    func testHostileAnswersEnd() {
        var generator = SystemRandomNumberGenerator()
        for whole in [Self.links, Self.neighbours] {
            for length in whole.indices {
                _ = RouteNetlink.interfaces(in: Array(whole.prefix(length)))
                _ = RouteNetlink.neighbours(in: Array(whole.prefix(length)))
            }
            for _ in 0..<2000 {
                var changed = whole
                for _ in 0..<4 {
                    changed[Int.random(in: changed.indices)] = UInt8.random(
                        in: 0...255,
                        using: &generator
                    )
                }
                _ = RouteNetlink.interfaces(in: changed)
                _ = RouteNetlink.neighbours(in: changed)
                _ = RouteNetlink.isEnd(changed)
            }
        }
    }

    func testTextOfAPhysicalAddress() {
        XCTAssertEqual(PhysicalAddress.text([0x0D]), "0x0d")
        XCTAssertEqual(PhysicalAddress.text([0, 0x1A]), "00:1a")
        XCTAssertEqual(PhysicalAddress.bytes("00:1a"), [0, 0x1A])
        XCTAssertEqual(PhysicalAddress.bytes("0xd"), [0x0D])
        XCTAssertNil(PhysicalAddress.bytes(Array(repeating: "1", count: 33).joined(separator: ":")))
    }

    // MARK: What the kernel tells

    private static func little(_ number: UInt32, _ size: Int) -> [UInt8] {
        (0..<size).map { $0 < 4 ? UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) : 0 }
    }

    private static func message(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        little(UInt32(16 + body.count), 4) + little(type, 2) + little(2, 2) + little(0, 8) + body
    }

    private static func attribute(_ kind: UInt32, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: -value.count & 3)
        return little(UInt32(4 + value.count), 2) + little(kind, 2) + value + padding
    }

    private static func link(_ index: UInt32, _ name: String, _ families: [UInt8]) -> [UInt8] {
        // ifinfomsg: family, hardware type (MCTP), index, flags, changes.
        message(
            16,
            [0, 0] + little(290, 2) + little(index, 4) + little(0x41, 4) + little(0, 4)
                + attribute(3, Array(name.utf8) + [0]) + attribute(4, little(68, 4))
                + attribute(26, families)
        )
    }

    private static func neighbour(_ index: UInt32, _ eid: UInt8, _ address: [UInt8]) -> [UInt8] {
        // ndmsg: family, interface's index, state, flags, type.
        message(
            28,
            [45, 0, 0, 0] + little(index, 4) + little(0, 4) + attribute(2, address)
                + attribute(1, [eid])
        )
    }

    private static var end: [UInt8] { message(3, little(0, 4)) }

    private static var links: [UInt8] {
        link(2, "eth0", attribute(2, little(0, 8)))
            + link(4, "mctpi2c6", attribute(45 | 0x8000, attribute(1, little(1, 4))))
            + link(
                7,
                "mctpserial0",
                attribute(10, little(1, 4)) + attribute(45, attribute(1, little(3, 4)))
            ) + end
    }

    private static var neighbours: [UInt8] {
        neighbour(4, 9, [0x1D]) + neighbour(7, 9, []) + neighbour(99, 10, [0x20])
            // Another family's, and one without an endpoint ID.
            + message(
                28,
                [2, 0, 0, 0] + little(4, 4) + little(0, 4) + attribute(1, [10, 0, 0, 1])
            )
            + message(28, [45, 0, 0, 0] + little(4, 4) + little(0, 4) + attribute(2, [0x22])) + end
    }
}

extension EndpointAddress {
    fileprivate static func at(_ network: UInt32, _ eid: UInt8) -> EndpointAddress {
        EndpointAddress(network: NetworkID(network), endpoint: EndpointID(eid))
    }
}

extension KernelNeighbours {
    fileprivate func text(_ network: UInt32, _ eid: UInt8) -> String? {
        physicalAddress(of: .at(network, eid))?.description
    }
}
