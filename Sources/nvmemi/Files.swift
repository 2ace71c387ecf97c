import Glibc

/// Writing to file descriptors.
///
/// Not `print`: it says nothing of a full disk, and standard error has no safe name in Swift 6.
enum Descriptor {
    static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            let error = errno
            if count >= 0 {
                written += count
            } else if error == EPIPE {
                // Whoever read has seen enough, as `head` does; libdbus keeps the signal from saying so.
                exit(128 + SIGPIPE)
            } else if error != EINTR {
                throw Failure(
                    .failed,
                    "Cannot write to \(name): \(String(cString: strerror(error)))"
                )
            }
        }
    }

    /// A line to standard error; when even that fails there is nobody left to tell.
    static func complain(_ text: String) {
        let shown = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Terminal.glyphs.shown(String($0)) }.joined(separator: "\n")
        try? write(Array((shown + "\n").utf8), to: STDERR_FILENO, name: "standard error")
    }
}

/// An open file.
struct FileDescriptor {
    let number: Int32

    /// A new file for writing, or an old one emptied.
    static func create(_ path: String) throws(Failure) -> FileDescriptor {
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let error = errno
        guard number >= 0 else {
            throw Failure(.failed, "Cannot write \(path): \(String(cString: strerror(error)))")
        }
        return FileDescriptor(number: number)
    }

    /// Whether a path is of a pipe, a terminal or the like, which keeps nothing that could be lost.
    static func isStream(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// A file that did not exist, not even as a link.
    static func createNew(_ path: String, mode: mode_t = 0o644) throws(Failure) -> FileDescriptor {
        let number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        let error = errno
        guard number >= 0 else {
            let advice =
                error == EEXIST ? "Give another name, or remove it: nothing is written over." : nil
            throw Failure(
                .failed,
                "Cannot write \(path): \(String(cString: strerror(error)))",
                advice: advice
            )
        }
        return FileDescriptor(number: number)
    }

    func close() { _ = Glibc.close(number) }

    /// Bytes that the file has by now.
    var size: Int {
        var status = stat()
        return fstat(number, &status) == 0 ? Int(status.st_size) : 0
    }
}

/// How large a file is by now.
struct FileSize: Sendable {
    let path: String

    /// 0 for a file that is not there.
    var bytes: Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}

/// Reading whole files.
enum File {
    /// The bytes of a file; none when it cannot be read.
    static func bytes(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            bytes += buffer.prefix(count)
        }
        return bytes
    }

    /// A file as text.
    static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }
}
