import NVMeMI
import XCTest

/// Header, status and integrity check: what is a message, and what is not.
final class EnvelopeTests: XCTestCase {
    func testShortest() {
        assertThrows(EnvelopeError.tooShort(expected: 12, got: 0)) { try Response.parse([]) }
        assertThrows(EnvelopeError.tooShort(expected: 12, got: 11)) {
            try Response.parse(sealed("84 88 00 00 00 00 00"))
        }
        XCTAssertNoThrow(try Response.parse(sealed("84 88 00 00 00 00 00 00")))
        assertThrows(EnvelopeError.tooShort(expected: 8, got: 7)) {
            try Request.parse(sealed("84 08 00"))
        }
        XCTAssertNil(try Request.parse(sealed("84 08 00 00")).opcode)
    }

    func testLongest() throws {
        let header = bytes("84 88 00 00 00 00 00 00")
        let most = sealed(header + [UInt8](repeating: 1, count: 4224 - 12))
        XCTAssertEqual(try Response.parse(most).body.count, 4212)
        assertThrows(EnvelopeError.tooLong(maximum: 4224, got: 4225)) {
            try Response.parse(sealed(header + [UInt8](repeating: 1, count: 4225 - 12)))
        }
    }

    func testType() {
        assertThrows(EnvelopeError.wrongMessageType(got: 0x04)) {
            try Response.parse(sealed("04 88 00 00 00 00 00 00"))
        }
        XCTAssertEqual(
            "\(EnvelopeError.wrongMessageType(got: 0x04))",
            "wrong message type: expected 84h, got 04h (no message integrity check)"
        )
        assertThrows(EnvelopeError.wrongMessageType(got: 0x85)) {
            try Response.parse(sealed("85 88 00 00 00 00 00 00"))
        }
    }

    func testIntegrityCheckSaysBothValues() {
        assertThrows(
            EnvelopeError.badMessageIntegrityCheck(expected: 0x2277_5524, got: 0x2277_5525)
        ) { try Response.parse(bytes("84 88 00 00 00 00 00 00 25 55 77 22")) }
        XCTAssertEqual(
            "\(EnvelopeError.badMessageIntegrityCheck(expected: 0x2277_5524, got: 0xA))",
            "bad message integrity check: expected 22775524h, got 0000000Ah"
        )
    }

    func testDirection() {
        assertThrows(EnvelopeError.notAResponse) {
            try Response.parse(sealed("84 08 00 00 00 00 00 00"))
        }
        assertThrows(EnvelopeError.notARequest) {
            try Request.parse(sealed("84 88 00 00 00 00 00 00"))
        }
        assertThrows(EnvelopeError.notAnEvent) {
            try AsynchronousEventMessage.parse(sealed("84 08 00 00 00 00 00 00"))
        }
        // An event is a request to MCTP and no response to anything.
        assertThrows(EnvelopeError.notAResponse) {
            try Response.parse(
                bytes("84 28 00 00 01 00 11 00 00 07 08 09 01 00 06 00 00 00 00 02 2e 9d 08 93 e9")
            )
        }
    }

    func testHeaderFields() throws {
        for category in UInt8(0)..<16 {
            for slot in CommandSlot.allCases {
                let flags = 0x80 | category << 3 | slot.rawValue
                let response = try Response.parse(sealed([0x84, flags, 0, 0, 0, 0, 0, 0]))
                XCTAssertEqual(response.category, MessageCategory(rawValue: category))
                XCTAssertEqual(response.slot, slot)
            }
        }
        // Reserved bits are ignored.
        let response = try Response.parse(sealed("84 8e fc ff 02 00 00 00"))
        XCTAssertEqual(response.category, .managementInterface)
        XCTAssertEqual(response.slot, .zero)
        XCTAssertFalse(response.header.usesManagementEndpointBuffer)
        XCTAssertFalse(response.header.isCommandInitiatedAutoPause)
        XCTAssertEqual(response.status, .internalError)
    }

    func testHeaderBytes() {
        for (header, literal) in [
            (MessageHeader(category: .controlPrimitive, slot: .zero), "84 00 00 00"),
            (MessageHeader(category: .managementInterface, slot: .one), "84 09 00 00"),
            (MessageHeader(category: .admin, slot: .zero, isResponse: true), "84 90 00 00"),
            (MessageHeader(category: .pcie, slot: .one, isResponse: true), "84 a1 00 00"),
            (
                MessageHeader(
                    category: .managementInterface,
                    slot: .zero,
                    usesManagementEndpointBuffer: true,
                    isCommandInitiatedAutoPause: true
                ),
                "84 08 03 00"
            ),
        ] {
            XCTAssertEqual(text(header.bytes), literal)
        }
        let command = ReadDataStructure().encode(
            header: MessageHeader(
                category: .managementInterface,
                slot: .zero,
                usesManagementEndpointBuffer: true
            )
        )
        XCTAssertEqual(text(Array(command.prefix(5))), "84 08 01 00 00")
    }

    func testMoreProcessingRequired() throws {
        // 8 bytes before the check for every kind of command.
        for flags in ["80", "88", "90", "a0"] {
            let response = try Response.parse(sealed("84 \(flags) 00 00 01 00 0a 00"))
            XCTAssertEqual(response.moreProcessingRequired?.milliseconds, 1000)
        }
        // 20 for Admin commands, as some devices send it; nothing else.
        let long = "84 90 00 00 01 00 0a 00 00 00 00 00 00 00 00 00 00 00 00 00"
        XCTAssertEqual(
            try Response.parse(sealed(long)).moreProcessingRequired,
            MoreProcessingRequired(time: 10)
        )
        assertThrows(EnvelopeError.unexpectedMoreProcessingRequiredLength(got: 24)) {
            try Response.parse(sealed(long.replacing("90", with: "88")))
        }
        assertThrows(EnvelopeError.unexpectedMoreProcessingRequiredLength(got: 16)) {
            try Response.parse(sealed("84 90 00 00 01 00 0a 00 00 00 00 00"))
        }
    }

    func testMoreProcessingRequiredTime() throws {
        let none = try Response.parse(sealed("84 88 00 00 01 ff 00 00")).moreProcessingRequired
        XCTAssertNil(none?.milliseconds)
        XCTAssertNotNil(none)
        let most = try Response.parse(sealed("84 88 00 00 01 00 ff ff")).moreProcessingRequired
        XCTAssertEqual(most?.milliseconds, 6_553_500)
        XCTAssertEqual(most?.isLowerBound, true)
        XCTAssertNil(try Response.parse(sealed("84 88 00 00 00 00 ff ff")).moreProcessingRequired)
        let request = try Request.parse(Identify().encode(slot: .one))
        XCTAssertEqual(
            Response.encode(MoreProcessingRequired(time: 0x1234), to: request),
            sealed("84 91 00 00 01 00 34 12")
        )
    }

    func testManagementResponse() throws {
        let response = try Response.parse(sealed("84 88 00 00 00 11 22 33 44"))
        XCTAssertEqual(response.managementResponse, 0x33_2211)
        XCTAssertEqual(response.body, [0x44])
        XCTAssertNil(response.parameterErrorLocation)
    }

    func testErrorMayHaveBytesBehind() throws {
        let response = try Response.parse(sealed("84 90 00 00 04 02 2c 00 01 02 03"))
        XCTAssertEqual(response.parameterErrorLocation, ParameterErrorLocation(byte: 44, bit: 2))
        assertThrows(
            DeviceError(
                command: Identify.declaration,
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 44, bit: 2)
            )
        ) { try Identify().decode(response) }
    }

    func testUnknownStatusSurvives() throws {
        let response = try Response.parse(sealed("84 88 00 00 7f 00 00 00"))
        XCTAssertEqual(response.status.rawValue, 0x7F)
        XCTAssertEqual("\(response.status)", "Reserved Status (7Fh)")
        XCTAssertEqual("\(ManagementStatus(rawValue: 0xE5))", "Vendor Specific Status (E5h)")
        XCTAssertThrowsError(try ReadDataStructure().decode(response))
    }

    func testAnswersAreTold() throws {
        let command = ReadDataStructure()
        let answer = try Response.parse(sealed("84 88 00 00 00 00 00 00"))
        XCTAssertTrue(command.isAnswered(by: answer, slot: .zero))
        XCTAssertFalse(command.isAnswered(by: answer, slot: .one))
        XCTAssertFalse(Identify().isAnswered(by: answer, slot: .zero))
        XCTAssertFalse(
            ReadDataStructure.subsystemInformation.isAnswered(by: answer, slot: .one)
        )
    }
}
