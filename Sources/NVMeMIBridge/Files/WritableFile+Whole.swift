import CLinux
import EventLoop
import Glibc

extension WritableFile {
    /// How long whoever reads a pipe or socket may take nothing at all.
    static let patience: Duration = .seconds(60)

    /// Writes all of the bytes, as fast as they are taken.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - deadline: When all must be written.
    ///   - taken: Told of how many bytes were taken each time.
    /// - Throws: `SystemCallError`; `DeadlineExceeded` when nothing is taken for ``patience``, or not all before the
    ///   deadline; `CancellationError`.
    func write(
        all bytes: ArraySlice<UInt8>,
        until deadline: MonotonicInstant = .distantFuture,
        _ taken: (Int) -> Void
    ) async throws {
        var rest = bytes
        var end = min(deadline, EventLoop.main.now + Self.patience)
        while !rest.isEmpty {
            try await waitUntilReady(end)
            guard EventLoop.main.now < end else { throw DeadlineExceeded(deadline: end) }
            do throws(SystemCallError) {
                let count = try write(rest)
                taken(count)
                rest = rest.dropFirst(count)
                end = min(deadline, EventLoop.main.now + Self.patience)
            } catch {
                guard error.errno == .wouldBlock else { throw error }
                // It was ready for another writer; who waits gives way.
                try await sleep(for: .milliseconds(1))
            }
        }
    }

    /// Goes back to where it was so many bytes before, and forgets what was written since; what was there before stays,
    /// as far as nothing was written over it.
    ///
    /// - Returns: False for what cannot: a pipe or socket, or a file that always grows at its end.
    func rewind(by count: UInt64) -> Bool {
        guard kind == .regular, fcntl(descriptor, F_GETFL) & O_APPEND == 0 else { return false }
        let start = lseek(descriptor, -off_t(clamping: count), SEEK_CUR)
        return start >= 0 && ftruncate(descriptor, max(start, sizeBefore)) == 0
    }
}
