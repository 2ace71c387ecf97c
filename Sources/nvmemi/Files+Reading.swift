import Glibc

extension File {
    /// All bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `Failure` when it cannot be read or has more than `limit` bytes.
    static func contents(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { if descriptor != STDIN_FILENO { _ = close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else {
                throw Failure(.usage, "\(path) has more than the \(limit) bytes that can be sent.")
            }
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(.failed, "Cannot read \(path): \(String(cString: strerror(errno)))")
    }
}
