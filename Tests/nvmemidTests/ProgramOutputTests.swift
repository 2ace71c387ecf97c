import EventLoop
import Glibc
import TestSupport
import XCTest

@testable import nvmemid

final class ProgramOutputTests: XCTestCase {
    private static let patience: Duration = .seconds(20)

    private func run(
        _ script: String,
        limit: Int = 1000,
        within time: Duration = patience
    ) throws -> (output: String, status: Int32) {
        try runLoop {
            let (bytes, status) = try await ProgramOutput(
                of: "/bin/sh",
                ["sh", "-c", script],
                limit: limit
            ).value(until: EventLoop.main.now + time)
            return (String(decoding: bytes, as: UTF8.self), status)
        }
    }

    func testOutputAndStatus() throws {
        let (output, status) = try run("echo one; echo two >&2; cat")
        XCTAssertEqual(output, "one\ntwo\n")
        XCTAssertEqual(status, 0)
        XCTAssertEqual(try run("exit 2").status, 2 << 8)
        XCTAssertEqual(try run("kill -9 $$").status, SIGKILL)
        // More than a pipe takes at once.
        XCTAssertEqual(try run("printf %070000d 0", limit: 70_000).output.utf8.count, 70_000)
    }

    func testSignalsAreItsOwn() throws {
        try runLoop {
            let signals = try SignalSet([.terminate]) { _ in }
            defer { signals.close() }
            let (bytes, status) = try await ProgramOutput(
                of: "/bin/sh",
                ["sh", "-c", "kill -TERM $$; echo survived"],
                limit: 100
            ).value(until: EventLoop.main.now + Self.patience)
            XCTAssertEqual(bytes, [])
            XCTAssertEqual(status, SIGTERM)
        }
    }

    func testLimit() {
        XCTAssertThrowsError(try run("while :; do echo more; done")) { error in
            XCTAssertTrue(error is ProgramOutput.TooLong, "\(error)")
        }
    }

    func testProgramThatIsNotThere() {
        XCTAssertThrowsError(
            try runLoop { _ = try ProgramOutput(of: "/nowhere", ["nowhere"], limit: 1) }
        ) { error in
            XCTAssertEqual((error as? SystemCallError)?.errno.rawValue, ENOENT)
        }
    }

    func testTheLoopGoesOnWhileItWaitsAndGivesUp() throws {
        try runLoop {
            let watches = EventLoop.main.activeWatches
            let program = try ProgramOutput(of: "/bin/sh", ["sh", "-c", "sleep 1000"], limit: 1)
            var turns = 0
            let others = EventLoop.main.spawn {
                while (try? await sleep(for: .milliseconds(1))) != nil { turns += 1 }
            }
            do {
                _ = try await program.value(until: EventLoop.main.now + .milliseconds(100))
                XCTFail("it ended")
            } catch {
                XCTAssertTrue(error is DeadlineExceeded, "\(error)")
            }
            XCTAssertGreaterThan(turns, 0)
            others.cancel()
            await others.value
            // Killed and taken leave of, so that another can be run.
            let deadline = EventLoop.main.now + Self.patience
            while EventLoop.main.activeWatches > watches, EventLoop.main.now < deadline {
                try await sleep(for: .milliseconds(1))
            }
            XCTAssertEqual(EventLoop.main.activeWatches, watches)
            XCTAssertEqual(waitpid(-1, nil, WNOHANG), -1, "a child is left")
        }
        XCTAssertEqual(try run("echo again").output, "again\n")
    }

    func testOneAtATime() throws {
        try runLoop {
            let script = "cat; echo end"
            let program = try ProgramOutput(of: "/bin/sh", ["sh", "-c", script], limit: 10)
            do {
                _ = try ProgramOutput(of: "/bin/sh", ["sh", "-c", "true"], limit: 1)
                XCTFail("two at a time")
            } catch {
                XCTAssertTrue(error is ProgramOutput.Busy, "\(error)")
            }
            _ = try await program.value(until: EventLoop.main.now + Self.patience)
        }
    }
}
