import CDBus
import EventLoop
import TestSupport
import XCTest

@testable import DBus

/// The lines of calls, without a bus.
final class WaitingCallsTests: XCTestCase {
    func testAFloodThatTheBusHasYetToNameLeavesRoomForOthersLikeIt() throws {
        try runLoop {
            let lines = WaitingCalls()
            var limits = ConnectionLimits()
            limits.waitingBytesPerUser = 64 << 10
            let flood = Caller(":1.1")
            let taken = Self.fill(lines, flood, limits)
            XCTAssertEqual(taken, 48)
            let polite = Caller(":1.2")
            for _ in 0..<16 { try lines.append(Self.call(), of: polite, limits: limits) }
            XCTAssertThrowsError(try lines.append(Self.call(), of: polite, limits: limits)) {
                XCTAssertTrue("\($0)".contains("64 calls of users whom the bus has yet to name"))
            }
            // Once it is known whose they are, the others have their room again.
            lines.identify(flood, as: Self.user7)
            XCTAssertEqual(Self.fill(lines, polite, limits), 32)
        }
    }

    func testAUserHasAnEndOfItsOwn() throws {
        try runLoop {
            let lines = WaitingCalls()
            var limits = ConnectionLimits()
            limits.waitingCallsPerUser = 10
            let one = Caller(":1.1")
            let other = Caller(":1.2")
            for caller in [one, other] {
                lines.identify(caller, as: Self.user7)
            }
            XCTAssertEqual(Self.fill(lines, one, limits), 10)
            XCTAssertThrowsError(try lines.append(Self.call(), of: other, limits: limits)) {
                XCTAssertTrue("\($0)".contains("10 calls of user 7 wait already"))
            }
        }
    }

    func testFloodsOfManyUsersLeaveRoomForOthers() throws {
        try runLoop {
            let lines = WaitingCalls()
            var limits = ConnectionLimits()
            limits.waitingBytesPerUser = 64 << 10
            limits.waitingBytes = 320 << 10
            var taken = 0
            for number in UInt32(5)...9 {
                let flood = Caller(":1.\(number)")
                lines.identify(flood, as: Self.user(number))
                taken += Self.fill(lines, flood, limits)
            }
            taken += Self.fill(lines, Caller(":1.50"), limits)
            // Three quarters, and of what is left what a few calls are, each time.
            XCTAssertEqual(taken, 240 + 8 + 16)
            let polite = Caller(":1.10")
            lines.identify(polite, as: Self.user(10))
            XCTAssertEqual(Self.fill(lines, polite, limits), 8)
            let other = Caller(":1.11")
            lines.identify(other, as: Self.user(11))
            XCTAssertEqual(Self.fill(lines, other, limits), 8)
            let root = Caller(":1.12")
            lines.identify(root, as: Self.user(0))
            XCTAssertEqual(Self.fill(lines, root, limits), 40)
        }
    }

    private static var user7: Credentials { user(7) }

    private static func user(_ number: UInt32) -> Credentials {
        var credentials = Credentials()
        credentials.userID = number
        return credentials
    }

    /// Appends until there is no room; gives how many there was room for.
    @LoopActor
    private static func fill(
        _ lines: WaitingCalls,
        _ caller: Caller,
        _ limits: ConnectionLimits
    ) -> Int {
        var count = 0
        while (try? lines.append(call(), of: caller, limits: limits)) != nil { count += 1 }
        return count
    }

    @LoopActor
    private static func call() -> WaitingCall {
        let message = Message(
            adopting: dbus_message_new_method_call(nil, "/vault", "org.example.Vault1", "Work")
        )
        return WaitingCall(message: message, identity: CallIdentity(message), size: 1024)
    }
}
