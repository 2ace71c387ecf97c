import EventLoop
import Glibc
import TestSupport
import XCTest

final class WatchTests: XCTestCase {
    func testReadAndWriteReadiness() throws {
        try runLoop(virtualClock: true) {
            let pipe = try TestPipe()
            let writable = Promise<Readiness>()
            let readable = Promise<Readiness>()
            let writing = try EventLoop.main.watch(pipe.writing, for: .write) {
                writable.resolve($0)
            }
            let reading = try EventLoop.main.watch(pipe.reading, for: .read) {
                readable.resolve($0)
            }
            defer { reading.cancel() }
            let first = try await writable.value
            XCTAssertEqual(first, .write)
            writing.cancel()
            XCTAssertFalse(readable.isResolved)
            pipe.write([7])
            let second = try await readable.value
            XCTAssertEqual(second, .read)
            XCTAssertEqual(pipe.read(8), [7])
        }
    }

    func testSeveralWatchesOfOneDescriptor() throws {
        try runLoop {
            let pair = try TestSocketPair()
            var found: [String] = []
            let reading = try EventLoop.main.watch(pair.first, for: .read) { _ in
                found.append("read")
            }
            let writing = try EventLoop.main.watch(pair.first, for: []) { readiness in
                XCTAssertEqual(readiness, .write)
                found.append("write")
            }
            defer {
                reading.cancel()
                writing.cancel()
            }
            try await Self.someTurns()
            XCTAssertEqual(found, [])
            writing.interest = .write
            try await Self.someTurns()
            XCTAssertEqual(Set(found), ["write"])
            writing.interest = []
            found = []
            _ = send(pair.second, [UInt8(1)], 1, 0)
            try await Self.someTurns()
            XCTAssertEqual(Set(found), ["read"])
        }
    }

    func testWatchWithoutInterestIsSilentAboutHangUps() throws {
        try runLoop {
            let pair = try TestSocketPair()
            var found: [Readiness] = []
            let watch = try EventLoop.main.watch(pair.first, for: []) { found.append($0) }
            defer { watch.cancel() }
            shutdown(pair.second, Int32(SHUT_RDWR))
            try await Self.someTurns()
            XCTAssertEqual(found, [])
            watch.interest = .read
            try await Self.someTurns()
            XCTAssertTrue(found.first?.isSuperset(of: [.read, .hangUp]) ?? false)
        }
    }

    func testHandlersMayCancelAnyWatch() throws {
        try runLoop {
            let pipes = try (0..<4).map { _ in try TestPipe() }
            var watches: [Watch] = []
            var calls = 0
            for pipe in pipes {
                watches.append(
                    try EventLoop.main.watch(pipe.reading, for: .read) { _ in
                        calls += 1
                        for watch in watches { watch.cancel() }
                    }
                )
                pipe.write([1])
            }
            let before = EventLoop.main.activeWatches
            try await Self.someTurns()
            XCTAssertEqual(calls, 1)
            XCTAssertEqual(EventLoop.main.activeWatches, before - 4)
            XCTAssertTrue(watches.allSatisfy(\.isCancelled))
        }
    }

    func testRandomAddingAndCancellingKeepsWatchesApart() throws {
        try runLoop {
            var random = SeededGenerator(seed: 2)
            let pipes = try (0..<20).map { _ in try TestPipe() }
            var watches: [Int: Watch] = [:]
            var found: Set<Int> = []
            for _ in 0..<300 {
                let index = Int.random(in: pipes.indices, using: &random)
                if let watch = watches.removeValue(forKey: index) {
                    watch.cancel()
                } else {
                    watches[index] = try EventLoop.main.watch(pipes[index].reading, for: .read) {
                        _ in
                        found.insert(index)
                        _ = pipes[index].read(1)
                    }
                }
            }
            for pipe in pipes { pipe.write([1]) }
            try await Self.someTurns()
            XCTAssertEqual(found, Set(watches.keys))
            for watch in watches.values { watch.cancel() }
        }
    }

    func testDescriptorsThatAreNotOpen() throws {
        try runLoop {
            XCTAssertThrowsError(try EventLoop.main.watch(-1, for: .read) { _ in }) {
                XCTAssertEqual(($0 as? SystemCallError)?.errno.rawValue, EBADF)
            }
            let descriptor = dup(0)
            let found = Promise<Readiness>()
            let watch = try EventLoop.main.watch(descriptor, for: .read) { found.resolve($0) }
            close(descriptor)
            let readiness = try await found.value
            XCTAssertTrue(readiness.contains(.invalidDescriptor))
            XCTAssertTrue(watch.isCancelled)
        }
    }

    @LoopActor
    private static func someTurns() async throws {
        for _ in 0..<3 { try await sleep(for: .zero) }
    }
}

/// Two connected sockets that are closed with the object.
private final class TestSocketPair: Sendable {
    let first: Int32
    let second: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        try systemCall("socketpair") {
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        }
        first = ends[0]
        second = ends[1]
    }

    deinit {
        close(first)
        close(second)
    }
}
