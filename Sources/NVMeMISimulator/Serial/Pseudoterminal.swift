internal import EventLoop
internal import Glibc

/// A pseudoterminal in raw mode: the master end belongs to the simulated drive, the slave end to
/// whoever wants to talk to it.
final class Pseudoterminal {
    /// The line discipline that makes a network device of a terminal.
    private static let mctpDiscipline: Int32 = 28

    /// The end that the drive reads and writes; does not block.
    let master: Int32
    /// The end that others open, kept open so that the terminal outlives them.
    private let slave: Int32
    /// Path of the slave end.
    let path: String
    /// Name of the network device that the kernel made of the slave end.
    private(set) var interface: String?

    init() throws(SystemCallError) {
        let master = try systemCall("posix_openpt") {
            posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        }
        do {
            try systemCall("grantpt") { grantpt(master) }
            try systemCall("unlockpt") { unlockpt(master) }
            path = try Pseudoterminal.slavePath(of: master)
            let path = path
            slave = try systemCall("open \(path)") {
                open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
            }
        } catch {
            _ = Glibc.close(master)
            throw error
        }
        self.master = master
        try makeRaw()
    }

    deinit {
        _ = Glibc.close(slave)
        _ = Glibc.close(master)
    }

    /// Attaches the kernel's MCTP line discipline to the slave end.
    ///
    /// Needs the privilege to administrate the network. The device lasts until the terminal is
    /// closed.
    func attachKernel() throws(SystemCallError) {
        let before = Pseudoterminal.networkInterfaces()
        var discipline = Pseudoterminal.mctpDiscipline
        try systemCall("attach the MCTP line discipline to \(path)") {
            ioctl(slave, UInt(TIOCSETD), &discipline)
        }
        // The discipline does not tell which device it made; it is the one that was not there.
        interface = Pseudoterminal.networkInterfaces().subtracting(before)
            .first { $0.hasPrefix("mctpserial") }
    }

    private func makeRaw() throws(SystemCallError) {
        var settings = termios()
        try systemCall("tcgetattr") { tcgetattr(slave, &settings) }
        cfmakeraw(&settings)
        try systemCall("tcsetattr") { tcsetattr(slave, TCSANOW, &settings) }
    }

    private static func slavePath(of master: Int32) throws(SystemCallError) -> String {
        var name = [CChar](repeating: 0, count: 128)
        // Returns the error instead of setting it.
        let error = ptsname_r(master, &name, name.count)
        guard error == 0 else {
            throw SystemCallError(operation: "ptsname_r", errno: Errno(rawValue: error))
        }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func networkInterfaces() -> Set<String> {
        guard let first = if_nameindex() else { return [] }
        defer { if_freenameindex(first) }
        var names: Set<String> = []
        var entry = first
        while entry.pointee.if_index != 0, let name = entry.pointee.if_name {
            names.insert(String(cString: name))
            entry += 1
        }
        return names
    }
}
