import DBus
import EventLoop
import Foundation
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import NVMeMIBridge

/// Somebody else's pipe is never waited for, whatever the kernel can do.
final class WritableFileTests: XCTestCase {
    /// A named pipe, for which no Linux so far has writes that do not wait: as pipes were before Linux 6.4.
    private func namedPipe() throws -> (
        reading: FileDescriptorHandle, writing: FileDescriptorHandle
    ) {
        let path = "/tmp/nvmemi-pipe-\(getpid())"
        try systemCall("mkfifo") { mkfifo(path, 0o600) }
        defer { unlink(path) }
        let reading = try systemCall("open") { open(path, O_RDONLY | O_NONBLOCK) }
        let writing = try systemCall("open") { open(path, O_WRONLY) }
        return (FileDescriptorHandle(adopting: reading), FileDescriptorHandle(adopting: writing))
    }

    /// Fills a pipe to its last byte, and leaves its flags as they were.
    private func fill(_ pipe: FileDescriptorHandle) -> Int {
        let flags = fcntl(pipe.descriptor, F_GETFL)
        _ = fcntl(pipe.descriptor, F_SETFL, flags | O_NONBLOCK)
        defer { _ = fcntl(pipe.descriptor, F_SETFL, flags) }
        let bytes = [UInt8](repeating: 0, count: 4096)
        var filled = 0
        while true {
            let count = write(pipe.descriptor, bytes, bytes.count)
            guard count > 0 else { return filled }
            filled += count
        }
    }

    /// What a second writer has filled between the look and the write.
    func testAFullPipeIsNotWaitedFor() throws {
        let pipe = try namedPipe()
        let filled = fill(pipe.writing)
        // Who would wait for ever is woken, so that the test fails rather than hangs.
        let rescue = Rescue(pipe.reading)
        Thread.detachNewThread { rescue.run() }
        try runLoop {
            let file = try WritableFile(pipe.writing)
            XCTAssertEqual(file.kind, .pipe)
            let bytes = [UInt8](repeating: 7, count: 4096)
            XCTAssertThrowsError(try file.write(bytes[...])) {
                XCTAssertEqual(($0 as? SystemCallError)?.errno, .wouldBlock)
            }
        }
        XCTAssertFalse(rescue.dismiss(), "the write waited")
        XCTAssertEqual(readOnce(pipe.reading, filled + 1).count, filled)
    }

    func testWhatFitsIsWrittenAsItIsAndNoDescriptorStays() throws {
        let pipe = try namedPipe()
        let before = try openDescriptors()
        try runLoop {
            let file = try WritableFile(pipe.writing)
            for size in [1, 100, 4095, 4096, 5000] {
                let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                let count = try file.write(bytes[...])
                XCTAssertEqual(count, min(size, 4096))
                XCTAssertEqual(readOnce(pipe.reading, 8192), Array(bytes.prefix(count)))
            }
        }
        _ = fill(pipe.writing)
        try runLoop {
            let file = try WritableFile(pipe.writing)
            for _ in 0..<100 { XCTAssertThrowsError(try file.write([1, 2, 3])) }
        }
        XCTAssertEqual(try openDescriptors(), before)
        XCTAssertEqual(fcntl(pipe.writing.descriptor, F_GETFL) & O_NONBLOCK, 0)
    }

    private func openDescriptors() throws -> Int {
        (0..<1024).filter { fcntl(Int32($0), F_GETFD) >= 0 }.count
    }
}

private func readOnce(_ pipe: FileDescriptorHandle, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = max(0, Glibc.read(pipe.descriptor, buffer.baseAddress, count))
    }
}

/// Reads from a pipe what makes room in it when nobody has dismissed it for long.
private final class Rescue: Sendable {
    private enum State { case waiting, dismissed, needed }

    private let pipe: FileDescriptorHandle
    private let state = Mutex(State.waiting)

    init(_ pipe: FileDescriptorHandle) { self.pipe = pipe }

    func run() {
        for _ in 0..<100 {
            usleep(100_000)
            guard state.withLock({ $0 == .waiting }) else { return }
        }
        state.withLock { if $0 == .waiting { $0 = .needed } }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        _ = read(pipe.descriptor, &bytes, bytes.count)
    }

    /// Whether it was needed.
    func dismiss() -> Bool {
        state.withLock { state in
            defer { state = .dismissed }
            return state == .needed
        }
    }
}
