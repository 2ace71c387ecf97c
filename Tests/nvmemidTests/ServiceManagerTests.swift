import EventLoop
import Glibc
import TestSupport
import XCTest

@testable import nvmemid

/// The daemon's side of sd_notify's protocol, and when its watchdog is fed.
final class ServiceManagerTests: XCTestCase {
    /// A socket as systemd has it.
    private final class Socket: Sendable {
        let descriptor = socket(
            AF_UNIX,
            Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
                | Int32(SOCK_CLOEXEC.rawValue),
            0
        )

        init(path: [UInt8]) {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length)
                }
            }
            XCTAssertEqual(result, 0, "bind: \(errno)")
        }

        deinit { close(descriptor) }

        /// The datagrams that have come.
        func received() -> [String] {
            var found: [String] = []
            var buffer = [UInt8](repeating: 0, count: 1000)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count >= 0 else { return found }
                found.append(String(decoding: buffer[..<count], as: UTF8.self))
            }
        }
    }

    private static let name = "nvmemi-notify-\(getpid())"

    private func abstract() -> Socket { Socket(path: [0] + Array(Self.name.utf8)) }

    func testWhatIsToldOverAnAbstractSocket() throws {
        let socket = abstract()
        try runLoop {
            let manager = ServiceManager { $0 == "NOTIFY_SOCKET" ? "@" + Self.name : nil }
            manager.tell(.ready)
            manager.tell(.alive)
            manager.tell(.stopping)
            XCTAssertNil(manager.watchdogInterval)
        }
        XCTAssertEqual(socket.received(), ["READY=1", "WATCHDOG=1", "STOPPING=1"])
    }

    func testASocketWithAPath() throws {
        let path = "/tmp/" + Self.name
        unlink(path)
        let socket = Socket(path: Array(path.utf8) + [0])
        defer { unlink(path) }
        try runLoop {
            ServiceManager { $0 == "NOTIFY_SOCKET" ? path : nil }.tell(.reloading)
        }
        let told = socket.received()
        XCTAssertEqual(told.count, 1)
        XCTAssertTrue(told.first?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") ?? false, "\(told)")
    }

    func testWithoutAManagerNothingIsTold() throws {
        try runLoop {
            for name in [nil, "", "@", "relative", "/" + String(repeating: "x", count: 200)] {
                let manager = ServiceManager {
                    $0 == "NOTIFY_SOCKET" ? name : $0 == "WATCHDOG_USEC" ? "1000" : nil
                }
                manager.tell(.ready)
                XCTAssertNil(manager.watchdogInterval)
            }
            // A manager that has gone is not waited for.
            ServiceManager { _ in "@nvmemi-nobody" }.tell(.ready)
            XCTAssertEqual(EventLoop.main.pendingTimers, 0)
        }
    }

    func testAManagerThatIsBehindIsToldLater() throws {
        let socket = abstract()
        try runLoop {
            let manager = ServiceManager { $0 == "NOTIFY_SOCKET" ? "@" + Self.name : nil }
            // As many as the socket takes; what is too much of these is not missed.
            for _ in 0..<10_000 { manager.tell(.alive) }
            manager.tell(.ready)
            manager.tell(.stopping)
            XCTAssertFalse(socket.received().contains("STOPPING=1"))
            let deadline = EventLoop.main.now + .seconds(20)
            var told: [String] = []
            while told.count < 2, EventLoop.main.now < deadline {
                try await sleep(for: .milliseconds(10))
                told += socket.received()
            }
            XCTAssertEqual(told, ["READY=1", "STOPPING=1"])
        }
    }

    func testWatchdogInterval() {
        func interval(_ period: String, _ process: String?) -> Duration? {
            ServiceManager {
                ["NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": period, "WATCHDOG_PID": process][$0] ?? nil
            }.watchdogInterval
        }
        XCTAssertEqual(interval("60000000", nil), .seconds(60))
        XCTAssertEqual(interval("60000000", "\(getpid())"), .seconds(60))
        // It is another process that is watched.
        XCTAssertNil(interval("60000000", "1"))
        for period in ["0", "-1", "", "1s"] { XCTAssertNil(interval(period, nil)) }
    }
}
