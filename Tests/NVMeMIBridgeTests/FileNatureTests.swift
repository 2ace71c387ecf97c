import CLinux
import DBus
import EventLoop
import Glibc
import TestSupport
import XCTest

@testable import NVMeMIBridge

/// Which files of others may be read and written without being waited for.
final class FileNatureTests: XCTestCase {
    private func nature(_ path: String, _ flags: Int32 = O_RDONLY) throws -> FileNature {
        let descriptor = try systemCall("open \(path)") { open(path, flags | O_CLOEXEC) }
        defer { close(descriptor) }
        return FileNature(of: descriptor)
    }

    func testEachKindIsKnown() throws {
        XCTAssertEqual(try nature(#filePath), .regular)
        XCTAssertEqual(try nature("/dev/null", O_WRONLY), .void)
        XCTAssertEqual(try nature("/dev/full", O_WRONLY), .void)
        XCTAssertEqual(try nature("/dev"), .other)
        let counter = eventfd(0, 0)
        XCTAssertEqual(FileNature(of: counter), .other)
        close(counter)
        // The kernel makes up what is read here, and takes as long as it likes.
        XCTAssertEqual(try nature("/proc/self/status"), .slow("proc"))
        var ends: [Int32] = [-1, -1]
        XCTAssertEqual(pipe(&ends), 0)
        XCTAssertEqual(ends.map { FileNature(of: $0) }, [.pipe, .pipe])
        for end in ends { close(end) }
        XCTAssertEqual(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends), 0)
        XCTAssertEqual(ends.map { FileNature(of: $0) }, [.socket, .socket])
        for end in ends { close(end) }
    }

    func testFileSystemsOfOthersAreSlow() {
        let table = MountTable(
            text: """
                22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda rw
                30 22 0:44 / /home/a rw,nosuid - fuse.sshfs a@b:/ rw,user_id=0
                31 22 0:45 / /srv/boot\\040files rw shared:7 master:2 - nfs4 server:/srv rw
                32 22 0:46 /sub /data rw - btrfs /dev/vdb rw
                broken line
                """
        )
        func system(
            _ major: UInt32,
            _ minor: UInt32,
            _ mount: String? = nil
        ) -> MountTable.FileSystem {
            table.fileSystem(device: (major, minor), mount: mount)
        }
        XCTAssertEqual(system(254, 1), .local)
        XCTAssertEqual(system(0, 44), .other("fuse.sshfs"))
        XCTAssertEqual(system(0, 45, "22"), .other("nfs4"))
        // A part of a file system, which has a number of its own.
        XCTAssertEqual(system(0, 99, "32"), .local)
        XCTAssertEqual(system(0, 99, "31"), .other("nfs4"))
        // Not to be seen from here: disks are local.
        XCTAssertEqual(system(0, 99), .other("not seen from here"))
        XCTAssertEqual(system(8, 1), .local)
    }

    @LoopActor
    private static func checkRewinding() throws {
        let path = "/tmp/nvmemi-rewind-\(getpid())"
        let descriptor = try systemCall("open") {
            open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        defer { unlink(path) }
        let handle = FileDescriptorHandle(adopting: descriptor)
        XCTAssertEqual(write(descriptor, [UInt8](repeating: 1, count: 100), 100), 100)
        lseek(descriptor, 10, SEEK_SET)
        let inside = try WritableFile(handle)
        XCTAssertEqual(try inside.write(Array(repeating: 2, count: 20)[...]), 20)
        XCTAssertTrue(inside.rewind(by: 20))
        XCTAssertEqual(lseek(descriptor, 0, SEEK_CUR), 10)
        XCTAssertEqual(lseek(descriptor, 0, SEEK_END), 100)
        // What grew is cut.
        let behind = try WritableFile(handle)
        XCTAssertEqual(try behind.write(Array(repeating: 3, count: 50)[...]), 50)
        XCTAssertTrue(behind.rewind(by: 50))
        XCTAssertEqual(lseek(descriptor, 0, SEEK_END), 100)
    }

    func testRewindingCutsNothingThatWasThereBefore() throws {
        try runLoop { try Self.checkRewinding() }
    }
}
