import NVMeMI
import XCTest

/// Statuses and errors in words and numbers.
final class StatusTests: XCTestCase {
    func testNVMeStatusFields() {
        let status = NVMeStatus(completionDword3: 0xFFFF_FFFF)
        XCTAssertEqual(status.rawValue, 0x7FFF)
        XCTAssertEqual(status.codeType, 7)
        XCTAssertEqual(status.code, 0xFF)
        XCTAssertEqual(status.retryDelay, 3)
        XCTAssertTrue(status.hasMore)
        XCTAssertTrue(status.doNotRetry)
        XCTAssertEqual(status.completionDword3, 0xFFFE_0000)
        // Command identifier and phase are not part of the status.
        XCTAssertEqual(NVMeStatus(completionDword3: 0x0001_FFFF), .success)
        XCTAssertEqual(
            NVMeStatus(codeType: 1, code: 0x0B, retryDelay: 2, hasMore: true, doNotRetry: true),
            NVMeStatus(rawValue: 0x710B)
        )
    }

    func testSuccessIgnoresAdvice() {
        XCTAssertTrue(NVMeStatus(rawValue: 0x4000).isSuccess)
        XCTAssertFalse(NVMeStatus(rawValue: 0x4002).isSuccess)
    }

    func testResetRequired() {
        for raw: UInt16 in [0x10B, 0x110, 0x111, 0x410B] {
            XCTAssertTrue(NVMeStatus(rawValue: raw).meansResetRequired)
        }
        for raw: UInt16 in [0, 0x00B, 0x112, 0x106] {
            XCTAssertFalse(NVMeStatus(rawValue: raw).meansResetRequired)
        }
    }

    func testNVMeStatusInWords() {
        XCTAssertEqual(
            "\(NVMeStatus(rawValue: 0x4002))",
            "Invalid Field in Command (SCT 0h, SC 02h), do not retry"
        )
        XCTAssertEqual("\(NVMeStatus(rawValue: 0x109))", "Invalid Log Page (SCT 1h, SC 09h)")
        XCTAssertEqual(
            "\(NVMeStatus(rawValue: 0x2281))",
            "Unrecovered Read Error (SCT 2h, SC 81h), more in the error log"
        )
        XCTAssertEqual(
            "\(NVMeStatus(rawValue: 0x7C5))",
            "Vendor Specific Status (SCT 7h, SC C5h)"
        )
        XCTAssertEqual(
            "\(NVMeStatus(rawValue: 0x0C5))",
            "Vendor Specific Status (SCT 0h, SC C5h)"
        )
        XCTAssertEqual("\(NVMeStatus(rawValue: 0x45F))", "Unknown Status (SCT 4h, SC 5Fh)")
    }

    func testParameterErrorLocationNamesTheField() {
        let fields = ReadDataStructure.declaration.requestFields
        XCTAssertEqual(
            ParameterErrorLocation(byte: 11).describe(in: fields),
            "data structure type (byte 11, bit 0)"
        )
        XCTAssertEqual(
            ParameterErrorLocation(byte: 4).describe(in: fields),
            "opcode (byte 4, bit 0)"
        )
        XCTAssertEqual(
            ParameterErrorLocation(byte: 9).describe(in: fields),
            "controller identifier (byte 9, bit 0)"
        )
        XCTAssertEqual(ParameterErrorLocation(byte: 15).describe(in: fields), "byte 15, bit 0")
        XCTAssertEqual(
            ParameterErrorLocation(byte: .max).describe(in: fields),
            "beyond byte 65534"
        )
        XCTAssertEqual(
            ParameterErrorLocation(byte: 45, bit: 7).describe(
                in: GetLogPage.declaration.requestFields
            ),
            "retain asynchronous event (byte 45, bit 7)"
        )
    }

    func testDeviceErrorInWords() {
        XCTAssertEqual(
            DeviceError(
                command: ConfigurationGet.TransmissionUnitSize.declaration,
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 11)
            ).description,
            "Configuration Get: Invalid Parameter (04h) at port identifier (byte 11, bit 0)"
        )
        XCTAssertEqual(
            DeviceError(command: VPDRead.declaration, status: .accessDenied).description,
            "VPD Read: Access Denied (07h)"
        )
        XCTAssertEqual(
            DeviceError(
                command: Identify.declaration,
                status: .success,
                nvmeStatus: .invalidField
            ).description,
            "Identify: Invalid Field in Command (SCT 0h, SC 02h)"
        )
        XCTAssertEqual(
            DeviceError(
                command: RawManagementCommand(opcode: 0xC1).declaration,
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 20)
            ).description,
            "Management Interface Command C1h: Invalid Parameter (04h) at byte 20, bit 0"
        )
    }

    func testDecodingErrorInWords() {
        XCTAssertEqual(
            NVMeMI.DecodingError(
                subject: "Identify response",
                field: "data",
                offset: 20,
                expected: "4096 bytes",
                got: "72 bytes"
            ).description,
            "Identify response: data at byte 20: expected 4096 bytes, got 72 bytes"
        )
    }
}
