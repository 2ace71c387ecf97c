import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Security Send and Security Receive.
final class SecurityTests: XCTestCase {
    private func status(of command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

    func testSecurityProtocols() throws {
        let bench = try DriveBench()
        let list = try bench.complete(admin(.securityReceive, dword11: 512, length: 512)).data
        XCTAssertEqual(list.prefix(10), bytes("00 00 00 00 00 00 00 02 00 f0")[...])
        let send = admin(
            .securitySend,
            dword10: 0xF000_0000,
            dword11: 3,
            data: [1, 2, 3, 0]
        )
        XCTAssertEqual(try status(of: send, by: bench), .success)
        let receive = admin(.securityReceive, dword10: 0xF000_0000, dword11: 8, length: 8)
        XCTAssertEqual(try bench.complete(receive).data, [1, 2, 3, 0, 0, 0, 0, 0])
        let unknown = admin(.securityReceive, dword10: 0x0100_0000, dword11: 8, length: 8)
        XCTAssertEqual(try status(of: unknown, by: bench), .invalidField)
    }
}
