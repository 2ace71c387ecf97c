import CLinux
import Glibc

/// An image as the daemon takes it: a file that never has it wait.
enum LocalImage {
    /// Bytes that are taken of what is not a file of this machine.
    private static let limit = 512 << 20

    /// What `statfs` calls the file systems that are on another machine or in a program: AFS, Ceph, CIFS, Coda, FUSE, NCP,
    /// NFS, Plan 9, SMB.
    private static let remote: Set<UInt32> = [
        0x5346_414F, 0x00C3_6400, 0xFF53_4D42, 0x7375_7245, 0x6573_5546, 0x564C, 0x6969,
        0x0102_1997, 0x517B, 0xFE53_4D42,
    ]

    /// Opens an image; one from a pipe or from another machine is copied into memory.
    ///
    /// - Throws: `Failure` when it cannot be read.
    static func open(_ path: String) throws(Failure) -> FileDescriptor {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path, errno) }
        var status = stat()
        var system = statfs()
        guard fstat(file, &status) == 0, fstatfs(file, &system) == 0 else {
            throw unreadable(path, errno)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw unreadable(path, EISDIR) }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        if isFile, !remote.contains(UInt32(truncatingIfNeeded: system.f_type)) {
            return FileDescriptor(number: file)
        }
        defer { _ = close(file) }
        return try copy(file, path)
    }

    private static func copy(_ file: Int32, _ path: String) throws(Failure) -> FileDescriptor {
        let memory = memfd_create("image", UInt32(MFD_CLOEXEC))
        guard memory >= 0 else { throw unreadable(path, errno) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var size = 0
        while true {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { return FileDescriptor(number: memory) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unreadable(path, errno) }
            size += count
            guard size <= limit else {
                throw Failure(
                    .failed,
                    "\(path) has more than the \(limit >> 20) MiB that are taken of an image which is no file of this "
                        + "machine."
                )
            }
            try Descriptor.write(Array(buffer.prefix(count)), to: memory, name: "memory")
        }
    }

    private static func unreadable(_ path: String, _ error: Int32) -> Failure {
        Failure(.failed, "Cannot read \(path): \(String(cString: strerror(error)))")
    }
}
