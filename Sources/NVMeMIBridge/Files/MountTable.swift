import CLinux
import Glibc

/// The file systems that are mounted, as the kernel tells without asking any of them.
struct MountTable {
    enum FileSystem: Equatable {
        /// In this machine's memory or on its disks.
        case local
        /// In user space, on another machine, or not known.
        case other(String)
    }

    private struct Mount {
        let identifier: Substring
        let device: Substring
        let type: Substring
    }

    /// The types of file systems that nobody but this machine's kernel has a hand in.
    static let localTypes = [
        "ext4", "ubifs", "jffs2", "tmpfs", "squashfs", "overlay", "ext3", "ext2", "xfs", "btrfs",
        "f2fs",
        "erofs", "ramfs", "rootfs", "devtmpfs", "devpts", "hugetlbfs", "vfat", "msdos", "exfat",
        "ntfs3",
        "iso9660",
        "udf", "romfs", "cramfs", "bcachefs", "zfs", "nilfs2", "jfs", "hostfs",
    ]

    private let mounts: [Mount]

    /// The table as it is now.
    init() { self.init(text: Self.text(of: "/proc/self/mountinfo")) }

    /// The table in the form of `/proc/self/mountinfo`.
    init(text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 6, let dash = words.dropFirst(6).firstIndex(of: "-"),
                dash + 1 < words.count
            else { return nil }
            return Mount(identifier: words[0], device: words[2], type: words[dash + 1])
        }
    }

    /// The file system that an open file is on.
    func fileSystem(of descriptor: Int32) -> FileSystem {
        var status = statx()
        // Nothing is asked for, and what is known of the device comes all the same.
        guard
            statx(descriptor, "", NVMEMI_STATX_OPEN_FILE | NVMEMI_STATX_DONT_SYNC, 0, &status) == 0
        else { return .other("unknown") }
        let mount = Self.text(of: "/proc/self/fdinfo/\(descriptor)").split(separator: "\n")
            .first { $0.hasPrefix("mnt_id:") }?.split(whereSeparator: { $0 == "\t" || $0 == " " })
            .last
        return fileSystem(
            device: (status.stx_dev_major, status.stx_dev_minor),
            mount: mount.map(String.init)
        )
    }

    /// The file system with a device, or else that of a mount: some have a device of their own for each of their parts.
    func fileSystem(device: (major: UInt32, minor: UInt32), mount: String?) -> FileSystem {
        let name = "\(device.major):\(device.minor)"
        let found =
            mounts.first { $0.device == name }
            ?? mount.flatMap { mount in mounts.first { $0.identifier == mount } }
        // One that this process does not see mounted: on a disk where it has one, which only root can mount.
        guard let found else { return device.major != 0 ? .local : .other("not seen from here") }
        return Self.localTypes.contains { $0 == found.type } ? .local : .other(String(found.type))
    }

    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count > 0 { bytes.append(contentsOf: buffer.prefix(count)) }
                return count
            }
            guard count > 0 else { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// More bytes than this are not read of the table.
    private static let limit = 1 << 20
}
