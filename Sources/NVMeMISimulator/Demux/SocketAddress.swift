internal import EventLoop
internal import Glibc

/// The address of a Unix socket: an abstract name or a path.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// The name without its leading zero byte, or the path.
    public let name: String
    /// Whether the name is abstract, that is, no file.
    public let isAbstract: Bool

    /// Reads an address: `@name` and `name` are abstract, a text with a slash is a path.
    ///
    /// - Parameter text: The address.
    public init(_ text: String) {
        isAbstract = !text.contains("/")
        name = isAbstract && text.hasPrefix("@") ? String(text.dropFirst()) : text
    }

    /// The address in the form that it is read from.
    public var description: String { isAbstract ? "@" + name : name }

    /// Opens a listening socket that keeps packets apart.
    func listen() throws(SystemCallError) -> Int32 {
        let flags = Int32(SOCK_SEQPACKET.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = try systemCall("socket") { socket(AF_UNIX, flags, 0) }
        do {
            unlink()
            try systemCall("bind \(self)") { withSocketAddress { bind(descriptor, $0, $1) } }
            try systemCall("listen") { Glibc.listen(descriptor, 16) }
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Removes the file of a path.
    func unlink() {
        if !isAbstract { _ = Glibc.unlink(name) }
    }

    /// Calls with the address as the kernel takes it; a name that is too long gives an address
    /// that the kernel refuses.
    func withSocketAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        let bytes = (isAbstract ? [0] : []) + Array(name.utf8) + (isAbstract ? [] : [0])
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        return withUnsafeMutableBytes(of: &address) { raw in
            raw[offset..<offset + bytes.count].copyBytes(from: bytes)
            return raw.withMemoryRebound(to: sockaddr.self) { pointer in
                guard let base = pointer.baseAddress else { return -1 }
                return body(base, socklen_t(offset + bytes.count))
            }
        }
    }
}
