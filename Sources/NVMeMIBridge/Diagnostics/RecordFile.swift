import DBus
import EventLoop
import Glibc

/// Writes records to somebody else's open file without ever waiting for it.
///
/// The file may be a pipe that nobody reads. Records wait in a buffer of bounded size; one that does not fit
/// is not taken, and one that has begun is written to its end, or taken away again where that is possible.
/// The flags of the open file belong to whoever opened it and stay as they are.
@LoopActor
final class RecordFile {
    /// Bytes that may wait.
    static let capacity = 256 << 10

    private let file: WritableFile
    private var records: [[UInt8]] = []
    /// Bytes of the first record that are written already.
    private var offset = 0
    private var waitingBytes = 0
    private var watch: Watch?

    /// Called when all that waited is written.
    var onDrained: (@LoopActor () -> Void)?
    /// Called when the file refuses a write, while what is not written still waits; it is closed then.
    var onFailure: (@LoopActor (SystemCallError) -> Void)?

    /// Records that are not yet written whole.
    var waitingRecords: Int { records.count }
    /// The size of these records, whole.
    var waitingSize: Int { records.reduce(0) { $0 + $1.count } }

    /// Takes a file that is open for writing.
    ///
    /// - Throws: What is wrong with it, in words.
    init(_ file: FileDescriptorHandle) throws(DBusError) {
        self.file = try WritableFile(file)
    }

    /// Takes a record; false when there is no room for the whole of it.
    func append(_ record: [UInt8]) -> Bool {
        guard waitingBytes + record.count <= Self.capacity else { return false }
        waitingBytes += record.count
        records.append(record)
        if watch == nil { drain() }
        return true
    }

    /// Lets go of the file and of what is not written.
    func close() {
        watch?.cancel()
        watch = nil
        takePartAway()
        records = []
        onDrained = nil
        onFailure = nil
    }

    /// Takes back what is written of a record that will not be whole; what is in a pipe or socket stays.
    private func takePartAway() {
        guard file.kind == .regular, offset > 0 else { return }
        let end = lseek(file.descriptor, 0, SEEK_CUR)
        let start = end - off_t(offset)
        offset = 0
        var status = stat()
        // Behind what somebody else has written nothing can be taken away.
        guard fstat(file.descriptor, &status) == 0, status.st_size == end,
            ftruncate(file.descriptor, start) == 0
        else { return }
        lseek(file.descriptor, start, SEEK_SET)
    }

    private func drain() {
        while let record = records.first {
            do throws(SystemCallError) {
                guard file.isReady else { return try waitForRoom() }
                let count = try file.write(record.dropFirst(offset))
                waitingBytes -= count
                offset += count
                if offset == record.count {
                    records.removeFirst()
                    offset = 0
                }
            } catch {
                if error.errno == .wouldBlock, (try? waitForRoom()) != nil { return }
                onFailure?(error)
                return close()
            }
        }
        watch?.cancel()
        watch = nil
        onDrained?()
    }

    private func waitForRoom() throws(SystemCallError) {
        guard watch == nil else { return }
        watch = try EventLoop.main.watch(file.descriptor, for: .write) { [weak self] _ in
            self?.drain()
        }
    }
}
