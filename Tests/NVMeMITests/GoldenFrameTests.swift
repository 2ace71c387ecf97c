import NVMeMI
import XCTest

/// Whole messages whose bytes were computed outside of this project.
final class GoldenFrameTests: XCTestCase {
    func testReadDataStructureRequests() {
        assertRequest(
            ReadDataStructure(),
            "84 08 00 00 00 00 00 00 00 00 00 00 00 00 00 00 e2 00 06 07"
        )
        assertRequest(
            ReadDataStructure.portInformation(1).base,
            "84 08 00 00 00 00 00 00 00 00 01 01 00 00 00 00 57 04 27 d0"
        )
        assertRequest(
            ReadDataStructure.controllerList().base,
            "84 08 00 00 00 00 00 00 00 00 00 02 00 00 00 00 ba df 24 77"
        )
        assertRequest(
            ReadDataStructure.controllerInformation(0).base,
            "84 08 00 00 00 00 00 00 00 00 00 03 00 00 00 00 16 b0 35 4f"
        )
    }

    func testReadSubsystemInformationResponse() throws {
        let frame = bytes(
            """
            84 88 00 00 00 20 00 00 01 01 02 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 3c f8 db 52
            """
        )
        let command = ReadDataStructure.subsystemInformation
        let information = try command.decode(Response.parse(frame))
        XCTAssertEqual(information.portCount, 2)
        XCTAssertEqual(information.majorVersion, 1)
        XCTAssertEqual(information.minorVersion, 2)
        XCTAssertEqual(command.encodeReply(information, slot: .zero), frame)
    }

    func testSubsystemHealth() throws {
        assertRequest(
            SubsystemHealthStatusPoll(clearsStatus: true),
            "84 08 00 00 01 00 00 00 00 00 00 00 00 00 00 80 aa ef 81 b4"
        )
        let frame = bytes("84 88 00 00 00 00 00 00 30 ff 2e 01 01 00 00 00 11 a7 bd b0")
        let health = try SubsystemHealthStatusPoll().decode(Response.parse(frame))
        XCTAssertEqual(health.status, [.driveFunctional, .resetNotRequired])
        XCTAssertEqual(health.warnings, [])
        XCTAssertEqual(health.temperature.celsius, 46)
        XCTAssertEqual(health.percentageUsed, 1)
        XCTAssertEqual(health.compositeControllerStatus, .ready)
        XCTAssertEqual(SubsystemHealthStatusPoll().encodeReply(health, slot: .zero), frame)
    }

    func testConfiguration() {
        assertRequest(
            ConfigurationGet.TransmissionUnitSize(port: 1),
            "84 08 00 00 04 00 00 00 03 00 00 01 00 00 00 00 e7 b8 94 21"
        )
        assertRequest(
            ConfigurationGet(.transmissionUnitSize, port: 1),
            "84 08 00 00 04 00 00 00 03 00 00 01 00 00 00 00 e7 b8 94 21"
        )
        assertRequest(
            ConfigurationSet.TransmissionUnitSize(port: 1, size: 250),
            "84 08 00 00 03 00 00 00 03 00 00 01 fa 00 00 00 7e e7 a5 39"
        )
    }

    func testManagementResponses() throws {
        let success = bytes("84 88 00 00 00 00 00 00 24 55 77 22")
        XCTAssertEqual(try Response.parse(success).status, .success)
        XCTAssertEqual(
            Response.encode(category: .managementInterface, slot: .zero),
            success
        )

        let request = try Request.parse(ReadDataStructure().encode(slot: .zero))
        let invalidParameter = bytes("84 88 00 00 04 00 08 00 6f a7 41 c4")
        let response = try Response.parse(invalidParameter)
        XCTAssertEqual(response.status, .invalidParameter)
        XCTAssertEqual(response.parameterErrorLocation, ParameterErrorLocation(byte: 8, bit: 0))
        XCTAssertEqual(
            Response.encode(
                refusing: request,
                status: .invalidParameter,
                at: ParameterErrorLocation(byte: 8)
            ),
            invalidParameter
        )

        for (status, frame) in [
            (ManagementStatus.invalidCommandOpcode, "84 88 00 00 03 00 00 00 1d dc 55 40"),
            (.invalidCommandSize, "84 88 00 00 05 00 00 00 6f ce 10 84"),
            (.invalidCommandInputDataSize, "84 88 00 00 06 00 00 00 56 47 32 e6"),
            (.invalidParameter, "84 88 00 00 04 00 00 00 d7 64 55 59"),
        ] {
            XCTAssertEqual(try Response.parse(bytes(frame)).status, status)
            XCTAssertNil(try Response.parse(bytes(frame)).parameterErrorLocation)
            XCTAssertEqual(Response.encode(refusing: request, status: status), bytes(frame))
        }
    }

    func testMoreProcessingRequired() throws {
        let frame = bytes("84 90 00 00 01 00 1e 00 62 9b 5a e6")
        XCTAssertEqual(try Response.parse(frame).moreProcessingRequired?.milliseconds, 3000)
    }
}
