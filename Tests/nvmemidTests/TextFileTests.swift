import EventLoop
import Glibc
import XCTest

@testable import nvmemid

final class TextFileTests: XCTestCase {
    private var directory = ""

    override func setUpWithError() throws {
        var template = Array("/tmp/nvmemi-text-XXXXXX".utf8CString)
        XCTAssertNotNil(mkdtemp(&template))
        directory = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }

    override func tearDown() {
        for name in ["file", "fifo", "link"] { unlink(directory + "/" + name) }
        rmdir(directory)
    }

    private func file(_ bytes: [UInt8]) -> String {
        let path = directory + "/file"
        let descriptor = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        XCTAssertEqual(write(descriptor, bytes, bytes.count), bytes.count)
        return path
    }

    private func problem(_ path: String) -> TextFile.Problem? {
        do {
            _ = try TextFile.read(path)
            return nil
        } catch {
            return error
        }
    }

    func testTextIsRead() throws {
        XCTAssertEqual(try TextFile.read(file(Array("a = b\n# ü\n".utf8))), "a = b\n# ü\n")
        XCTAssertEqual(try TextFile.read(file([])), "")
        // One that tells no size is read all the same.
        XCTAssertFalse(try TextFile.read("/proc/self/status").isEmpty)
    }

    func testWhatIsNoRegularFileIsRefusedAndNotWaitedFor() {
        // Opened without O_NONBLOCK, this would wait for a writer for ever.
        XCTAssertEqual(mkfifo(directory + "/fifo", 0o600), 0)
        XCTAssertEqual(problem(directory + "/fifo"), .kind("a FIFO"))
        XCTAssertEqual(symlink(directory + "/fifo", directory + "/link"), 0)
        XCTAssertEqual(problem(directory + "/link"), .kind("a FIFO"))
        XCTAssertEqual(problem(directory), .kind("a folder"))
        XCTAssertEqual(problem("/dev/zero"), .kind("a device"))
        XCTAssertEqual(
            problem("/dev/null")?.description,
            "it is a device; it has to be a regular file"
        )
    }

    func testSizeIsBounded() throws {
        let largest = [UInt8](repeating: UInt8(ascii: "#"), count: TextFile.sizeLimit)
        XCTAssertEqual(try TextFile.read(file(largest)).utf8.count, TextFile.sizeLimit)
        XCTAssertEqual(problem(file(largest + [UInt8(ascii: "#")])), .tooLarge)
        // A file with a hole costs nobody anything.
        let path = file([])
        XCTAssertEqual(truncate(path, 1 << 40), 0)
        XCTAssertEqual(problem(path), .tooLarge)
    }

    func testBytesThatAreNoText() {
        XCTAssertEqual(problem(file([0x61, 0x0A, 0xFF, 0x62])), .malformed(2))
        XCTAssertEqual(problem(file([0xC3])), .malformed(0))
    }

    func testFileThatIsNotThere() {
        guard case .call(let error) = problem(directory + "/file") else {
            return XCTFail("it was read")
        }
        XCTAssertEqual(error.errno.rawValue, ENOENT)
    }
}
