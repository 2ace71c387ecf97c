import EventLoop
import Glibc

/// Small text files and the standard streams, without Foundation.
struct TextFile {
    /// No configuration is larger.
    private static let sizeLimit = 1 << 20

    static let standardOutput = TextFile(descriptor: STDOUT_FILENO)
    static let standardError = TextFile(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    /// Writes all of a text; what a closed stream does not take is lost.
    func write(_ text: String) {
        _ = try? write(Array(text.utf8))
    }

    /// The whole of a file, as far as it is UTF-8; malformed parts are replaced.
    static func read(_ path: String) throws(SystemCallError) -> String {
        let descriptor = try systemCall("open") { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while bytes.count < sizeLimit {
            let count = try systemCall("read") { Glibc.read(descriptor, &piece, piece.count) }
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Makes a file of a text, or replaces it.
    static func write(_ text: String, to path: String) throws(SystemCallError) {
        let descriptor = try systemCall("open") {
            open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        }
        defer { close(descriptor) }
        try TextFile(descriptor: descriptor).write(Array(text.utf8))
    }

    private func write(_ bytes: [UInt8]) throws(SystemCallError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try systemCall("write") {
                rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }
}
