import NVMeMI
import XCTest

/// Log pages at offsets written down here a second time.
final class LogTests: XCTestCase {
    private func page(_ size: Int, _ parts: [(Int, String)]) -> [UInt8] {
        var data = [UInt8](repeating: 0, count: size)
        for (offset, literal) in parts {
            let value = bytes(literal)
            data.replaceSubrange(offset..<offset + value.count, with: value)
        }
        return data
    }

    func testSMART() throws {
        let values = try SmartLog(
            data: page(
                512,
                [
                    (0, "0a"), (1, "39 01"), (3, "64"), (4, "0a"), (5, "ff"), (6, "05"),
                    (32, "ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff"),
                    (48, "01 02"), (64, "03"), (80, "04"), (96, "05"), (112, "06"), (128, "07"),
                    (144, "08"), (160, "09"), (176, "0a"), (192, "0b"), (196, "0c"),
                    (200, "3a 01 00 00 3b 01"), (214, "00 01"), (216, "0d"), (220, "0e"),
                    (224, "0f"), (228, "10"),
                ]
            )
        ).namedValues
        XCTAssertEqual(values["CriticalWarning"], .unsigned8(0x0A))
        XCTAssertEqual(
            values["CriticalWarnings"],
            .names(["TemperatureThreshold", "ReadOnly"])
        )
        XCTAssertEqual(values["CompositeTemperature"], .signed16(40))
        XCTAssertEqual(values["AvailableSpare"], .unsigned8(100))
        XCTAssertEqual(values["AvailableSpareThreshold"], .unsigned8(10))
        XCTAssertEqual(values["PercentageUsed"], .unsigned8(255))
        XCTAssertEqual(
            values["EnduranceGroupWarnings"],
            .names(["AvailableSpareBelowThreshold", "ReliabilityDegraded"])
        )
        XCTAssertEqual(values["DataUnitsRead"], .unsigned128(.max))
        XCTAssertEqual(values["DataUnitsWritten"], .unsigned128(0x201))
        for (name, number): (String, UInt128) in [
            ("HostReadCommands", 3), ("HostWriteCommands", 4), ("ControllerBusyTime", 5),
            ("PowerCycles", 6), ("PowerOnHours", 7), ("UnsafeShutdowns", 8), ("MediaErrors", 9),
            ("ErrorLogEntries", 10),
        ] {
            XCTAssertEqual(values[name], .unsigned128(number), name)
        }
        for (name, number): (String, UInt32) in [
            ("WarningTemperatureTime", 11), ("CriticalTemperatureTime", 12),
            ("ThermalManagement1Transitions", 13), ("ThermalManagement2Transitions", 14),
            ("ThermalManagement1Time", 15), ("ThermalManagement2Time", 16),
        ] {
            XCTAssertEqual(values[name], .unsigned32(number), name)
        }
        XCTAssertEqual(values["TemperatureSensor1"], .signed16(41))
        XCTAssertNil(values["TemperatureSensor2"])
        XCTAssertEqual(values["TemperatureSensor3"], .signed16(42))
        XCTAssertEqual(values["TemperatureSensor8"], .signed16(256 - 273))
        XCTAssertNil(values["LifetimeEnergyConsumed"])
    }

    func testSMARTWithoutTemperature() throws {
        let values = try SmartLog(data: page(512, [])).namedValues
        XCTAssertNil(values["CompositeTemperature"])
        XCTAssertFalse(values.contains { $0.name.hasPrefix("TemperatureSensor") })
    }

    func testTemperatureBeyondTheScale() throws {
        let values = try SmartLog(data: page(512, [(1, "fe ff")])).namedValues
        XCTAssertEqual(values["CompositeTemperature"], .signed16(.max))
        let none = try SmartLog(data: page(512, [(1, "ff ff")])).namedValues
        XCTAssertNil(none["CompositeTemperature"])
        let cold = try SmartLog(data: page(512, [(1, "01 00")])).namedValues
        XCTAssertEqual(cold["CompositeTemperature"], .signed16(-272))
    }

    func testErrorLog() throws {
        let entry = page(
            64,
            [
                (0, "05"), (8, "01 00"), (10, "02 00"), (12, "05 80"), (14, "2c 02"),
                (16, "00 10"), (24, "01"), (28, "c0"), (29, "03"), (30, "02"), (31, "02"),
                (32, "09"), (40, "0a 00"), (63, "01"),
            ]
        )
        let log = try ErrorLog(data: entry + page(64, []))
        XCTAssertEqual(log.entries.count, 2)
        XCTAssertEqual(log.errors.count, 1)
        let error = log.entries[0]
        XCTAssertEqual(error.errorCount, 5)
        XCTAssertEqual(error.status, NVMeStatus(rawValue: 0x4002))
        XCTAssertTrue(error.phaseTag)
        let values = error.namedValues
        XCTAssertEqual(values["ParameterErrorLocation"], .unsigned16(0x022C))
        XCTAssertEqual(
            values["Status"],
            .text("Invalid Field in Command (SCT 0h, SC 02h), do not retry")
        )
        XCTAssertEqual(values["StatusField"], .unsigned16(0x4002))
        XCTAssertEqual(values["LogicalBlock"], .unsigned64(0x1000))
        XCTAssertEqual(values["NamespaceID"], .unsigned32(1))
        XCTAssertEqual(values["Opcode"], .unsigned8(2))
        XCTAssertNil(log.entries[1].namedValues["Opcode"])
        XCTAssertNil(ErrorLogEntry().namedValues["ParameterErrorLocation"])
        XCTAssertThrowsError(try ErrorLog(data: entry.dropLast() + []))
        XCTAssertEqual(try ErrorLog(data: []).entries, [])
        XCTAssertEqual(log.data, entry + page(64, []))
    }

    func testFirmwareSlots() throws {
        let data = page(
            512,
            [(0, "21"), (8, "46 57 31 2e 30 20 20 20"), (16, "46 57 32 2e 30 20 20 20")]
        )
        let log = try FirmwareSlotLog(data: data)
        XCTAssertEqual(log.activeSlot, 1)
        XCTAssertEqual(log.nextActiveSlot, 2)
        XCTAssertEqual(log.revisions, ["FW1.0", "FW2.0", "", "", "", "", ""])
        XCTAssertEqual(
            log.namedValues.map(\.name),
            [
                "ActiveSlot", "NextActiveSlot", "FirmwareRevisionSlot1",
                "FirmwareRevisionSlot2",
            ]
        )
        // Empty slots stay zero.
        XCTAssertEqual(log.data, data)
        var other = FirmwareSlotLog()
        other.revisions = ["1", "2", "3", "4", "5", "6", "7", "8"]
        XCTAssertEqual(other.slot7, "7")
        other.revisions = []
        XCTAssertEqual(other.slot1, "")
    }

    func testSelfTests() throws {
        let log = try SelfTestLog(
            data: page(
                564,
                [
                    (0, "02"), (1, "32"),
                    (4, "17 03 0f 00 e8 03 00 00 00 00 00 00 01 00 00 00 00 10"),
                    (28, "02 81 34 12"), (32, "20"), (60, "0f"),
                ]
                    + (3..<20).map { (4 + 28 * $0, "0f") }
            )
        )
        XCTAssertEqual(log.currentOperation, .extended)
        XCTAssertEqual(log.currentCompletion, 50)
        XCTAssertEqual(log.results.count, 20)
        guard case .list(let results)? = log.namedValues["Results"] else {
            return XCTFail("no results")
        }
        XCTAssertEqual(results.count, 2)
        let failed = log.results[0].namedValues
        XCTAssertEqual(failed["Outcome"], .text("SegmentFailed"))
        XCTAssertEqual(failed["Operation"], .text("Short"))
        XCTAssertEqual(failed["Segment"], .unsigned8(3))
        XCTAssertEqual(failed["PowerOnHours"], .unsigned64(1000))
        XCTAssertEqual(failed["NamespaceID"], .unsigned32(1))
        XCTAssertEqual(failed["FailingBlock"], .unsigned64(0x1000))
        XCTAssertEqual(failed["StatusCodeType"], .unsigned8(2))
        XCTAssertEqual(failed["StatusCode"], .unsigned8(0x81))
        XCTAssertEqual(failed["VendorSpecific"], .unsigned16(0x1234))
        let passed = log.results[1].namedValues
        XCTAssertEqual(passed["Outcome"], .text("Completed"))
        XCTAssertEqual(passed["Operation"], .text("Extended"))
        XCTAssertNil(passed["NamespaceID"])
        XCTAssertNil(passed["Segment"])
    }

    func testSanitizeStatus() throws {
        let values = try SanitizeStatusLog(
            data: page(
                512,
                [
                    (0, "00 80"), (2, "1a 03"), (4, "02"), (8, "ff ff ff ff"), (12, "3c"),
                    (36, "21"),
                ]
            )
        ).namedValues
        XCTAssertEqual(values["Progress"], .fraction(50))
        XCTAssertEqual(values["Status"], .text("InProgress"))
        XCTAssertEqual(values["OverwritePasses"], .unsigned8(3))
        XCTAssertEqual(values["GlobalDataErased"], .boolean(true))
        XCTAssertEqual(values["MediaVerificationCancelled"], .boolean(true))
        XCTAssertEqual(values["CommandDword10"], .unsigned32(2))
        XCTAssertNil(values["OverwriteTime"])
        XCTAssertEqual(values["BlockEraseTime"], .unsigned32(60))
        XCTAssertEqual(values["State"], .text("RestrictedProcessing"))
        XCTAssertEqual(values["FailedState"], .text("RestrictedFailure"))
        XCTAssertNil(SanitizeStatusLog().namedValues["Progress"])
    }
}
