import NVMeMI
import XCTest

/// Vital Product Data, Management Endpoint Buffer, reset and shutdown.
final class OtherManagementTests: XCTestCase {
    private func response(_ literal: String) throws -> Response {
        try Response.parse(sealed(literal))
    }

    func testVPDRead() throws {
        let read = VPDRead(offset: 0x0102, length: 3)
        assertRequest(read, text(sealed("84 08 00 00 05 00 00 00 02 01 00 00 03 00 00 00")))
        XCTAssertEqual(try read.decode(response("84 88 00 00 00 00 00 00 01 02 03")), [1, 2, 3])
        XCTAssertEqual(try read.decode(response("84 88 00 00 00 00 00 00 01 02 03 00")), [1, 2, 3])
        assertThrows(
            NVMeMI.DecodingError(
                subject: "VPD Read response",
                field: "data",
                offset: 8,
                expected: "3 bytes",
                got: "2 bytes"
            )
        ) { try read.decode(response("84 88 00 00 00 00 00 00 01 02")) }
        XCTAssertEqual(
            try VPDRead(offset: 0, length: 0).decode(response("84 88 00 00 00 00 00 00")),
            []
        )
        XCTAssertThrowsError(try VPDRead(offset: 0, length: 4097).validate())
        XCTAssertNoThrow(try VPDRead(offset: 0, length: 4096).validate())
    }

    func testVPDWrite() throws {
        assertRequest(
            VPDWrite(offset: 4, data: [1, 2, 3]),
            text(sealed("84 08 00 00 06 00 00 00 04 00 00 00 03 00 00 00 01 02 03"))
        )
        for literal in [
            "84 08 00 00 06 00 00 00 04 00 00 00 03 00 00 00 01 02",
            "84 08 00 00 06 00 00 00 04 00 00 00 03 00 00 00 01 02 03 04",
        ] {
            XCTAssertThrowsError(try VPDWrite(request: Request.parse(sealed(literal)))) {
                XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandInputDataSize)
            }
        }
        var write = VPDWrite()
        write.data = [7]
        XCTAssertEqual(write.length, 1)
        XCTAssertNoThrow(try write.decode(response("84 88 00 00 00 00 00 00")))
        assertThrows(
            ArgumentError(
                command: "VPD Write",
                field: "data",
                expected: "at most 4204 bytes",
                got: "4205"
            )
        ) { try VPDWrite(offset: 0, data: [UInt8](repeating: 0, count: 4205)).validate() }
    }

    func testManagementEndpointBuffer() throws {
        assertRequest(
            ManagementEndpointBufferRead(offset: 0x0102_0304, length: 0x10),
            text(sealed("84 08 00 00 0a 00 00 00 04 03 02 01 10 00 00 00"))
        )
        assertRequest(
            ManagementEndpointBufferWrite(offset: 1, data: [5]),
            text(sealed("84 08 00 00 0b 00 00 00 01 00 00 00 01 00 00 00 05"))
        )
        XCTAssertThrowsError(
            try ManagementEndpointBufferRead(offset: 0, length: .max).decode(
                response("84 88 00 00 00 00 00 00 01 02")
            )
        )
    }

    func testResetAndShutdown() throws {
        assertRequest(
            SubsystemReset(),
            text(sealed("84 08 00 00 07 00 00 00 00 00 00 00 00 00 00 00"))
        )
        assertRequest(
            SubsystemShutdown(.abrupt),
            text(sealed("84 08 00 00 0c 00 00 00 00 00 00 01 00 00 00 00"))
        )
        XCTAssertFalse(SubsystemReset.declaration.isRepeatable)
    }
}
