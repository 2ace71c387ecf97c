import ArgumentParser
import XCTest

@testable import nvmemi

final class CommandTests: XCTestCase {
    private func endpoint(
        _ number: UInt8,
        state: String = "ready",
        controller: [Datum.Entry] = []
    ) throws -> Inventory.Endpoint {
        let path = "\(Inventory.root)/networks/1/endpoints/\(number)"
        let inventory = Inventory([
            .init(path: path, properties: .dictionary([.init("State", .text(state))])),
            .init(path: path + "/controllers/0", properties: .dictionary(controller)),
        ])
        return try XCTUnwrap(inventory.endpoints.first)
    }

    func testOptionsStandBeforeAndAfterTheCommand() throws {
        for arguments in [
            ["--bus", "session", "--json", "list"], ["list", "--json", "--bus=session"],
            ["--json", "list", "--bus", "session"],
        ] {
            let command = try XCTUnwrap(
                CommandLineTool.parseAsRoot(arguments) as? ListCommand,
                "\(arguments)"
            )
            XCTAssertTrue(command.options.json, "\(arguments)")
        }
    }

    func testCommandOfTheDemoKeepsItsOptions() throws {
        let command = try XCTUnwrap(
            CommandLineTool.parseAsRoot(["demo", "--drives", "2", "--", "nvmemi", "list", "--json"])
                as? DemoCommand
        )
        XCTAssertEqual(command.drives, 2)
        XCTAssertEqual(command.command, ["nvmemi", "list", "--json"])
    }

    func testWrongArgumentsAreRefused() {
        for arguments in [
            ["list", "surplus"], ["show"], ["show", ""], ["identify", "9", "--cns", "256"],
            ["identify", "9", "--hex", "--output", "x"], ["log", "9", "nonsense"],
            ["demo", "--drives", "0"], ["list", "--timeout", "0"], ["list", "--columns", "x"],
            ["health", "--format", "x"], ["health", "--json", "--format", "nagios"],
            ["list", "--timeout", "nan"],
            ["capture"], ["capture", "x", "--seconds", "0"], ["capture", "x", "--seconds", "nan"],
            ["capture", "x", "--max-bytes", "-1"], ["nonsense"],
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

    func testOptionalCommandsAreReadable() {
        func properties(_ commands: Datum) -> Datum {
            .dictionary([.init("OptionalCommands", commands)])
        }
        XCTAssertEqual(
            EndpointDetails.withReadableCommands(
                properties(.list([.list([.unsigned(2), .unsigned(0x84)]), .text("?")]))
            ),
            properties(.list([.text("Admin 84h"), .text("?")]))
        )
        XCTAssertEqual(EndpointDetails.withReadableCommands(.null), .null)
    }

    func testHealthOfDrivesOfWhichOneDoesNotAnswer() throws {
        let details = HealthDetails([
            (
                .init(object: nil, endpoints: [try endpoint(9)]),
                .success(.dictionary([.init("CompositeTemperature", .integer(30))]))
            ),
            (
                .init(object: nil, endpoints: [try endpoint(10)]),
                .failure(Failure(.timedOut, "no answer"))
            ),
        ])
        let lines = details.lines(Report())
        XCTAssertEqual(lines.first, "Endpoint 1:9")
        XCTAssertTrue(lines.contains("  Composite temperature  30 °C"), "\(lines)")
        XCTAssertEqual(lines.last, "  no answer")
        XCTAssertEqual(details.firstFailure?.status, .timedOut)
        guard case .list(let rows) = details.datum else { return XCTFail("no list") }
        XCTAssertEqual(rows[1]["error"], .text("no answer"))
    }

    func testCompletionLooksForTheBusThatIsNamed() {
        XCTAssertEqual(
            EndpointCompletion.bus(in: ["nvmemi", "--bus", "session", "show"]),
            "session"
        )
        XCTAssertEqual(
            EndpointCompletion.bus(in: ["nvmemi", "show", "--bus=unix:path=/x"]),
            "unix:path=/x"
        )
        XCTAssertNil(EndpointCompletion.bus(in: ["nvmemi", "show", "--bus"]))
    }

    func testCompletionOffersTheShortestName() {
        let root = Inventory.root
        let inventory = Inventory(
            ["1/endpoints/9", "1/endpoints/10", "2/endpoints/10"].map {
                .init(path: "\(root)/networks/\($0)", properties: .dictionary([]))
            }
        )
        XCTAssertEqual(EndpointCompletion.names(of: inventory.endpoints), ["9", "1:10", "2:10"])
    }
}
