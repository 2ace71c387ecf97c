import ArgumentParser
import DBus
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

    func testOptionThatThereIsNotIsNamedWithThoseThatThereAre() throws {
        func failure(_ arguments: String...) throws -> Failure {
            do {
                _ = try CommandLineTool.parseAsRoot(arguments)
            } catch {
                let text = CommandLineTool.fullMessage(for: error)
                return try XCTUnwrap(
                    Failure(unknownOption: text, of: CommandLineTool.self),
                    text
                )
            }
            throw Failure(.failed, "accepted")
        }
        XCTAssertEqual(
            try failure("list", "--foo"),
            Failure(
                .usage,
                "`nvmemi list` has no option “--foo”.",
                advice: "It has: --bus, --json, --timeout, --wide, --columns, --help"
            )
        )
        XCTAssertEqual(
            try failure("health", "--chek").message,
            "`nvmemi health` has no option “--chek”. Did you mean --check?"
        )
        XCTAssertEqual(
            try failure("feature", "list", "9", "--zzz").message,
            "`nvmemi feature list` has no option “--zzz”."
        )
        XCTAssertEqual(try failure("--zzz").message, "`nvmemi` has no option “--zzz”.")
        XCTAssertNil(Failure(unknownOption: "Error: Missing", of: CommandLineTool.self))
    }

    func testErrorsOfTheDaemonNameOptionsOfTheCommandLine() {
        for (text, expected) in [
            (
                "log page X is about one of several; say with the option 'lsi' (q) which",
                "log page X is about one of several; say with --lsi which"
            ),
            (
                "its list does not have it; option 'force' has it asked all the same",
                "its list does not have it; --force has it asked all the same"
            ),
            (
                "option 'area' is 200 (y); it takes an integer from 1 to 4",
                "--area is 200; it takes an integer from 1 to 4"
            ),
            ("a drive's 'name' (SCT 0h), 3 sensor(s)", "a drive's 'name' (SCT 0h), 3 sensor(s)"),
            ("option '", "option '"),
        ] {
            XCTAssertEqual(OptionNames.translated(text), expected)
            XCTAssertEqual(
                Failure(DBusError(name: "x.InvalidArgs", message: text)).message,
                expected
            )
            XCTAssertEqual(
                JobStatus(properties: .dictionary([.init("ErrorMessage", .text(text))])).message,
                expected
            )
        }
        XCTAssertEqual(
            Failure(
                DBusError(
                    name: "x.InvalidArgs",
                    message: "Reset needs the option 'serial-number' (s)"
                )
            ),
            .unknownSerialNumber
        )
    }

    func testOptionalCommandsAreReadable() {
        func shown(_ name: String, _ value: Datum) -> Datum? {
            ObjectProperties.shown(
                .init(path: "/x/1", properties: .dictionary([.init(name, value)]))
            )[
                name
            ]
        }
        XCTAssertEqual(
            shown(
                "OptionalCommands",
                .list([.list([.unsigned(2), .unsigned(0x84)]), .text("?")])
            ),
            .list([.text("Admin 84h"), .text("?")])
        )
        XCTAssertEqual(
            shown("SupportedLogs", .list([.list([.unsigned(0x81), .text("Sanitize Status")])])),
            .list([.text("81h Sanitize Status")])
        )
        XCTAssertEqual(ObjectProperties.shown(.init(path: "/", properties: .null)), .null)
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
        XCTAssertTrue(lines.contains("    Composite temperature  30 °C"), "\(lines)")
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
