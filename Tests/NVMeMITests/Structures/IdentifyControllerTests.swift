import NVMeMI
import XCTest

/// Fields of Identify Controller at offsets written down here a second time.
final class IdentifyControllerTests: XCTestCase {
    /// A structure of zeroes with some bytes at an offset.
    private func controller(_ parts: [(Int, String)]) throws -> IdentifyController {
        var data = [UInt8](repeating: 0, count: 4096)
        for (offset, literal) in parts {
            let value = bytes(literal)
            data.replaceSubrange(offset..<offset + value.count, with: value)
        }
        return try IdentifyController(data: data)
    }

    private func ascii(_ text: String, _ size: Int) -> String {
        let padded = Array(text.utf8) + [UInt8](repeating: 0x20, count: size - text.utf8.count)
        return NVMeMITests.text(padded)
    }

    func testIdentity() throws {
        let controller = try controller([
            (0, "4d 14"), (2, "1b 1a"), (4, ascii("S4YNNE0N800123", 20)),
            (24, ascii("SAMSUNG MZWLJ3T8HBLS-00007", 40)), (64, ascii("EPK98B5Q", 8)),
            (73, "38 25 00"), (76, "07"), (78, "41 00"), (80, "00 03 01 00"), (111, "01"),
            (112, "00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff"),
            (768, ascii("nqn.1994-11.com.samsung:nvme:PM1733", 35) + " 00"),
        ])
        let values = controller.namedValues
        XCTAssertEqual(values["VendorID"], .unsigned16(0x144D))
        XCTAssertEqual(values["SubsystemVendorID"], .unsigned16(0x1A1B))
        XCTAssertEqual(values["SerialNumber"], .text("S4YNNE0N800123"))
        XCTAssertEqual(values["ModelNumber"], .text("SAMSUNG MZWLJ3T8HBLS-00007"))
        XCTAssertEqual(values["FirmwareRevision"], .text("EPK98B5Q"))
        XCTAssertEqual(values["OrganizationallyUniqueIdentifier"], .unsigned32(0x00_2538))
        XCTAssertEqual(
            values["MultipathCapabilities"],
            .names(["MultiplePorts", "MultipleControllers", "VirtualFunction"])
        )
        XCTAssertEqual(values["ControllerID"], .unsigned16(0x41))
        XCTAssertEqual(values["NVMeVersion"], .text("1.3.0"))
        XCTAssertEqual(values["ControllerType"], .text("IO"))
        XCTAssertEqual(
            values["FRUGloballyUniqueIdentifier"],
            .bytes(bytes("00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff"))
        )
        XCTAssertEqual(
            values["SubsystemNQN"],
            .text("nqn.1994-11.com.samsung:nvme:PM1733")
        )
    }

    func testCapabilities() throws {
        let controller = try controller([
            (254, "85"), (255, "01"), (256, "df 04"), (258, "03"), (259, "07"), (260, "37"),
            (261, "0e"), (262, "3f"), (263, "01"), (266, "57 01"), (268, "61 01"), (270, "64 00"),
            (280, "00 00 10 63 2d 5e 03 00 00 00 00 00 00 00 00 80"), (316, "0a 00"), (319, "01"),
            (320, "32 00"), (324, "00 00"), (326, "6d 01"), (328, "03 00 00 a0"), (512, "66"),
            (513, "44"), (516, "20 00 00 00"), (520, "5f 01"), (524, "04"), (525, "05"),
            (526, "ff 03"),
        ])
        let values = controller.namedValues
        XCTAssertEqual(values["VPDWritesRemaining"], .unsigned8(5))
        XCTAssertEqual(values["ManagementEndpointCapabilities"], .names(["TwoWirePort"]))
        XCTAssertEqual(
            values["OptionalAdminCommands"],
            .names([
                "Security", "FormatNVM", "Firmware", "NamespaceManagement", "DeviceSelfTest",
                "ManagementInterface", "VirtualizationManagement", "Lockdown",
            ])
        )
        XCTAssertEqual(values["AbortCommandLimit"], .unsigned16(4))
        XCTAssertEqual(values["AsynchronousEventRequestLimit"], .unsigned16(8))
        XCTAssertEqual(values["FirstFirmwareSlotReadOnly"], .boolean(true))
        XCTAssertEqual(values["FirmwareSlotCount"], .unsigned8(3))
        XCTAssertEqual(values["FirmwareActivationWithoutReset"], .boolean(true))
        XCTAssertEqual(values["FirmwareMultipleUpdateDetection"], .boolean(true))
        XCTAssertEqual(
            values["LogPageAttributes"],
            .names(["CommandEffects", "ExtendedData", "Telemetry"])
        )
        XCTAssertEqual(values["ErrorLogPageEntries"], .unsigned16(64))
        XCTAssertEqual(values["PowerStateCount"], .unsigned16(2))
        XCTAssertEqual(values["WarningTemperatureThreshold"], .signed16(70))
        XCTAssertEqual(values["CriticalTemperatureThreshold"], .signed16(80))
        XCTAssertEqual(values["MaximumTimeForFirmwareActivation"], .unsigned32(10_000))
        XCTAssertEqual(
            values["TotalNVMCapacity"],
            .unsigned128(0x8000_0000_0000_0000_0003_5E2D_6310_0000)
        )
        XCTAssertEqual(values["ExtendedSelfTestTime"], .unsigned16(10))
        XCTAssertEqual(values["FirmwareUpdateGranularity"], .unsigned32(4096))
        XCTAssertEqual(values["KeepAliveGranularity"], .unsigned32(5000))
        XCTAssertNil(values["MinimumThermalManagementTemperature"])
        XCTAssertEqual(values["MaximumThermalManagementTemperature"], .signed16(92))
        XCTAssertEqual(
            values["SanitizeCapabilities"],
            .names(["CryptoErase", "BlockErase", "NoDeallocateInhibited"])
        )
        XCTAssertEqual(values["NoDeallocateModifiesMedia"], .text("Modified"))
        XCTAssertEqual(values["SubmissionQueueEntryRequiredSize"], .unsigned32(64))
        XCTAssertEqual(values["SubmissionQueueEntryMaximumSize"], .unsigned32(64))
        XCTAssertEqual(values["CompletionQueueEntryMaximumSize"], .unsigned32(16))
        XCTAssertEqual(values["MaximumNamespaceID"], .unsigned32(32))
        XCTAssertEqual(
            values["OptionalNVMCommands"],
            .names([
                "Compare", "WriteUncorrectable", "DatasetManagement", "WriteZeroes",
                "SaveAndSelectFeatures", "Timestamp", "Copy",
            ])
        )
        XCTAssertEqual(values["FormatAttributes"], .names(["CryptoErase"]))
        XCTAssertEqual(values["VolatileWriteCachePresent"], .boolean(true))
        XCTAssertEqual(values["VolatileWriteCacheFlushBehavior"], .unsigned8(2))
        XCTAssertEqual(values["AtomicWriteUnitNormal"], .unsigned32(1024))
    }

    func testUnknownBitsSurvive() throws {
        let controller = try controller([(256, "00 80"), (111, "09")])
        XCTAssertEqual(controller.namedValues["OptionalAdminCommands"], .names([]))
        XCTAssertEqual(controller.namedValues["ControllerType"], .text("Unknown (09h)"))
        XCTAssertEqual(controller.data[257], 0x80)
        XCTAssertEqual(controller.data[111], 9)
    }

    func testWhatIsNotReportedIsLeftOut() throws {
        let values = try controller([]).namedValues
        for name in [
            "NVMeVersion", "FRUGloballyUniqueIdentifier", "WarningTemperatureThreshold",
            "TotalNVMCapacity", "VPDWritesRemaining", "FirmwareUpdateGranularity",
            "CommandRetryDelay1", "VendorSpecific",
        ] {
            XCTAssertNil(values[name], name)
        }
        XCTAssertEqual(values["SerialNumber"], .text(""))
    }

    func testPowerStates() throws {
        let controller = try controller([
            (263, "01"),
            (2048, "c4 09 00 00 0a 00 00 00 14 00 00 00 1f 02 03 04 00 02 40 00 20 03 81"),
            (2080, "40 1f 00 03"),
        ])
        XCTAssertEqual(controller.powerStates.count, 2)
        guard case .list(let states)? = controller.namedValues["PowerStates"] else {
            return XCTFail("no power states")
        }
        XCTAssertEqual(states.count, 2)
        let first = controller.powerStates[0].namedValues
        XCTAssertEqual(first["MaximumPower"], .fraction(25))
        XCTAssertEqual(first["NonOperational"], .boolean(false))
        XCTAssertEqual(first["EntryLatency"], .unsigned32(10))
        XCTAssertEqual(first["ExitLatency"], .unsigned32(20))
        XCTAssertEqual(first["RelativeReadThroughput"], .unsigned8(31))
        XCTAssertEqual(first["RelativeWriteLatency"], .unsigned8(4))
        XCTAssertEqual(first["IdlePower"], .fraction(0.0512))
        XCTAssertEqual(first["ActivePower"], .fraction(8))
        XCTAssertEqual(first["ActivePowerWorkload"], .unsigned8(1))
        let second = controller.powerStates[1].namedValues
        XCTAssertEqual(second["MaximumPower"], .fraction(0.8))
        XCTAssertEqual(second["NonOperational"], .boolean(true))
        XCTAssertNil(second["IdlePower"])
        XCTAssertNil(second["ActivePower"])
    }

    func testVendorSpecificBytesComeBack() throws {
        let controller = try controller([(3072, "01 02"), (4094, "03 04")])
        XCTAssertEqual(controller.vendorSpecific.count, 1024)
        XCTAssertEqual(Array(controller.data[4094...]), [3, 4])
    }
}
