import NVMeMI
import XCTest

/// Values of fields, sets of flags, and how both are shown.
final class ValueTests: XCTestCase {
    func testFieldValuesDifferByKindAndValue() {
        let values: [FieldValue] = [
            .unsigned8(1), .unsigned8(2), .unsigned16(1), .unsigned32(1), .unsigned64(1),
            .unsigned128(1), .signed16(1), .fraction(1), .boolean(true), .boolean(false),
            .text("1"), .bytes([1]), .names(["1"]), .list([.unsigned8(1)]), .list([]),
            .dictionary([("A", .unsigned8(1))]), .dictionary([("A", .unsigned8(2))]),
            .dictionary([("B", .unsigned8(1))]),
            .dictionary([("A", .unsigned8(1)), ("B", .unsigned8(1))]),
        ]
        for (index, value) in values.enumerated() {
            for (other, otherValue) in values.enumerated() {
                XCTAssertEqual(value == otherValue, index == other, "\(value) \(otherValue)")
            }
        }
        XCTAssertEqual(Set(values).count, values.count)
        XCTAssertEqual(Set(values + values).count, values.count)
    }

    func testNamedValuesAreFoundByName() {
        let values: [NamedValue] = [("A", .unsigned8(1)), ("B", .text("b"))]
        XCTAssertEqual(values["B"], .text("b"))
        XCTAssertNil(values["C"])
    }

    func testFlags() {
        var warnings: CriticalWarnings = [.temperature, .readOnly]
        XCTAssertEqual(warnings.rawValue, 0x0A)
        XCTAssertTrue(warnings.contains(.temperature))
        XCTAssertFalse(warnings.contains([.temperature, .reliability]))
        XCTAssertTrue(warnings.isDisjoint(with: .reliability))
        XCTAssertFalse(warnings.isDisjoint(with: [.reliability, .readOnly]))
        XCTAssertEqual(warnings.union(.reliability).rawValue, 0x0E)
        XCTAssertEqual(warnings.intersection([.readOnly, .reliability]), .readOnly)
        XCTAssertEqual(warnings.subtracting(.readOnly), .temperature)
        warnings.insert(.reliability)
        warnings.remove(.temperature)
        XCTAssertEqual(warnings, [.reliability, .readOnly])
        XCTAssertEqual("\(warnings)", "ReliabilityDegraded, ReadOnly")
        XCTAssertEqual("\(CriticalWarnings())", "none")
        XCTAssertTrue(CriticalWarnings().isEmpty)
        XCTAssertEqual(Set([warnings, warnings, .temperature]).count, 2)
    }

    func testFlagsByName() {
        XCTAssertEqual(CriticalWarnings(name: "ReadOnly"), .readOnly)
        XCTAssertNil(CriticalWarnings(name: "Other"))
        XCTAssertEqual(
            CriticalWarnings(rawValue: 0x81).setNames,
            ["AvailableSpareBelowThreshold"]
        )
        XCTAssertEqual(ControllerChanges(rawValue: 1 << 31).setNames, [])
        XCTAssertEqual("\(ControllerChanges(rawValue: 1 << 31))", "none")
    }

    func testCodes() {
        XCTAssertEqual("\(PortType.pcie)", "PCIe")
        XCTAssertEqual(PortType(rawValue: 9).name, nil)
        XCTAssertEqual("\(PortType(rawValue: 9))", "Unknown (09h)")
        XCTAssertEqual(PortType(rawValue: 9).fieldValue, .text("Unknown (09h)"))
        XCTAssertEqual("\(CommandSlot.one)", "slot 1")
    }

    func testEveryEnvelopeErrorHasWords() {
        for (error, words): (EnvelopeError, String) in [
            (
                .tooShort(expected: 12, got: 3),
                "message too short: expected at least 12 bytes, got 3"
            ),
            (
                .tooLong(maximum: 4224, got: 5000),
                "message too long: expected at most 4224 bytes, got 5000"
            ),
            (.wrongMessageType(got: 0x7E), "wrong message type: expected 84h, got 7Eh"),
            (.notAResponse, "expected a response, got a request or event"),
            (.notARequest, "expected a request, got a response"),
            (.notAnEvent, "expected an asynchronous event message, got another"),
            (
                .unexpectedMoreProcessingRequiredLength(got: 16),
                "More Processing Required response of unexpected length: expected 12 bytes (or 24 "
                    + "for an Admin command), got 16"
            ),
        ] {
            XCTAssertEqual("\(error)", words)
        }
    }

    func testErrorsOfCommandsHaveWords() {
        XCTAssertEqual(
            "\(ArgumentError(command: "Identify", field: "data length", expected: "4", got: "5"))",
            "Identify: data length: expected 4, got 5"
        )
        XCTAssertEqual(
            "\(RequestError(status: .invalidCommandSize, reason: "too short"))",
            "Invalid Command Size (05h): too short"
        )
    }

    func testPlaceOfADeclaredField() throws {
        let field = try XCTUnwrap(
            GetLogPage.declaration.requestFields.first { $0.name == "log specific identifier" }
        )
        XCTAssertEqual(ParameterErrorLocation(field), ParameterErrorLocation(byte: 50, bit: 0))
        let retain = try XCTUnwrap(
            GetLogPage.declaration.requestFields.first { $0.name == "retain asynchronous event" }
        )
        XCTAssertEqual(ParameterErrorLocation(retain), ParameterErrorLocation(byte: 45, bit: 7))
        XCTAssertEqual(retain.offset, 45)
        XCTAssertEqual(retain.size, 1)
    }
}
