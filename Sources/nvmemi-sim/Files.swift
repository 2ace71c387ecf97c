internal import EventLoop
internal import Glibc

/// Writing to the descriptors that a process begins with.
enum Output {
    /// Writes all of a text; what nobody reads is lost.
    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = try? systemCall("write") {
                rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
            guard let count, count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Reading of files.
enum Input {
    /// The whole text of a file.
    static func text(of path: String) throws(SystemCallError) -> String {
        let descriptor = try systemCall("open \(path)") { open(path, O_RDONLY | O_CLOEXEC) }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try systemCall("read \(path)") {
                buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
