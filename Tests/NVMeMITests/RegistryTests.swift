import NVMeMI
import XCTest

final class RegistryTests: XCTestCase {
    func testOpcodesAreUnique() {
        var seen: Set<[UInt8]> = []
        for command in CommandDeclaration.all {
            XCTAssertTrue(
                seen.insert([command.category.rawValue, command.opcode]).inserted,
                command.name
            )
            XCTAssertGreaterThan(command.deadlineClass.milliseconds, 0, command.name)
            XCTAssertFalse(command.requestFields.isEmpty, command.name)
            XCTAssertEqual(
                CommandDeclaration.find(category: command.category, opcode: command.opcode),
                command
            )
        }
    }

    func testEveryCommandOfTheModuleIsRegistered() {
        for command in AnyCommand.all where command.opcode < 0xC0 {
            XCTAssertNotNil(
                CommandDeclaration.find(category: command.category, opcode: command.opcode),
                command.name
            )
        }
    }

    func testNames() {
        XCTAssertEqual(
            CommandDeclaration.name(category: .managementInterface, opcode: 0x06),
            "VPD Write"
        )
        XCTAssertEqual(CommandDeclaration.name(category: .admin, opcode: 0x80), "Format NVM")
        XCTAssertEqual(CommandDeclaration.name(category: .controlPrimitive, opcode: 4), "Replay")
        XCTAssertEqual(
            CommandDeclaration.name(category: .pcie, opcode: 0),
            "PCIe Configuration Read"
        )
        XCTAssertEqual(
            CommandDeclaration.name(category: .admin, opcode: 0xC7),
            "Admin Command C7h"
        )
        XCTAssertEqual(
            CommandDeclaration.name(category: MessageCategory(rawValue: 9), opcode: 1),
            "Unknown (09h) 01h"
        )
    }

    func testFindByName() {
        XCTAssertEqual(
            CommandDeclaration.find(category: .controlPrimitive, name: "Get State")?.opcode,
            3
        )
        XCTAssertNil(CommandDeclaration.find(category: .admin, name: "Get State"))
    }

    func testRequirements() {
        for (category, opcode, requirement): (MessageCategory, UInt8, _) in [
            (.managementInterface, 0x00, CommandDeclaration.Requirement.mandatory),
            (.managementInterface, 0x06, .optional),
            (.managementInterface, 0x08, .prohibited),
            (.admin, 0x06, .mandatory), (.admin, 0x0A, .mandatory), (.admin, 0x02, .mandatory),
            (.admin, 0x09, .optional), (.admin, 0x84, .optional), (.admin, 0x24, .optional),
            (.admin, 0x00, .prohibited), (.admin, 0x0C, .prohibited), (.admin, 0x7C, .prohibited),
        ] {
            XCTAssertEqual(
                CommandDeclaration.find(category: category, opcode: opcode)?.requirement,
                requirement,
                "\(category) \(opcode)"
            )
        }
    }

    func testOnlyCommandsWithoutEffectAreRepeatable() {
        XCTAssertTrue(SubsystemHealthStatusPoll().declaration.isRepeatable)
        XCTAssertFalse(SubsystemHealthStatusPoll(clearsStatus: true).declaration.isRepeatable)
        XCTAssertFalse(
            ControllerHealthStatusPoll(changed: .all, clearsChangedFlags: true)
                .declaration.isRepeatable
        )
        XCTAssertFalse(GetState(tag: 0, clearsErrors: true).declaration.isRepeatable)
        XCTAssertTrue(GetLogPage(.smart, on: 0, length: 4).declaration.isRepeatable)
        var changed = GetLogPage(.changedNamespaces, on: 0, length: 4)
        XCTAssertFalse(changed.declaration.isRepeatable)
        changed.retainsAsynchronousEvent = true
        XCTAssertTrue(changed.declaration.isRepeatable)
        XCTAssertFalse(Abort(tag: 0).declaration.isRepeatable)
        XCTAssertFalse(AdminCommand(.identify, controller: 0).declaration.isRepeatable)
        XCTAssertFalse(RawManagementCommand(opcode: 0).declaration.isRepeatable)
        XCTAssertFalse(Sanitize().declaration.isRepeatable)
        XCTAssertFalse(SubsystemReset().declaration.isRepeatable)
    }

    func testGenericCommandsTakeTheDeclarationOfTheirOpcode() {
        let sanitize = AdminCommand(.sanitize, controller: 0)
        XCTAssertEqual(sanitize.declaration.name, "Sanitize")
        XCTAssertEqual(sanitize.declaration.deadlineClass, .long)
        let vendor = AdminCommand(AdminOpcode(rawValue: 0xC0), controller: 0)
        XCTAssertEqual(vendor.declaration.name, "Admin Command C0h")
        XCTAssertEqual(vendor.declaration.opcode, 0xC0)
        XCTAssertEqual(RawManagementCommand(opcode: 5).declaration.name, "VPD Read")
        XCTAssertEqual(
            RawControlPrimitive(opcode: 0xF0, tag: 0).declaration.name,
            "Control Primitive F0h"
        )
    }
}
