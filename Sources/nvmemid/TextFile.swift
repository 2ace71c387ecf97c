import EventLoop
import Glibc

/// Small text files and the standard streams, without Foundation.
struct TextFile {
    /// Why a file was not read.
    enum Problem: Error, Equatable, CustomStringConvertible {
        case call(SystemCallError)
        /// Not a regular file, but what is named.
        case kind(String)
        case tooLarge
        /// From this byte on.
        case malformed(Int)

        /// What is wrong and what is allowed.
        var description: String {
            switch self {
            case .call(let error): "\(error)"
            case .kind(let kind): "it is \(kind); it has to be a regular file"
            case .tooLarge: "it is too large; it may have \(TextFile.sizeLimit) bytes"
            case .malformed(let offset): "it is not UTF-8 from byte \(offset) on"
            }
        }
    }

    /// The most that is read of a file.
    static let sizeLimit = 1 << 20

    static let standardOutput = TextFile(descriptor: STDOUT_FILENO)
    static let standardError = TextFile(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    /// Writes all of a text; what a closed stream does not take is lost.
    func write(_ text: String) {
        _ = try? write(Array(text.utf8))
    }

    /// The whole of a regular file.
    ///
    /// What is no regular file is not opened: a FIFO would wait for somebody who writes, and some devices
    /// act on being opened. Waits for the file system.
    static func read(_ path: String) throws(Problem) -> String {
        var status = stat()
        try call("stat") { stat(path, &status) }
        if let kind = kind(of: status) { throw .kind(kind) }
        // It may be another file by now: nothing that is opened in this way is waited for.
        let descriptor = try call("open") {
            open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        }
        defer { close(descriptor) }
        try call("fstat") { fstat(descriptor, &status) }
        if let kind = kind(of: status) { throw .kind(kind) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= sizeLimit {
            let count = try call("read") { Glibc.read(descriptor, &piece, piece.count) }
            guard count > 0 else { return try text(of: bytes) }
            bytes += piece[..<count]
        }
        throw .tooLarge
    }

    /// Bytes as the text that they have to be.
    static func text(of bytes: [UInt8]) throws(Problem) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        // What can be made of it in the end begins like it.
        let repaired = String(decoding: bytes, as: UTF8.self).utf8
        throw .malformed(zip(bytes, repaired).prefix { $0 == $1 }.count)
    }

    /// What a file is in words, unless it is a regular one.
    private static func kind(of status: stat) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "a folder"
        case S_IFIFO: "a FIFO"
        case S_IFSOCK: "a socket"
        case S_IFCHR, S_IFBLK: "a device"
        default: "of an unknown kind"
        }
    }

    @discardableResult
    private static func call<Returned: SignedInteger>(
        _ name: String,
        _ body: () -> Returned
    ) throws(Problem) -> Returned {
        do throws(SystemCallError) {
            return try systemCall(name, body)
        } catch {
            throw .call(error)
        }
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
