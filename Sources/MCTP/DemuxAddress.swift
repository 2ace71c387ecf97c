internal import CLinux
package import EventLoop
internal import Glibc

/// Where the socket of the demux daemon is.
public struct DemuxAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as a person writes it: a path, or an abstract name after `@`.
    public let description: String

    /// Where the daemon of libmctp listens unless told otherwise.
    public static let standard = DemuxAddress(unchecked: "@mctp-mux")

    /// Reads an address; nil when it is empty or longer than a socket address can be.
    ///
    /// - Parameter text: A path, or an abstract name after `@`.
    public init?(_ text: String) {
        let length = text.utf8.count
        // One place is for the zero at the end of a path.
        guard length > (text.hasPrefix("@") ? 1 : 0), length < Self.capacity else { return nil }
        description = text
    }

    private init(unchecked text: String) {
        description = text
    }

    private static let capacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

    /// Makes a socket that keeps messages apart and does not block.
    package static func socket() throws(SystemCallError) -> Int32 {
        try systemCall("socket") {
            Glibc.socket(
                AF_UNIX,
                Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
                    | Int32(SOCK_CLOEXEC.rawValue),
                0
            )
        }
    }

    /// Connects a socket to the address.
    package func connect(_ descriptor: Int32) throws(SystemCallError) {
        try systemCall("connect to \(self)") {
            withSocketAddress { Glibc.connect(descriptor, $0, $1) }
        }
    }

    /// Gives a socket the address, for a server.
    package func bind(_ descriptor: Int32) throws(SystemCallError) {
        try systemCall("bind to \(self)") {
            withSocketAddress { Glibc.bind(descriptor, $0, $1) }
        }
    }

    /// Takes the next client of a server's socket; the new socket does not block.
    package static func accept(_ descriptor: Int32) throws(SystemCallError) -> Int32 {
        try systemCall("accept") {
            accept4(
                descriptor,
                nil,
                nil,
                Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            )
        }
    }

    private func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = description.hasPrefix("@")
        // In the kernel, an abstract name is one that starts with a zero, and has no end but its length.
        let bytes = isAbstract ? [0] + description.utf8.dropFirst() : description.utf8 + [0]
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + bytes.count }
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                body(address, socklen_t(length ?? MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
