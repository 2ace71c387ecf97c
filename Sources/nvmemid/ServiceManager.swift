import EventLoop
import Glibc

/// systemd, or whoever else started the daemon and wants to be told how it is: sd_notify's protocol.
///
/// Each message is a datagram of lines to the socket that the environment names; without one nothing is
/// told.
@LoopActor
final class ServiceManager {
    /// What can be told.
    enum Notice {
        /// The bus name is ours and the drives are published, or a changed configuration is in force.
        case ready
        case reloading
        case stopping
        /// The daemon serves; without this for too long it is killed and started again.
        case alive

        fileprivate var lines: String {
            switch self {
            case .ready: "READY=1"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(ServiceManager.microseconds)"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            }
        }
    }

    /// How long one waits that could not be told because the manager was behind.
    private static let pause: Duration = .milliseconds(200)

    private let address: sockaddr_un?
    private let addressLength: socklen_t
    /// How often ``Notice/alive`` has to be told at least; nil when nobody waits for it.
    nonisolated let watchdogInterval: Duration?
    /// What was not taken yet, in order; ``Notice/alive`` is not among it.
    private var waiting: [String] = []
    private var timer: Timer?

    /// The manager that an environment names.
    ///
    /// - Parameter variable: The value of a variable of the environment.
    nonisolated init(_ variable: (String) -> String?) {
        var address: sockaddr_un?
        var length: socklen_t = 0
        if let name = variable("NOTIFY_SOCKET") { (address, length) = Self.address(name) }
        self.address = address
        addressLength = length
        let isForUs = variable("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
        let period = variable("WATCHDOG_USEC").flatMap(Int64.init) ?? 0
        watchdogInterval =
            address != nil && isForUs && period > 0 ? .microseconds(period) : nil
    }

    /// The manager of this process.
    nonisolated static var ofProcess: ServiceManager {
        ServiceManager { getenv($0).map { String(cString: $0) } }
    }

    /// Tells something; what the manager does not take at once is tried again, but for ``Notice/alive``.
    func tell(_ notice: Notice) {
        let lines = notice.lines
        if waiting.isEmpty, send(lines) { return }
        if case .alive = notice { return }
        // READY, RELOADING and STOPPING take turns: the last is what holds.
        waiting = waiting.suffix(1) + [lines]
        tryAgain()
    }

    private func tryAgain() {
        guard timer == nil else { return }
        timer = EventLoop.main.schedule(after: Self.pause) { [weak self] in
            guard let self else { return }
            timer = nil
            while let next = waiting.first, send(next) { waiting.removeFirst() }
            if !waiting.isEmpty { tryAgain() }
        }
    }

    /// Sends a datagram; false when it should be tried again.
    private func send(_ lines: String) -> Bool {
        guard var address else { return true }
        let kinds = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_UNIX, kinds, 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        let bytes = Array(lines.utf8)
        let count = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(
                    socket,
                    bytes,
                    bytes.count,
                    Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL),
                    address,
                    addressLength
                )
            }
        }
        // A manager that is not there is nothing to wait for.
        return count >= 0 || ![EAGAIN, ENOBUFS, ENOMEM].contains(errno)
    }

    /// The address of a socket by its path, or, after `@`, by its abstract name.
    private nonisolated static func address(_ name: String) -> (sockaddr_un?, socklen_t) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count > 1, isAbstract || bytes.first == UInt8(ascii: "/"), bytes.count < room
        else { return (nil, 0) }
        if isAbstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + bytes.count }
        return (address, socklen_t(length ?? MemoryLayout<sockaddr_un>.size) + (isAbstract ? 0 : 1))
    }

    /// The machine's monotonic clock.
    fileprivate nonisolated static var microseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec / 1000)
    }
}
