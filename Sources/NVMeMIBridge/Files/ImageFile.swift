import CLinux
import DBus
import EventLoop
import Glibc
import NVMeMI
import NVMeMIDrives

/// A firmware image in somebody else's open file, or a part of it.
///
/// It is read piece by piece when it is needed, and never kept whole.
struct ImageFile: FirmwareImage {
    private let handle: FileDescriptorHandle
    /// Where in the file it begins.
    private let start: UInt32
    let size: UInt32
    let checksum: UInt32?
    let facts: [NamedValue]

    /// Bytes that are read at once for a check; others get the loop in between.
    private static let pieceSize: UInt32 = 1 << 16

    /// Takes a file that is open for reading.
    ///
    /// - Throws: What is wrong with it, in words.
    init(_ handle: FileDescriptorHandle, limit: UInt32) throws(DBusError) {
        let flags = fcntl(handle.descriptor, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_WRONLY else {
            throw BusErrors.invalidArgument("the image is not open for reading")
        }
        let nature = FileNature(of: handle.descriptor)
        if case .slow(let fileSystem) = nature {
            throw BusErrors.invalidArgument(FileNature.refusal(of: fileSystem))
        }
        var status = stat()
        guard nature == .regular, fstat(handle.descriptor, &status) == 0 else {
            throw BusErrors.invalidArgument(
                "the image is no regular file; it takes one, or a memfd"
            )
        }
        guard status.st_size > 0 else { throw BusErrors.invalidArgument("the image is empty") }
        guard let size = UInt32(exactly: status.st_size), size <= limit else {
            throw BusErrors.invalidArgument(
                "the image has \(status.st_size) bytes, and \(limit) are taken at most; see "
                    + "firmware-image-mib in the configuration"
            )
        }
        self.handle = handle
        start = 0
        self.size = size
        checksum = nil
        facts = []
    }

    private init(
        _ handle: FileDescriptorHandle,
        _ place: Range<UInt32>,
        checksum: UInt32,
        facts: [NamedValue]
    ) {
        self.handle = handle
        start = place.lowerBound
        size = place.upperBound - place.lowerBound
        self.checksum = checksum
        self.facts = facts
    }

    /// A part of it, with its check.
    @LoopActor
    func part(_ place: Range<UInt32>, facts: [NamedValue]) async throws -> ImageFile {
        ImageFile(handle, place, checksum: try await checksum(of: place), facts: facts)
    }

    /// The check of some of it.
    @LoopActor
    func checksum(of place: Range<UInt32>) async throws -> UInt32 {
        var checksum = PackageChecksum()
        var offset = place.lowerBound
        while offset < place.upperBound {
            let end = offset + min(Self.pieceSize, place.upperBound - offset)
            checksum.add(try read(offset..<end))
            offset = end
            try await sleep(for: .zero)
        }
        return checksum.value
    }

    func read(_ range: Range<UInt32>) throws(DriveError) -> [UInt8] {
        var failure = "it ended before its time"
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let position = off_t(start) + off_t(range.lowerBound) + off_t(count)
                let got = pread(
                    handle.descriptor,
                    buffer.baseAddress?.advanced(by: count),
                    range.count - count,
                    position
                )
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = "\(Errno.current)" }
                guard got > 0 else { return }
                count += got
            }
        }
        guard bytes.count == range.count else {
            throw .failed("the image cannot be read: \(failure)")
        }
        return bytes
    }
}
