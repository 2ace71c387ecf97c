import CLinux
import DBus
import EventLoop
import Glibc

/// Somebody else's open file, to which is written without ever waiting for it.
///
/// It may be a pipe that nobody reads. The flags of the open file belong to whoever opened it and stay as they are.
@LoopActor
final class WritableFile {
    enum Kind {
        /// Always ready, as far as anybody can tell.
        case regular
        case pipe
        case socket
        /// What takes everything at once and keeps nothing.
        case void
    }

    /// The most that a pipe takes as a whole, and without waiting when it has room.
    private static let pipePiece = 4096

    private let handle: FileDescriptorHandle
    let kind: Kind
    /// Bytes that a regular file had before anything was written to it here.
    let sizeBefore: off_t

    /// The descriptor, valid as long as the file is kept.
    var descriptor: Int32 { handle.descriptor }

    /// Takes a file that is open for writing.
    ///
    /// - Throws: What is wrong with it, in words.
    init(_ handle: FileDescriptorHandle) throws(DBusError) {
        let flags = fcntl(handle.descriptor, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_RDONLY else {
            throw BusErrors.invalidArgument("the file is not open for writing")
        }
        switch FileNature(of: handle.descriptor) {
        case .regular: kind = .regular
        case .pipe: kind = .pipe
        case .socket: kind = .socket
        case .void: kind = .void
        case .other:
            throw BusErrors.invalidArgument(
                "the file is a device, a terminal or another kind that may wait; it takes a file, pipe or socket"
            )
        case .slow(let fileSystem):
            throw BusErrors.invalidArgument(FileNature.refusal(of: fileSystem))
        }
        self.handle = handle
        sizeBefore = kind == .regular ? Self.size(of: handle.descriptor) : 0
    }

    private static func size(of descriptor: Int32) -> off_t {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.st_size : 0
    }

    /// Whether a write ends at once, be it with an error.
    var isReady: Bool {
        guard kind != .regular else { return true }
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Writes what it takes at once.
    ///
    /// - Returns: How many bytes.
    /// - Throws: `SystemCallError`; `wouldBlock` when it takes none at the moment.
    func write(_ bytes: ArraySlice<UInt8>) throws(SystemCallError) -> Int {
        try systemCall("write") { attempt(bytes) }
    }

    /// Waits until it is ready.
    ///
    /// - Throws: `DeadlineExceeded` when it is not before the deadline, `CancellationError`, `SystemCallError`.
    func waitUntilReady(_ deadline: MonotonicInstant) async throws {
        guard !isReady else { return }
        let ready = Promise<Void>()
        let watch = try EventLoop.main.watch(descriptor, for: .write) { _ in ready.resolve() }
        defer { watch.cancel() }
        try await ready.value(until: deadline)
    }

    private func attempt(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes { buffer in
            let piece = kind == .regular ? buffer.count : min(buffer.count, Self.pipePiece)
            switch kind {
            case .socket:
                return send(
                    descriptor,
                    buffer.baseAddress,
                    piece,
                    Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
                )
            case .pipe:
                // Others may write to the pipe as well and take the room that was just seen.
                var vector = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress),
                    iov_len: piece
                )
                let count = pwritev2(descriptor, &vector, 1, -1, RWF_NOWAIT)
                guard count < 0, [EOPNOTSUPP, ENOSYS, EINVAL].contains(errno) else { return count }
                // A named pipe, or Linux before 6.4.
                return Self.move(UnsafeRawBufferPointer(rebasing: buffer[..<piece]), to: descriptor)
            case .regular, .void:
                return Glibc.write(descriptor, buffer.baseAddress, piece)
            }
        }
    }

    /// Writes into somebody's pipe by way of an own one: moving from pipe to pipe never waits when it is told so,
    /// whatever the flags of the open file are.
    ///
    /// - Returns: How many bytes their pipe has taken, and with -1 why in `errno`. What it has not taken goes with
    ///   the own pipe.
    private static func move(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else { return -1 }
        defer {
            // The reason of a failure is the caller's.
            let reason = errno
            for end in ends { close(end) }
            errno = reason
        }
        let count = Glibc.write(ends[1], bytes.baseAddress, bytes.count)
        guard count > 0 else { return count }
        return splice(ends[0], nil, descriptor, nil, count, UInt32(SPLICE_F_NONBLOCK))
    }
}
