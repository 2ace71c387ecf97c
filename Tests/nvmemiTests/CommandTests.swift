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
            ["demo", "--drives", "0"], ["list", "--timeout", "0"], ["list", "--timeout", "nan"],
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

    func testListHasTheSameKeysForAnyEndpoint() throws {
        let known = try endpoint(
            9,
            controller: [
                .init("ModelNumber", .text("Model")), .init("SerialNumber", .text("S1")),
            ]
        )
        let unknown = try endpoint(10, state: "initializing")
        let list = EndpointList([known, unknown], temperatures: [known.path: .integer(30)])
        guard case .list(let rows) = list.datum else { return XCTFail("no list") }
        let keys = rows.map { row -> [String] in
            guard case .dictionary(let entries) = row else { return [] }
            return entries.map(\.key)
        }
        XCTAssertEqual(
            keys[0],
            [
                "address", "network", "eid", "state", "model", "serial", "firmware", "mi",
                "temperature", "path",
            ]
        )
        XCTAssertEqual(keys[0], keys[1])
        XCTAssertEqual(rows[0]["temperature"], .integer(30))
        XCTAssertEqual(rows[1]["model"], .null)
        XCTAssertEqual(
            list.table.lines(width: nil),
            [
                "ENDPOINT  STATE         MODEL  SERIAL  FIRMWARE  MI   TEMP",
                "1:9       ready         Model  S1      -         -   30 °C",
                "1:10      initializing  -      -       -         -       -",
            ]
        )
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

    func testHealthThatNeedsAttention() throws {
        let endpoint = try endpoint(9)
        func needsAttention(_ entries: Datum.Entry...) -> Bool {
            HealthReport([(endpoint, .success(.dictionary(entries)))]).needsAttention
        }
        XCTAssertFalse(
            needsAttention(
                .init("DriveFunctional", .boolean(true)),
                .init("SMARTWarnings", .list([]))
            )
        )
        XCTAssertTrue(needsAttention(.init("SMARTWarnings", .list([.text("ReadOnly")]))))
        XCTAssertTrue(needsAttention(.init("DriveFunctional", .boolean(false))))
        XCTAssertFalse(needsAttention())
        XCTAssertTrue(
            HealthReport([(endpoint, .failure(Failure(.timedOut, "late")))]).needsAttention
        )
    }

    func testHealthOfDrivesOfWhichOneDoesNotAnswer() throws {
        let report = HealthReport([
            (try endpoint(9), .success(.dictionary([.init("CompositeTemperature", .integer(30))]))),
            (try endpoint(10), .failure(Failure(.timedOut, "no answer"))),
        ])
        XCTAssertEqual(
            report.lines(Report()),
            [
                "Endpoint 1:9", "  Composite temperature  30 °C", "",
                "Endpoint 1:10", "  no answer",
            ]
        )
        XCTAssertEqual(report.firstFailure?.status, .timedOut)
        guard case .list(let rows) = report.datum else { return XCTFail("no list") }
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
