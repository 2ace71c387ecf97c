import NVMeMI
import XCTest

final class HealthTests: XCTestCase {
    private func health(
        _ literal: String,
        version: ManagementInterfaceVersion = .oldest
    ) throws -> SubsystemHealth {
        try SubsystemHealthStatusPoll(version: version).decode(
            Response.parse(sealed("84 88 00 00 00 00 00 00 " + literal))
        )
    }

    func testSubsystemPollRequest() throws {
        XCTAssertEqual(
            text(SubsystemHealthStatusPoll().encode(slot: .zero)),
            text(sealed("84 08 00 00 01 00 00 00 00 00 00 00 00 00 00 00"))
        )
        // All other bits are reserved.
        let request = try Request.parse(
            sealed("84 08 00 00 01 ff ff ff ff ff ff ff ff ff ff 7f")
        )
        XCTAssertEqual(try SubsystemHealthStatusPoll(request: request).clearsStatus, false)
    }

    func testHealthyDriveByName() throws {
        let values = try health("38 ff 28 05 00 00 00 00").namedValues
        XCTAssertEqual(values["DriveFunctional"], .boolean(true))
        XCTAssertEqual(values["ResetRequired"], .boolean(false))
        XCTAssertEqual(values["PCIePort0LinkActive"], .boolean(true))
        XCTAssertEqual(values["PCIePort1LinkActive"], .boolean(false))
        XCTAssertEqual(values["SMARTWarnings"], .names([]))
        XCTAssertEqual(values["CompositeTemperature"], .signed16(40))
        XCTAssertEqual(values["CompositeTemperatureState"], .text("Measured"))
        XCTAssertEqual(values["PercentageDriveLifeUsed"], .unsigned8(5))
        XCTAssertEqual(values["CompositeControllerStatus"], .names([]))
        XCTAssertEqual(
            values.map(\.name),
            [
                "DriveFunctional", "ResetRequired", "PCIePort0LinkActive", "PCIePort1LinkActive",
                "AsynchronousEventTransmissionFailure", "SanitizeFailureMode",
                "SanitizeNamespaceFailureMode", "SMARTWarnings", "CompositeTemperature",
                "CompositeTemperatureState", "PercentageDriveLifeUsed",
                "CompositeControllerStatus",
            ]
        )
    }

    func testTroubledDriveByName() throws {
        let values = try health(
            "c6 f4 80 ff f0 3f 00 00",
            version: ManagementInterfaceVersion(2, 1)
        ).namedValues
        XCTAssertEqual(values["DriveFunctional"], .boolean(false))
        XCTAssertEqual(values["ResetRequired"], .boolean(true))
        XCTAssertEqual(values["PCIePort0LinkActive"], .boolean(false))
        XCTAssertEqual(values["PCIePort1LinkActive"], .boolean(true))
        XCTAssertEqual(values["AsynchronousEventTransmissionFailure"], .boolean(true))
        XCTAssertEqual(values["SanitizeFailureMode"], .boolean(true))
        XCTAssertEqual(values["SanitizeNamespaceFailureMode"], .boolean(true))
        XCTAssertEqual(
            values["SMARTWarnings"],
            .names(["AvailableSpareBelowThreshold", "TemperatureThreshold", "ReadOnly"])
        )
        XCTAssertNil(values["CompositeTemperature"])
        XCTAssertEqual(values["CompositeTemperatureState"], .text("NoData"))
        XCTAssertEqual(
            values["CompositeControllerStatus"],
            .names([
                "SubsystemReset", "ControllerEnable", "NamespaceAttribute", "FirmwareActivated",
                "ControllerStatus", "CompositeTemperature", "PercentageUsed", "AvailableSpare",
                "CriticalWarning", "TelemetryAvailable",
            ])
        )
    }

    func testCompositeTemperatureCodes() {
        let expected: [(UInt8, Int16?, String)] = [
            (0x00, 0, "Measured"), (0x7E, 126, "Measured"), (0x7F, 127, "AtOrAboveMaximum"),
            (0x80, nil, "NoData"), (0x81, nil, "SensorFailure"), (0x82, nil, "Unknown (82h)"),
            (0xC3, nil, "Unknown (C3h)"), (0xC4, -60, "AtOrBelowMinimum"),
            (0xC5, -59, "Measured"), (0xFF, -1, "Measured"),
        ]
        for (code, celsius, state) in expected {
            let temperature = CompositeTemperature(rawValue: code)
            XCTAssertEqual(temperature.celsius, celsius)
            XCTAssertEqual(temperature.state, state)
        }
        for (celsius, code): (Int, UInt8) in [
            (Int.min, 0xC4), (-61, 0xC4), (-60, 0xC4), (-59, 0xC5), (-1, 0xFF), (0, 0), (126, 0x7E),
            (127, 0x7F), (Int.max, 0x7F),
        ] {
            XCTAssertEqual(CompositeTemperature(celsius: celsius).rawValue, code)
        }
    }

    func testKelvin() {
        for (celsius, kelvin): (Int, UInt16) in [
            (0, 273), (-273, 0), (-300, 0), (42, 315), (Int.max, .max), (Int.min, 0),
        ] {
            XCTAssertEqual(Temperature(celsius: celsius).kelvin, kelvin)
        }
        XCTAssertEqual(Temperature(kelvin: 315).celsius, 42)
    }

    func testWarningsAreInverted() {
        var health = SubsystemHealth()
        XCTAssertEqual(health.warnings, [])
        health.warnings = [.temperature]
        XCTAssertEqual(health.invertedWarnings, 0xFD)
        XCTAssertEqual(health.data[1], 0xFD)
    }

    func testShortHealthIsRefused() {
        assertThrows(
            NVMeMI.DecodingError(
                subject: "NVM Subsystem Health",
                field: "CompositeControllerStatus",
                offset: 4,
                expected: "2 bytes",
                got: "1 byte before the end"
            )
        ) { try health("38 ff 28 05 00") }
        // Six of the eight bytes have all fields; the structure has eight all the same.
        XCTAssertThrowsError(try health("38 ff 28 05 00 00"))
        XCTAssertThrowsError(try health("38 ff 28 05 00 00 00 00 99"))
    }

    func testControllerPollRequest() throws {
        let poll = ControllerHealthStatusPoll(
            changed: [.status, .criticalWarning],
            in: [.virtual],
            from: 0x1234,
            clearsChangedFlags: true
        )
        XCTAssertEqual(
            text(poll.encode(slot: .zero)),
            text(sealed("84 08 00 00 02 00 00 00 34 12 fe 04 11 00 00 80"))
        )
        XCTAssertNoThrow(try poll.validate())
        var invalid = poll
        invalid.maximumEntriesLessOne = 0xFF
        assertThrows(
            ArgumentError(
                command: "Controller Health Status Poll",
                field: "maximum response entries",
                expected: "at most 255",
                got: "256"
            )
        ) { try invalid.validate() }
        // The device side gets it nevertheless, to refuse it.
        XCTAssertEqual(
            try ControllerHealthStatusPoll(request: Request.parse(invalid.encode(slot: .zero))),
            invalid
        )
    }

    private let entries = """
        84 88 00 00 00 00 00 02
        01 00 31 00 36 01 05 64 02 00 02 00 00 00 00 00
        41 00 08 01 00 00 ff 00 20 00 00 00 00 00 00 00
        """

    func testControllerPollReply() throws {
        let version = ManagementInterfaceVersion(2, 0)
        let poll = ControllerHealthStatusPoll(all: .all, version: version)
        let reply = try poll.decode(Response.parse(sealed(entries)))
        XCTAssertEqual(reply.map(\.controller), [1, 0x41])
        XCTAssertEqual(reply[0].status, [.ready, .subsystemReset, .enabled])
        XCTAssertEqual(reply[0].shutdownStatus, .normal)
        XCTAssertEqual(reply[0].compositeTemperature, 310)
        XCTAssertEqual(reply[0].percentageUsed, 5)
        XCTAssertEqual(reply[0].availableSpare, 100)
        XCTAssertEqual(reply[0].criticalWarnings, .temperature)
        XCTAssertEqual(reply[0].changedFlags, .compositeTemperature)
        XCTAssertEqual(reply[1].status, .telemetryAvailable)
        XCTAssertEqual(reply[1].shutdownStatus, .complete)
        XCTAssertEqual(text(poll.encodeReply(reply, slot: .zero)), text(sealed(entries)))

        XCTAssertEqual(reply[0].namedValues["CompositeTemperature"], .signed16(37))
        XCTAssertEqual(reply[0].namedValues["CriticalWarning"], .unsigned8(2))
        XCTAssertEqual(
            reply[0].namedValues["CriticalWarnings"],
            .names(["TemperatureThreshold"])
        )
        XCTAssertNil(reply[1].namedValues["CompositeTemperature"])
        XCTAssertEqual(reply[1].namedValues["ShutdownStatus"], .text("Complete"))
    }

    func testControllerPollReplyLengths() throws {
        let poll = ControllerHealthStatusPoll(all: .all)
        XCTAssertEqual(try poll.decode(Response.parse(sealed("84 88 00 00 00 00 00 00"))), [])
        let short = bytes(entries).dropLast()
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Controller Health Status Poll response",
                field: "data",
                offset: 8,
                expected: "2 entries of 16 bytes",
                got: "31 bytes"
            )
        ) { try poll.decode(Response.parse(sealed(Array(short)))) }
        XCTAssertThrowsError(try poll.decode(Response.parse(sealed(bytes(entries) + [1, 2, 3]))))
        let many = Array(repeating: ControllerHealth(), count: 300)
        let response = try Response.parse(poll.encodeReply(many, slot: .zero))
        XCTAssertEqual(try poll.decode(response).count, 255)
    }

    func testPaging() throws {
        var poll = ControllerHealthStatusPoll(all: .all)
        poll.maximumEntriesLessOne = 1
        let reply = try poll.decode(Response.parse(sealed(entries)))
        XCTAssertEqual(poll.next(after: reply)?.firstController, 0x42)
        XCTAssertNil(poll.next(after: Array(reply.prefix(1))))
        XCTAssertNil(poll.next(after: []))
        // A device that returns what was not asked for must not make us go in circles.
        poll.firstController = 0x50
        XCTAssertNil(poll.next(after: reply))
        var last = ControllerHealth()
        last.controller = .max
        XCTAssertNil(poll.next(after: [last, last]))
    }
}
