import NVMeMI
import XCTest

final class AdminCommandTests: XCTestCase {
    private let success = "84 90 00 00 00 00 00 00 78 56 34 12 00 00 00 00 00 00 00 00 "

    private func response(_ literal: String) throws -> Response {
        try Response.parse(sealed(literal))
    }

    func testEveryFieldHasItsPlace() {
        var command = AdminCommand(
            AdminOpcode(rawValue: 0xC2),
            controller: 0x0102,
            namespace: 0x1111_1111,
            offset: 0x100,
            length: 0x200
        )
        command.dword2 = 0x2222_2222
        command.dword3 = 0x3333_3333
        command.dword4 = 0x4444_4444
        command.dword5 = 0x5555_5555
        command.dword10 = 0x1010_1010
        command.dword11 = 0x1111_1112
        command.dword12 = 0x1212_1212
        command.dword13 = 0x1313_1313
        command.dword14 = 0x1414_1414
        command.dword15 = 0x1515_1515
        command.ignoresShutdown = true
        assertRequest(
            command,
            slot: .one,
            text(
                sealed(
                    """
                    84 11 00 00 c2 07 02 01 11 11 11 11 22 22 22 22 33 33 33 33 44 44 44 44
                    55 55 55 55 00 01 00 00 00 02 00 00 00 00 00 00 00 00 00 00 10 10 10 10
                    12 11 11 11 12 12 12 12 13 13 13 13 14 14 14 14 15 15 15 15
                    """
                )
            )
        )
    }

    func testDataForTheController() throws {
        let command = AdminCommand(.setFeatures, controller: 1, data: [1, 2, 3, 4])
        let frame = command.encode(slot: .zero)
        XCTAssertEqual(frame.count, 68 + 4 + 4)
        XCTAssertEqual(Array(frame[32..<36]), [4, 0, 0, 0])
        XCTAssertEqual(try AdminCommand(request: Request.parse(frame)), command)
    }

    func testLengthOfReceivedData() throws {
        let message = AdminCommand(.setFeatures, controller: 1, data: [1, 2, 3, 4])
            .encode(slot: .zero).dropLast(4)
        for damaged in [Array(message.dropLast()), message + [5]] {
            XCTAssertThrowsError(try AdminCommand(request: Request.parse(sealed(damaged)))) {
                XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandInputDataSize)
            }
        }
        let identify = Identify().encode(slot: .zero).dropLast(4)
        XCTAssertThrowsError(try Identify(request: Request.parse(sealed(identify + [0])))) {
            XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandInputDataSize)
        }
        XCTAssertThrowsError(
            try Identify(request: Request.parse(sealed(Array(identify.dropLast()))))
        ) { XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandSize) }
    }

    func testLengthAndOffsetOfReceivedRequest() throws {
        for (offset, length, byte): (UInt32, UInt32, UInt16) in [
            (0, 4100, 32), (0, 6, 32), (0, .max, 32), (2, 4, 28), (.max, 4, 28),
        ] {
            let command = AdminCommand(.identify, controller: 0, offset: offset, length: length)
            XCTAssertThrowsError(
                try AdminCommand(request: Request.parse(command.encode(slot: .zero)))
            ) { error in
                let error = error as? RequestError
                XCTAssertEqual(error?.status, .invalidParameter)
                XCTAssertEqual(
                    error?.parameterErrorLocation,
                    ParameterErrorLocation(byte: byte)
                )
            }
            XCTAssertThrowsError(try command.validate()) { XCTAssertTrue($0 is ArgumentError) }
        }
    }

    func testValidation() {
        XCTAssertNoThrow(try AdminCommand(.identify, controller: 0, length: 4096).validate())
        assertThrows(
            ArgumentError(
                command: "Identify",
                field: "data",
                expected: "none for a command that does not send any",
                got: "4 bytes"
            )
        ) { try AdminCommand(.identify, controller: 0, data: [1, 2, 3, 4]).validate() }
        assertThrows(
            ArgumentError(
                command: "Set Features",
                field: "data length",
                expected: "0 for a command that does not return data",
                got: "4"
            )
        ) { try AdminCommand(.setFeatures, controller: 0, length: 4).validate() }
        assertThrows(
            ArgumentError(
                command: "Admin Command C3h",
                field: "opcode",
                expected: "a command with data in one direction at most",
                got: "C3h"
            )
        ) { try AdminCommand(AdminOpcode(rawValue: 0xC3), controller: 0).validate() }
        XCTAssertThrowsError(
            try AdminCommand(
                .setFeatures,
                controller: 0,
                data: [UInt8](repeating: 0, count: 4100)
            ).validate()
        )
    }

    func testCompletion() throws {
        let command = AdminCommand(.getFeatures, controller: 0, length: 4)
        let reply = try command.decode(response(success + "01 02 03 04"))
        XCTAssertEqual(reply, AdminReply(result: 0x1234_5678, data: [1, 2, 3, 4]))
        XCTAssertEqual(
            text(command.encodeReply(reply, slot: .zero)),
            text(sealed(success + "01 02 03 04"))
        )
    }

    func testLengthsOfResponses() throws {
        let command = AdminCommand(.getFeatures, controller: 0, length: 4)
        // Fewer bytes than asked for are the command's affair; these have none.
        XCTAssertEqual(try command.decode(response(success)).data, [])
        // More are an error: what they mean cannot be known.
        XCTAssertThrowsError(try command.decode(response(success + "01 02 03 04 05")))
        var slice = command
        slice.offset = 4
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Get Features response",
                field: "data",
                offset: 20,
                expected: "at most 4 bytes",
                got: "5 bytes"
            )
        ) { try slice.decode(response(success + "01 02 03 04 05")) }
        // Without completion queue entry.
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Get Features response",
                field: "completion queue entry dword 3",
                offset: 16,
                expected: "4 bytes",
                got: "3 bytes before the end"
            )
        ) {
            try command.decode(
                response("84 90 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
            )
        }
    }

    func testNVMeErrorIsAnErrorUnlessAskedFor() throws {
        let failed = try response(
            "84 90 00 00 00 00 00 00 01 00 00 00 02 00 00 00 34 12 13 02"
        )
        let command = FirmwareCommit(.activateAtReset, slot: 1, on: 0)
        XCTAssertThrowsError(try command.decode(failed)) { error in
            let error = error as? DeviceError
            XCTAssertEqual(error?.status, .success)
            XCTAssertEqual(error?.nvmeStatus, NVMeStatus(codeType: 1, code: 0x09))
        }
        let completion = try command.decodeCompletion(failed)
        XCTAssertEqual(completion.result, 1)
        XCTAssertEqual(completion.result1, 2)
        XCTAssertEqual(completion.status, .invalidLogPage)
    }

    func testRefusalOfTheMessage() throws {
        assertThrows(
            DeviceError(
                command: Identify.declaration,
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 6)
            )
        ) { try Identify.controller(9).decode(response("84 90 00 00 04 00 06 00")) }
    }

    func testFeatures() throws {
        var get = GetFeatures(.temperatureThreshold, on: 1, selection: .saved)
        get.specific = 0x0001_0000
        XCTAssertEqual(
            text(Array(get.encode(slot: .zero)[44..<52])),
            "04 02 00 00 00 00 01 00"
        )
        var set = SetFeatures(.powerManagement, on: 1, value: 3, isSaved: true)
        set.uuidIndex = 0x7F
        let frame = set.encode(slot: .zero)
        XCTAssertEqual(
            text(Array(frame[44..<68])),
            "02 00 00 80 03 00 00 00 00 00 00 00 00 00 00 00 7f 00 00 00 00 00 00 00"
        )
        XCTAssertEqual(Array(frame[32..<36]), [0, 0, 0, 0])
        XCTAssertEqual(try set.decode(response(success)), 0x1234_5678)
        set.uuidIndex = 0x80
        XCTAssertThrowsError(try set.validate()) {
            XCTAssertEqual(($0 as? ArgumentError)?.field, "UUID index")
        }
    }

    func testFirmware() throws {
        let download = FirmwareImageDownload(
            [UInt8](repeating: 9, count: 4096),
            dwordOffset: 0x400,
            on: 2
        )
        let frame = download.encode(slot: .zero)
        XCTAssertEqual(text(Array(frame[44..<52])), "ff 03 00 00 00 04 00 00")
        XCTAssertNoThrow(try download.validate())
        XCTAssertThrowsError(
            try FirmwareImageDownload([], dwordOffset: 0, on: 0).validate()
        )
        XCTAssertThrowsError(
            try FirmwareImageDownload([1, 2, 3], dwordOffset: 0, on: 0).validate()
        )
        XCTAssertEqual(
            text(
                Array(
                    FirmwareCommit(.replaceAndActivateAtReset, slot: 2, on: 0)
                        .encode(slot: .zero)[44..<48]
                )
            ),
            "0a 00 00 00"
        )
    }

    func testErasing() {
        XCTAssertEqual(
            text(
                Array(
                    FormatNVM(0xFFFF_FFFF, on: 0, formatIndex: 0x21, erase: .cryptographic)
                        .encode(slot: .zero)[44..<48]
                )
            ),
            "01 24 00 00"
        )
        var sanitize = Sanitize(.overwrite, on: 0)
        sanitize.allowsUnrestrictedExit = true
        sanitize.overwritePasses = 3
        sanitize.noDeallocate = true
        sanitize.overwritePattern = 0xAABB_CCDD
        XCTAssertEqual(
            text(Array(sanitize.encode(slot: .zero)[44..<52])),
            "3b 02 00 00 dd cc bb aa"
        )
    }

    func testNamespaceManagement() throws {
        let create = CreateNamespace(
            NamespaceDescription(
                size: 0x1000,
                capacity: 0x800,
                formattedLBASize: 1,
                isShared: true
            ),
            on: 1
        )
        let frame = create.encode(slot: .zero)
        XCTAssertEqual(frame.count, 68 + 4096 + 4)
        XCTAssertEqual(
            text(Array(frame[68..<84])),
            "00 10 00 00 00 00 00 00 00 08 00 00 00 00 00 00"
        )
        XCTAssertEqual(frame[68 + 26], 1)
        XCTAssertEqual(frame[68 + 30], 1)
        XCTAssertEqual(try create.decode(response(success)), 0x1234_5678)

        let delete = try Request.parse(DeleteNamespace(7, on: 1).encode(slot: .zero))
        XCTAssertEqual(try DeleteNamespace(request: delete).namespace, 7)
        XCTAssertThrowsError(try CreateNamespace(request: delete)) { error in
            XCTAssertEqual((error as? RequestError)?.status, .invalidParameter)
            XCTAssertEqual(
                (error as? RequestError)?.parameterErrorLocation,
                ParameterErrorLocation(byte: 44)
            )
        }

        let attach = NamespaceAttachment(.detach, 7, controllers: [1, 2], on: 1)
        let message = attach.encode(slot: .zero)
        XCTAssertEqual(message.count, 68 + 4096 + 4)
        XCTAssertEqual(text(Array(message[68..<76])), "02 00 01 00 02 00 00 00")
        XCTAssertEqual(message[44], 1)
    }

    func testSecurity() throws {
        let send = SecuritySend(0x01, specific: 0x0203, data: [1, 2, 3, 4], on: 1, namespace: 5)
        XCTAssertEqual(
            text(Array(send.encode(slot: .zero)[44..<52])),
            "00 03 02 01 04 00 00 00"
        )
        let receive = SecurityReceive(0x01, specific: 0x0203, length: 512, on: 1)
        XCTAssertEqual(
            text(Array(receive.encode(slot: .zero)[44..<52])),
            "00 03 02 01 00 02 00 00"
        )
        XCTAssertEqual(try receive.decode(response(success + "01 02 03 04")), [1, 2, 3, 4])
    }

    func testSelfTest() {
        XCTAssertEqual(
            DeviceSelfTest(.extended, on: 1, namespace: .max).encode(slot: .zero)[44],
            2
        )
    }

    func testDirections() {
        for (opcode, direction): (UInt8, AdminOpcode.Direction) in [
            (0x06, .fromController), (0x09, .toController), (0x10, .none), (0xC3, .both),
        ] {
            XCTAssertEqual(AdminOpcode(rawValue: opcode).direction, direction)
        }
    }
}
