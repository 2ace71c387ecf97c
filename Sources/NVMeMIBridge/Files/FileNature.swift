import CLinux
import EventLoop
import Glibc

/// What an open file of somebody else's is, as far as it matters to one who must never wait for it.
///
/// The calls that ask a file system for a file, be it only for its size, wait for the file system; one in user space or on
/// another machine may not answer for ever. So the kernel alone is asked first what there is behind a descriptor.
enum FileNature: Equatable {
    /// A regular file in memory or on a disk of this machine.
    case regular
    case pipe
    case socket
    /// `/dev/null` and the like, which take everything at once.
    case void
    /// A directory, a device.
    case other
    /// On a file system that may have others wait.
    case slow(String)

    /// What is behind a descriptor.
    init(of descriptor: Int32) {
        var kind: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        if getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) == 0 {
            self = .socket
        } else if fcntl(descriptor, F_GETPIPE_SZ) >= 0 {
            self = .pipe
        } else if fcntl(descriptor, F_GET_SEALS) >= 0 {
            // In memory: tmpfs, memfd.
            self = Self.local(descriptor)
        } else if Self.isNameless(descriptor) {
            self = .other
        } else {
            switch MountTable().fileSystem(of: descriptor) {
            case .local: self = Self.local(descriptor)
            case .other(let name): self = .slow(name)
            }
        }
    }

    /// Whether it is of no file system that has names: an event counter, a timer.
    private static func isNameless(_ descriptor: Int32) -> Bool {
        let mark = "anon_inode:".utf8.map { CChar($0) }
        var link = [CChar](repeating: 0, count: mark.count)
        return readlink("/proc/self/fd/\(descriptor)", &link, link.count) == link.count
            && link == mark
    }

    private static func local(_ descriptor: Int32) -> FileNature {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .regular
        // Major number 1 is memory: null, zero and full.
        case S_IFCHR where status.st_rdev >> 8 == 1 && [3, 5, 7].contains(status.st_rdev & 0xFF):
            return .void
        default: return .other
        }
    }

    /// What is taken instead of a file on a slow file system, in words.
    static func refusal(of fileSystem: String) -> String {
        "the file is on a file system (\(fileSystem)) that may have others wait; it has to be in memory, as a memfd "
            + "is, or on a file system of this machine, such as \(MountTable.localTypes.prefix(4).joined(separator: ", "))"
    }
}
