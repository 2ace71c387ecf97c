import EventLoop
import Glibc
import TestSupport
import XCTest

final class SignalTests: XCTestCase {
    func testSignalsArriveOnTheLoop() throws {
        try runLoop {
            var arrived: [Signal] = []
            let both = Promise<Void>()
            let signals = try SignalSet([.user1, .user2]) { signal in
                arrived.append(signal)
                if arrived.count == 2 { both.resolve() }
            }
            // To this thread: other tests may have left threads that do not block the signals.
            pthread_kill(pthread_self(), SIGUSR1)
            pthread_kill(pthread_self(), SIGUSR2)
            try await both.value
            XCTAssertEqual(Set(arrived), [.user1, .user2])
            signals.close()
            signals.close()
        }
    }

    func testNames() {
        XCTAssertEqual(Signal.terminate.description, "SIGTERM")
        XCTAssertEqual(Signal(rawValue: 999).description, "signal 999")
    }

    func testErrorsNameTheirCause() {
        XCTAssertThrowsError(try systemCall("close nothing") { close(-1) }) {
            XCTAssertEqual("\($0)", "close nothing: Bad file descriptor (EBADF)")
        }
        XCTAssertEqual(Errno(rawValue: 4711).name, "errno 4711")
    }

    func testInterruptedCallsAreMadeAgain() throws {
        var attempts = 0
        let result = try systemCall("count") { () -> Int32 in
            attempts += 1
            errno = EINTR
            return attempts < 3 ? -1 : 8
        }
        XCTAssertEqual(result, 8)
        XCTAssertEqual(attempts, 3)
    }
}
