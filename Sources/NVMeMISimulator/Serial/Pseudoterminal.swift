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
        let flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC
        let master = try systemCall("open /dev/ptmx") { open("/dev/ptmx", flags) }
        var number: Int32 = 0
        var isLocked: Int32 = 0
        do throws(SystemCallError) {
            try systemCall("unlock the terminal") { ioctl(master, Request.lock, &isLocked) }
            try systemCall("ask for the terminal's number") {
                ioctl(master, Request.number, &number)
            }
            let path = "/dev/pts/\(number)"
            slave = try systemCall("open \(path)") { open(path, flags) }
            self.path = path
        } catch {
            _ = Glibc.close(master)
            throw error
        }
        self.master = master
        try makeRaw()
    }

    /// Requests to the terminal driver; the C library's wrappers are not in the Glibc module.
    private enum Request {
        /// `TIOCSPTLCK`: locks or unlocks the slave end.
        static let lock: UInt = 0x4004_5431
        /// `TIOCGPTN`: number of the slave end.
        static let number: UInt = 0x8004_5430
        /// `TIOCSETD`: sets the line discipline.
        static let discipline: UInt = 0x5423
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
            ioctl(slave, Request.discipline, &discipline)
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
