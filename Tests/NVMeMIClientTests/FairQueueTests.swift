import XCTest

@testable import NVMeMIClient

final class FairQueueTests: XCTestCase {
    private func drain(_ queue: inout FairQueue<String>) -> [String] {
        var order: [String] = []
        while let element = queue.next() { order.append(element) }
        return order
    }

    func testHigherPriorityGoesFirst() throws {
        var queue = FairQueue<String>(limit: 10, limitPerSender: 10)
        _ = try queue.append("bulk", priority: .bulk, sender: "a")
        _ = try queue.append("health", priority: .health, sender: "a")
        _ = try queue.append("interactive", priority: .interactive, sender: "a")
        _ = try queue.append("control", priority: .control, sender: "a")
        XCTAssertEqual(drain(&queue), ["control", "health", "interactive", "bulk"])
        XCTAssertTrue(queue.isEmpty)
    }

    func testSendersTakeTurnsHoweverManyOneHasQueued() throws {
        var queue = FairQueue<String>(limit: 10, limitPerSender: 10)
        for index in 1...4 {
            _ = try queue.append("a\(index)", priority: .interactive, sender: "a")
        }
        _ = try queue.append("b1", priority: .interactive, sender: "b")
        _ = try queue.append("c1", priority: .interactive, sender: "c")
        XCTAssertEqual(drain(&queue), ["a1", "b1", "c1", "a2", "a3", "a4"])
    }

    /// How many elements of a flood are served before a less urgent one.
    private func servedCount(
        underFloodOf urgent: CommandPriority,
        _ meanwhile: (inout FairQueue<String>) -> Void = { _ in }
    ) throws -> Int {
        var queue = FairQueue<String>(limit: 100, limitPerSender: 100)
        _ = try queue.append("bulk", priority: .bulk, sender: "a")
        for count in 0..<100 {
            _ = try queue.append("urgent", priority: urgent, sender: "b")
            meanwhile(&queue)
            if queue.next() == "bulk" { return count }
        }
        return 100
    }

    func testFloodOfUrgentElementsDoesNotStopTheOthers() throws {
        XCTAssertEqual(try servedCount(underFloodOf: .health), FairQueue<String>.patience)
    }

    func testAskingForWhatIsNotThereForgetsNobody() throws {
        let count = try servedCount(underFloodOf: .interactive) { queue in
            // As for slot 1, which is for urgent commands only.
            XCTAssertNil(queue.next { $0 == "health" })
        }
        XCTAssertEqual(count, FairQueue<String>.patience)
    }

    func testElementThatReturnsIsNextAgainWhateverTheLimits() throws {
        var queue = FairQueue<String>(limit: 3, limitPerSender: 2)
        for (element, sender) in [("a1", "a"), ("a2", "a"), ("b1", "b")] {
            _ = try queue.append(element, priority: .health, sender: sender)
        }
        let element = try XCTUnwrap(queue.next())
        _ = try queue.append("b2", priority: .health, sender: "b")
        _ = try queue.append(element, priority: .health, sender: "a", isReturning: true)
        XCTAssertEqual(drain(&queue), ["a1", "b1", "a2", "b2"])
    }

    func testTheDaemonsOwnElementsAreAlwaysTaken() throws {
        var queue = FairQueue<Int>(limit: 1, limitPerSender: 1)
        _ = try queue.append(1, priority: .bulk, sender: "a")
        _ = try queue.append(2, priority: .control, sender: "")
        _ = try queue.append(3, priority: .health, sender: "")
        XCTAssertEqual([queue.next(), queue.next(), queue.next(), queue.next()], [2, 3, 1, nil])
    }

    func testLimitOfTheQueue() throws {
        var queue = FairQueue<Int>(limit: 2, limitPerSender: 2)
        _ = try queue.append(1, priority: .bulk, sender: "a")
        _ = try queue.append(2, priority: .bulk, sender: "b")
        XCTAssertThrowsError(try queue.append(3, priority: .control, sender: "c")) {
            XCTAssertEqual($0 as? QueueRefusal, .full(limit: 2))
        }
        XCTAssertEqual(queue.count, 2)
    }

    func testLimitOfOneSenderCountsAllItsPriorities() throws {
        var queue = FairQueue<Int>(limit: 10, limitPerSender: 2)
        _ = try queue.append(1, priority: .bulk, sender: "a")
        _ = try queue.append(2, priority: .health, sender: "a")
        XCTAssertThrowsError(try queue.append(3, priority: .interactive, sender: "a")) {
            XCTAssertEqual($0 as? QueueRefusal, .senderFull(limit: 2))
        }
        XCTAssertNoThrow(try queue.append(4, priority: .interactive, sender: "b"))
    }

    func testWithdrawnElementsAreGoneAndOthersKeepTheirOrder() throws {
        var queue = FairQueue<String>(limit: 10, limitPerSender: 10)
        let first = try queue.append("a1", priority: .interactive, sender: "a")
        let second = try queue.append("a2", priority: .interactive, sender: "a")
        _ = try queue.append("a3", priority: .interactive, sender: "a")
        XCTAssertEqual(queue.withdraw(second), "a2")
        XCTAssertNil(queue.withdraw(second))
        XCTAssertEqual(drain(&queue), ["a1", "a3"])
        XCTAssertNil(queue.withdraw(first))
        XCTAssertEqual(queue.count, 0)
    }

    func testIneligibleElementsAreLeftInPlace() throws {
        var queue = FairQueue<String>(limit: 10, limitPerSender: 10)
        _ = try queue.append("long", priority: .interactive, sender: "a")
        _ = try queue.append("short", priority: .interactive, sender: "b")
        XCTAssertEqual(queue.next { $0 == "short" }, "short")
        XCTAssertNil(queue.next { $0 == "short" })
        XCTAssertEqual(queue.next(), "long")
    }
}
