import ArgumentParser
import DBus
import NVMeMI
import XCTest

@testable import nvmemi

/// What the families of commands understand and say, without a daemon.
final class FamilyTests: XCTestCase {
    private func drive() throws -> Inventory.Endpoint {
        let path = "\(Inventory.root)/networks/1/endpoints/9"
        let inventory = Inventory([
            .init(path: path, properties: .dictionary([])),
            .init(
                path: path + "/controllers/0",
                properties: .dictionary([
                    .init("ModelNumber", .text("Model")), .init("SerialNumber", .text("S1")),
                    .init("TotalCapacity", .unsigned(960_197_124_096)),
                ])
            ),
        ])
        return try XCTUnwrap(inventory.endpoints.first)
    }

    func testDriveIsSaidInFull() throws {
        let drive = try drive()
        XCTAssertEqual(
            DriveLabel(drive).description,
            "Model, serial number S1, 960.2 GB (endpoint 1:9)"
        )
        XCTAssertEqual(drive.namedDrive["serial-number"], .string("S1"))
    }

    func testOnlyTheWholeWordIsConsent() {
        XCTAssertTrue(Confirmation.isConsent(" Yes\n"))
        for answer in ["", "y", "no", "yes please"] {
            XCTAssertFalse(Confirmation.isConsent(answer), answer)
        }
    }

    func testSizes() {
        XCTAssertEqual(NamespaceSize(argument: "100GB"), .bytes(100_000_000_000))
        XCTAssertEqual(NamespaceSize(argument: "64 GiB"), .bytes(64 << 30))
        XCTAssertEqual(NamespaceSize(argument: "4096"), .blocks(4_096))
        for text in ["", "0", "0GB", "1XB", "GB", "-1", "99999999999TB"] {
            XCTAssertNil(NamespaceSize(argument: text), text)
        }
        XCTAssertEqual(NamespaceSize.bytes(1_025).blocks(of: 512), 3)
        XCTAssertEqual(NamespaceSize.bytes(1_024).blocks(of: 512), 2)
    }

    func testAssignments() {
        XCTAssertEqual(Assignment(argument: "PowerState=0x10")?.value, .unsigned64(16))
        XCTAssertEqual(Assignment(argument: "Temperature=-5")?.value, .signed16(-5))
        XCTAssertEqual(Assignment(argument: "Enabled=yes")?.value, .boolean(true))
        XCTAssertEqual(Assignment(argument: "Name=a=b")?.value, .text("a=b"))
        XCTAssertNil(Assignment(argument: "=1"))
        XCTAssertNil(Assignment(argument: "PowerState"))
    }

    func testEveryDeclaredLogAndFeatureHasAName() {
        for page in LogPages.all {
            XCTAssertEqual(LogName(argument: page.name)?.page, page.identifier)
            XCTAssertTrue(LogName.all.contains(page.name))
            XCTAssertTrue(LogName.help.contains(page.name))
        }
        for feature in Features.all {
            XCTAssertEqual(FeatureName(argument: feature.name)?.identifier, feature.identifier)
            XCTAssertTrue(FeatureName.help.contains(feature.name))
        }
        XCTAssertEqual(LogName(argument: "0x81"), .number(0x81))
        XCTAssertEqual(LogName(argument: "sanitize")?.page, .sanitizeStatus)
        XCTAssertNil(LogName(argument: "nonsense"))
        XCTAssertNil(FeatureName(argument: "nonsense"))
    }

    func testFeatureIsShownByItsFields() throws {
        let feature = try XCTUnwrap(FeatureName(argument: "power-management"))
        let answer = FeatureAnswer(result: 0x21, data: [])
        let shown = feature.shown(answer)
        XCTAssertEqual(shown["PowerState"], .unsigned(1))
        XCTAssertEqual(shown["WorkloadHint"], .unsigned(1))
        let unknown = try XCTUnwrap(FeatureName(argument: "0xC5"))
        XCTAssertEqual(unknown.shown(answer)["Value"], .unsigned(0x21))
    }

    func testListOfSecurityProtocols() {
        XCTAssertEqual(
            SecurityCommand.protocols(in: [0, 0, 0, 0, 0, 0, 0, 2, 0, 0xF0, 9]),
            [0, 0xF0]
        )
        XCTAssertEqual(SecurityCommand.protocols(in: [0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1]), [1])
        XCTAssertEqual(SecurityCommand.protocols(in: [1, 2]), [])
    }

    func testWrongArgumentsAreRefused() {
        for arguments in [
            ["feature", "set", "9", "PowerManagement"],
            ["feature", "set", "9", "PowerManagement", "PowerState=1", "--value", "1"],
            ["feature", "set", "9", "0xC5", "Field=1"], ["feature", "get", "9", "nonsense"],
            ["feature", "get", "9", "2", "--select", "best"], ["namespace", "create", "9", "0"],
            ["namespace", "delete", "9", "none"], ["security", "receive", "9", "256"],
            ["passthru", "admin", "9"], ["passthru", "mi", "9", "0x100"], ["reset"], ["shutdown"],
        ] {
            XCTAssertThrowsError(try CommandLineTool.parseAsRoot(arguments), "\(arguments)") {
                XCTAssertEqual(
                    CommandLineTool.exitCode(for: $0),
                    .validationFailure,
                    "\(arguments)"
                )
            }
        }
    }

    func testEveryFamilyIsOffered() {
        for verb in [
            "log", "feature", "namespace", "security", "vpd", "ports", "reset", "shutdown",
            "passthru",
        ] {
            XCTAssertTrue(
                CommandLineTool.configuration.subcommands.contains {
                    $0.configuration.commandName == verb
                },
                verb
            )
        }
    }
}
