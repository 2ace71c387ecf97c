internal import EventLoop
internal import Glibc

/// A pipe that is closed with the object.
public final class TestPipe: Sendable {
    /// The end to read from.
    public let reading: Int32
    /// The end to write to.
    public let writing: Int32

    /// Makes a pipe.
    ///
    /// - Throws: ``EventLoop/SystemCallError`` when there are no descriptors left.
    public init() throws {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe") { pipe(&ends) }
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Writes bytes; a few always fit.
    public func write(_ bytes: [UInt8]) {
        _ = Glibc.write(writing, bytes, bytes.count)
    }

    /// Reads up to `count` bytes; waits when there are none.
    public func read(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Glibc.read(reading, buffer.baseAddress, count))
        }
    }
}
