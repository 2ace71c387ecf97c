import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// The Management Endpoint Buffer.
final class EndpointBufferTests: XCTestCase {
    private func dualPort() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    func testEndpointBuffer() throws {
        let bench = try dualPort()
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 0, length: 4)),
            [0, 0, 0, 0]
        )
        try bench.run(ManagementEndpointBufferWrite(offset: 4_094, data: [7, 8]))
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 4_094, length: 2)),
            [7, 8]
        )
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 0, length: 4_096)).count,
            4_096
        )
        XCTAssertEqual(try bench.run(ManagementEndpointBufferRead(offset: 9_999, length: 0)), [])
        for (offset, length, byte) in [(4_096, 1, 8), (4_095, 2, 12), (0, 4_097, 12)]
            as [(UInt32, UInt32, UInt16)]
        {
            let command = ManagementEndpointBufferRead(offset: offset, length: length)
            assertRefused(
                try bench.exchange(command.encode(slot: .zero)),
                .invalidParameter,
                byte: byte
            )
        }
    }

    func testAnswerGoesIntoTheBuffer() throws {
        let bench = try dualPort()
        let listed = try bench.run(ReadDataStructure.managementEndpointBufferCommands()).commands
        XCTAssertEqual(
            listed.map(\.name),
            ["Read NVMe-MI Data Structure", "VPD Read", "Get Log Page", "Identify"]
        )
        let inline = try bench.run(Identify(.controller, on: 0))
        let header = MessageHeader(
            category: .admin,
            slot: .zero,
            usesManagementEndpointBuffer: true
        )
        let response = try bench.exchange(Identify(.controller, on: 0).encode(header: header))
        XCTAssertEqual(response.status, .success)
        XCTAssertEqual(response.bytes.count, 20)
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 0, length: 4_096)),
            inline
        )
    }

    func testBufferThatTheCommandOrTheDriveDoesNotHave() throws {
        let message = "84 08 01 00 01 00 00 00 00 00 00 00 00 00 00 00"
        assertRefused(try dualPort().exchange(unsealed: message), .invalidParameter, byte: 2)
        let read = "84 08 01 00 00 00 00 00 00 00 00 00 00 00 00 00"
        assertRefused(try DriveBench().exchange(unsealed: read), .invalidParameter, byte: 2)
    }
}
