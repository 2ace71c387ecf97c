import NVMeMI
import XCTest

/// Commands for capacity, virtualization, lockdown, directives, block status and enclosures, and the options of all.
final class OtherCommandTests: XCTestCase {
    /// The 16 bytes of dwords 10 to 13.
    private func dwords<C: DeclaredRequest>(_ command: C) -> [UInt8] {
        Array(command.encode(slot: .zero)[44..<60])
    }

    func testDwords() {
        XCTAssertEqual(
            dwords(
                GetLBAStatus(1, on: 0, from: 0x0102_0304_0506, count: 8, action: 0x10, length: 64)
            ),
            bytes("06 05 04 03 02 01 00 00 0f 00 00 00 08 00 00 10")
        )
        XCTAssertEqual(
            dwords(
                VirtualizationManagement(
                    .assignToSecondary,
                    subject: 0x0203,
                    resourceType: 1,
                    count: 5,
                    on: 1
                )
            ),
            bytes("08 01 03 02 05 00 00 00 00 00 00 00 00 00 00 00")
        )
        XCTAssertEqual(
            dwords(
                CapacityManagement(
                    .createEnduranceGroup,
                    element: 7,
                    capacity: 0x0001_0000_0002,
                    on: 0
                )
            ),
            bytes("01 00 07 00 02 00 00 00 01 00 00 00 00 00 00 00")
        )
        XCTAssertEqual(
            dwords(Lockdown(.feature, 0x10, isProhibited: true, interface: 1, on: 0)),
            bytes("32 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
        )
        XCTAssertEqual(
            dwords(DirectiveReceive(type: 1, operation: 2, on: 0, namespace: 1, length: 32)),
            bytes("07 00 00 00 02 01 00 00 00 00 00 00 00 00 00 00")
        )
        var send = DirectiveSend(type: 0, operation: 1, on: 0, namespace: 1)
        send.data = Array(repeating: 1, count: 16)
        XCTAssertEqual(send.dwordsLessOne, 3)
        XCTAssertEqual(send.encode(slot: .zero).count, 68 + 16 + 4)
    }

    func testLBAStatus() throws {
        let decoded = try GetLBAStatus.status.decode(
            bytes("01 00 00 00 02 00 00 00 00 10 00 00 00 00 00 00 08 00 00 00 00 03 00 00")
        )
        XCTAssertEqual(decoded.values["Completion"], .text("Complete"))
        XCTAssertEqual(
            decoded.values["Descriptors"],
            .list([
                .dictionary([
                    ("StartingLBA", .unsigned64(4096)), ("NumberOfLogicalBlocks", .unsigned32(8)),
                    ("Status", .text("WrittenUncorrectable")),
                ])
            ])
        )
    }

    func testEnclosureServices() throws {
        XCTAssertEqual(
            Array(SESReceive(page: 2, length: 64).encode(slot: .zero)[4..<16]),
            bytes("08 00 00 00 02 00 00 00 40 00 00 00")
        )
        let answer = SESReceive(page: 2, length: 64).encodeReply([1, 2, 3], slot: .zero)
        XCTAssertEqual(
            try SESReceive(page: 2, length: 64).decode(Response.parse(answer)),
            [1, 2, 3]
        )
        XCTAssertEqual(
            Array(SESSend([5, 6]).encode(slot: .zero)[4..<18]),
            bytes("09 00 00 00 00 00 00 00 02 00 00 00 05 06")
        )
        XCTAssertEqual(
            try SESSend(request: Request.parse(SESSend([5]).encode(slot: .one))).data,
            [5]
        )
    }

    func testOptions() throws {
        let log = GetLogPage(.smart, on: 1, length: 512)
        let plain = CommandWithOptions(log, RequestOptions())
        XCTAssertEqual(plain.encode(slot: .one), log.encode(slot: .one))
        let shutdown = CommandWithOptions(log, RequestOptions(ignoresShutdown: true))
        let frame = shutdown.encode(slot: .zero)
        XCTAssertEqual(frame[5], 0x07)
        // The integrity check is made good.
        XCTAssertEqual(
            try CommandWithOptions<GetLogPage>(request: Request.parse(frame)).options,
            shutdown.options
        )
        let pause = CommandWithOptions(log, RequestOptions(pausesOnProcessing: true))
        XCTAssertEqual(pause.encode(slot: .zero)[2], 0x02)
        let write = RawManagementCommand(opcode: 0x06, dword1: 4, data: [1, 2, 3, 4])
        let buffered = CommandWithOptions(
            write,
            RequestOptions(usesManagementEndpointBuffer: true)
        ).encode(slot: .zero)
        XCTAssertEqual(buffered.count, 20)
        XCTAssertEqual(buffered[2], 0x01)
        XCTAssertNoThrow(try Request.parse(buffered))
        XCTAssertThrowsError(
            try CommandWithOptions(write, RequestOptions(ignoresShutdown: true)).validate()
        )
    }

    func testControlAnswersAreInWords() {
        func values(_ opcode: UInt8, _ response: UInt16) -> FieldValue {
            .dictionary(ControlAnswer.namedValues(opcode: opcode, response: response))
        }
        XCTAssertEqual(
            values(0, 2),
            .dictionary([("Slot0Paused", .boolean(false)), ("Slot1Paused", .boolean(true))])
        )
        XCTAssertEqual(values(1, 0), .dictionary([]))
        XCTAssertEqual(values(2, 2), .dictionary([("Outcome", .text("PartiallyProcessed"))]))
        XCTAssertEqual(
            values(3, 0xC012),
            .dictionary([
                ("SlotState", .text("Process")),
                ("Errors", .names(["BadMessageIntegrityCheck", "SubsystemReset"])),
                ("Paused", .boolean(true)),
            ])
        )
        XCTAssertEqual(values(4, 1), .dictionary([("ResponseReplayed", .boolean(true))]))
        XCTAssertEqual(values(0xF0, 7), .dictionary([("Response", .unsigned16(7))]))
    }

    func testObjectionsNameTheField() {
        XCTAssertEqual(
            AdminOpcode.formatNVM.abilityRule?.objection,
            "OptionalAdminCommands of Identify Controller does not have FormatNVM"
        )
        XCTAssertEqual(
            IdentifyStructure.namespaceDescriptors.abilityRule?.objection,
            "NVMeVersion of Identify Controller is older than 1.3.0"
        )
        var controller = IdentifyController()
        XCTAssertTrue(controller.rulesOut(FeatureIdentifier.timestamp))
        controller.optionalNVMCommands = [.timestamp]
        XCTAssertFalse(controller.rulesOut(FeatureIdentifier.timestamp))
        XCTAssertTrue(controller.rulesOut(FeatureSelection.saved))
        XCTAssertFalse(controller.rulesOut(FeatureSelection.current))
        for code in UInt8.min...UInt8.max {
            for rule in [
                IdentifyStructure(rawValue: code).abilityRule,
                LogPageIdentifier(rawValue: code).abilityRule,
                AdminOpcode(rawValue: code).abilityRule,
                FeatureIdentifier(rawValue: code).abilityRule,
            ].compactMap({ $0 }) {
                XCTAssertFalse(rule.objection.contains("none"), rule.objection)
            }
        }
    }
}
