import NVMeMI
import XCTest

final class ControlPrimitiveTests: XCTestCase {
    private func response(_ literal: String) throws -> Response {
        try Response.parse(sealed(literal))
    }

    func testRequests() {
        assertRequest(Pause(tag: 1), text(sealed("84 00 00 00 00 01 00 00")))
        assertRequest(Resume(tag: 2), text(sealed("84 00 00 00 01 02 00 00")))
        assertRequest(Abort(tag: 3), slot: .one, text(sealed("84 01 00 00 02 03 00 00")))
        assertRequest(
            GetState(tag: 4, clearsErrors: true),
            text(sealed("84 00 00 00 03 04 01 00"))
        )
        assertRequest(Replay(tag: 5, from: 0x11), text(sealed("84 00 00 00 04 05 11 00")))
        assertRequest(
            RawControlPrimitive(opcode: 0xF1, tag: 6, parameter: 0x1234),
            text(sealed("84 00 00 00 f1 06 34 12"))
        )
    }

    func testLengthsOfRequests() throws {
        XCTAssertThrowsError(
            try Pause(request: Request.parse(sealed("84 00 00 00 00 01 00")))
        ) { XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandSize) }
        XCTAssertThrowsError(
            try Pause(request: Request.parse(sealed("84 00 00 00 00 01 00 00 00")))
        ) { XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandInputDataSize) }
    }

    func testReplies() throws {
        XCTAssertNoThrow(try Pause(tag: 1).decode(response("84 80 00 00 00 01 03 00")))
        XCTAssertEqual(
            try Abort(tag: 3).decode(response("84 81 00 00 00 03 02 00")),
            .partiallyProcessed
        )
        XCTAssertEqual(try Abort(tag: 3).decode(response("84 81 00 00 00 03 fd ff")).rawValue, 1)
        XCTAssertTrue(try Replay(tag: 5).decode(response("84 80 00 00 00 05 01 00")))
        XCTAssertFalse(try Replay(tag: 5).decode(response("84 80 00 00 00 05 fe ff")))
        XCTAssertEqual(
            try RawControlPrimitive(opcode: 0xF1, tag: 6).decode(
                response("84 80 00 00 00 06 34 12")
            ),
            0x1234
        )
        XCTAssertEqual(
            Abort(tag: 3).encodeReply(.beforeProcessing, slot: .one),
            sealed("84 81 00 00 00 03 01 00")
        )
        XCTAssertEqual(
            Replay(tag: 5).encodeReply(true, slot: .zero),
            sealed("84 80 00 00 00 05 01 00")
        )
        XCTAssertEqual(
            Pause(tag: 7).encodeRefusal(.invalidCommandOpcode, slot: .zero),
            sealed("84 80 00 00 03 07 00 00")
        )
    }

    func testTagIsCompared() throws {
        let late = try response("84 80 00 00 00 04 00 00")
        XCTAssertFalse(GetState(tag: 5).isAnswered(by: late, slot: .zero))
        XCTAssertTrue(GetState(tag: 4).isAnswered(by: late, slot: .zero))
        XCTAssertFalse(GetState(tag: 4).isAnswered(by: late, slot: .one))
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Get State response",
                field: "tag",
                offset: 5,
                expected: "05h",
                got: "04h"
            )
        ) { try GetState(tag: 5).decode(late) }
        let refusal = try response("84 80 00 00 03 00 00 00")
        XCTAssertTrue(
            GetState(tag: 5).isAnswered(by: refusal, slot: .zero),
            "a Generic Error Response has no tag"
        )
        XCTAssertFalse(GetState(tag: 5).isAnswered(by: refusal, slot: .one))
        let other = try response("84 88 00 00 00 04 00 00")
        XCTAssertFalse(GetState(tag: 4).isAnswered(by: other, slot: .zero))
    }

    func testErrors() throws {
        assertThrows(DeviceError(command: GetState.declaration, status: .internalError)) {
            try GetState(tag: 4).decode(response("84 80 00 00 02 04 00 00"))
        }
        assertThrows(DeviceError(command: GetState.declaration, status: .invalidCommandOpcode)) {
            try GetState(tag: 4).decode(response("84 80 00 00 03 00 00 00"))
        }
        // With the tag repeated, and with the place of the parameter instead.
        assertThrows(DeviceError(command: Pause.declaration, status: .invalidParameter)) {
            try Pause(tag: 4).decode(response("84 81 00 00 04 04 00 00"))
        }
        assertThrows(
            DeviceError(
                command: Pause.declaration,
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 1)
            )
        ) { try Pause(tag: 4).decode(response("84 81 00 00 04 00 01 00")) }
    }

    func testEndpointState() throws {
        let state = try GetState(tag: 9).decode(response("84 80 00 00 00 09 1a c0"))
        XCTAssertEqual(state.slotState, .process)
        XCTAssertTrue(state.isPaused)
        XCTAssertEqual(
            state.errors,
            [.commandToBusySlot, .badMessageIntegrityCheck, .subsystemReset]
        )
        XCTAssertEqual(state.namedValues["SlotState"], .text("Process"))
        XCTAssertEqual(
            state.namedValues["Errors"],
            .names(["CommandToBusySlot", "BadMessageIntegrityCheck", "SubsystemReset"])
        )
        XCTAssertEqual(
            EndpointState(
                slotState: .process,
                errors: [.commandToBusySlot, .badMessageIntegrityCheck, .subsystemReset],
                isPaused: true
            ),
            state
        )
    }

    func testRefusalRepeatsTheTag() throws {
        let request = try Request.parse(sealed("84 00 00 00 77 5a 34 12"))
        XCTAssertEqual(
            Response.encode(refusing: request, status: .invalidCommandOpcode),
            sealed("84 80 00 00 03 5a 00 00")
        )
        let short = try Request.parse(sealed("84 01 00 00 77"))
        XCTAssertEqual(
            Response.encode(
                refusing: short,
                RequestError(status: .invalidCommandSize, reason: "short")
            ),
            sealed("84 81 00 00 05 00 00 00")
        )
    }
}
