import NVMeMI
import XCTest

final class PCIeCommandTests: XCTestCase {
    func testRequests() throws {
        assertRequest(
            PCIeCommand(.configurationRead, controller: 0x0102, offset: 0x34, length: 4),
            text(sealed("84 20 00 00 00 00 02 01 04 00 00 00 34 00 00 00 00 00 00 00"))
        )
        assertRequest(
            PCIeCommand(
                .memoryWrite,
                controller: 1,
                baseAddressRegister: 2,
                offset: 0x1122_3344_5566_7788,
                data: [1, 2, 3, 4, 5]
            ),
            text(
                sealed(
                    """
                    84 20 00 00 03 00 01 00 05 00 02 00 88 77 66 55 44 33 22 11
                    01 02 03 04 05 00 00 00
                    """
                )
            )
        )
    }

    func testReply() throws {
        let read = PCIeCommand(.configurationRead, controller: 0, offset: 0, length: 6)
        let frame = sealed("84 a0 00 00 00 00 00 00 01 02 03 04 05 06 00 00")
        XCTAssertEqual(try read.decode(Response.parse(frame)), [1, 2, 3, 4, 5, 6])
        XCTAssertEqual(read.encodeReply([1, 2, 3, 4, 5, 6], slot: .zero), frame)
        XCTAssertThrowsError(
            try read.decode(Response.parse(sealed("84 a0 00 00 00 00 00 00 01 02 03 04 05")))
        )
        assertThrows(
            DeviceError(
                command: read.declaration,
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 12)
            )
        ) { try read.decode(Response.parse(sealed("84 a0 00 00 04 00 0c 00"))) }
        let write = PCIeCommand(.ioWrite, controller: 0, offset: 0, data: [1])
        XCTAssertEqual(
            try write.decode(Response.parse(sealed("84 a0 00 00 00 00 00 00"))),
            []
        )
    }

    func testValidation() {
        XCTAssertNoThrow(
            try PCIeCommand(.configurationRead, controller: 0, offset: 0xFFF, length: 1)
                .validate()
        )
        XCTAssertThrowsError(
            try PCIeCommand(.configurationRead, controller: 0, offset: 0x1000, length: 1)
                .validate()
        )
        XCTAssertThrowsError(
            try PCIeCommand(.ioRead, controller: 0, offset: 1 << 32, length: 1).validate()
        )
        XCTAssertNoThrow(
            try PCIeCommand(.memoryRead, controller: 0, offset: .max, length: 1).validate()
        )
        XCTAssertThrowsError(
            try PCIeCommand(.memoryRead, controller: 0, offset: 0, length: 4097).validate()
        )
        XCTAssertThrowsError(
            try PCIeCommand(
                .memoryRead,
                controller: 0,
                baseAddressRegister: 8,
                offset: 0,
                length: 4
            ).validate()
        )
        var write = PCIeCommand(.memoryWrite, controller: 0, offset: 0, data: [1, 2])
        XCTAssertNoThrow(try write.validate())
        write.data = [1, 2]
        XCTAssertThrowsError(try write.validate())
    }

    func testLengthOfReceivedData() throws {
        let literal = "84 20 00 00 03 00 01 00 05 00 00 00 00 00 00 00 00 00 00 00 01 02 03 04"
        XCTAssertThrowsError(try PCIeCommand(request: Request.parse(sealed(literal)))) {
            XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandInputDataSize)
        }
        XCTAssertNoThrow(
            try PCIeCommand(request: Request.parse(sealed(literal + " 05 00 00 00")))
        )
    }
}
