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

    func testControllerHealthRequest() {
        assertRequest(
            ControllerHealthStatusPoll(all: .physical),
            "84 08 00 00 02 00 00 00 00 00 fe 81 00 00 00 00 57 57 dd 6d"
        )
    }

    func testIdentifyRequests() {
        let whole = """
            84 10 00 00 06 03 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00 01 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 a2 46 94 65
            """
        assertRequest(Identify(.controller, on: 0), whole)
        var generic = AdminCommand(.identify, controller: 0, length: 4096)
        generic.dword10 = 1
        assertRequest(generic, whole)
        assertRequest(
            Identify(.controller, on: 0, length: 72),
            """
            84 10 00 00 06 03 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 48 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 2d e1 50 22
            """
        )
    }

    func testGetLogPageRequest() {
        assertRequest(
            GetLogPage.smart(on: 0).base,
            """
            84 10 00 00 02 03 00 00 ff ff ff ff 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 02 00 7f 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 74 bd 95 c2
            """
        )
    }

    func testAdminResponseWithNVMeStatus() throws {
        let frame = bytes(
            "84 90 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 04 80 e3 17 7c 44"
        )
        let command = Identify(.controller, on: 0)
        let status = NVMeStatus(rawValue: 0x4002)
        XCTAssertEqual(status.withoutAdvice, .invalidField)
        XCTAssertTrue(status.doNotRetry)
        assertThrows(
            DeviceError(
                command: Identify.declaration,
                status: .success,
                nvmeStatus: status
            )
        ) { try command.decode(Response.parse(frame)) }
        XCTAssertEqual(try command.decodeCompletion(Response.parse(frame)).status, status)
        XCTAssertEqual(command.encodeCompletion(AdminReply(status: status), slot: .zero), frame)
    }

    func testControlPrimitives() throws {
        assertRequest(GetState(tag: 0x5A), "84 00 00 00 03 5a 00 00 21 be ef 3b")
        assertRequest(Abort(tag: 1), slot: .one, "84 01 00 00 02 01 00 00 b4 3b 11 eb")
        let frame = bytes("84 80 00 00 00 5a 00 00 ec 39 a3 ac")
        let state = try GetState(tag: 0x5A).decode(Response.parse(frame))
        XCTAssertEqual(state, EndpointState(slotState: .idle))
        XCTAssertEqual(GetState(tag: 0x5A).encodeReply(state, slot: .zero), frame)
    }

    func testAsynchronousEventConfiguration() {
        assertRequest(
            ConfigurationGet.AsynchronousEvents(),
            "84 08 00 00 04 00 00 00 04 00 00 00 00 00 00 00 4f d2 dc e3"
        )
        assertRequest(
            ConfigurationSet.AsynchronousEvents(),
            "84 08 00 00 03 00 00 00 04 00 00 00 00 00 00 00 00 00 05 00 05 97 3b dc f1"
        )
        assertRequest(
            ConfigurationSet.AsynchronousEvents(
                AsynchronousEventList([
                    AsynchronousEventSetting(.compositeTemperature, isEnabled: true)
                ]),
                functions: .physical
            ),
            """
            84 08 00 00 03 00 00 00 04 64 01 01 00 00 00 00 01 00 08 00 05 03 06 80
            0e c4 2c 4c
            """
        )
    }

    func testAsynchronousEventMessage() throws {
        let frame = bytes(
            "84 28 00 00 01 00 11 00 00 07 08 09 01 00 06 00 00 00 00 02 2e 9d 08 93 e9"
        )
        let message = try AsynchronousEventMessage.parse(frame)
        XCTAssertEqual(
            message.occurrences,
            AsynchronousEventOccurrences(
                [
                    .init(.compositeTemperature, scope: .subsystem, specificInformation: [0x2E])
                ],
                generation: 1
            )
        )
        XCTAssertEqual(message.encode(), frame)
    }
}
