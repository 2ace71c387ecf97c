import NVMeMI
import XCTest

/// The fields that came with the latest versions of NVMe, at offsets written down here a second time.
///
/// libnvme's header, which the other fields are compared with, may be too old for them. Every byte of a number is
/// another one, so that a field that is too short, too long or elsewhere shows.
final class IdentifyNewestFieldTests: XCTestCase {
    private func check(
        _ values: [NamedValue],
        _ fields: [(name: String, value: FieldValue)],
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        for field in fields {
            XCTAssertEqual(values[field.name], field.value, field.name, file: file, line: line)
        }
    }

    func testController() throws {
        let data = image(
            4096,
            [
                (102, "5a"), (104, "01 02 03 04"), (110, "03"), (134, "07"), (135, "11"),
                (136, "21 22 23 24 25 26 27 28"), (358, "03"), (360, "31 32"), (384, "41"),
                (386, "51 52 61 62 71 72 81 82 91 92"),
                (564, "a1 a2 a3 a4 b1 b2 c1 c2 d1 d2 e1 e2 f1"),
                (578, "02 01 04 03 06 05 08 07 0a 09"),
            ]
        )
        check(
            try IdentifyController(data: data).namedValues,
            [
                ("BootPartitionCapabilities", .unsigned8(0x5A)),
                ("SubsystemShutdownLatency", .unsigned32(0x0403_0201)),
                ("PowerLossSignaling", .unsigned8(3)), ("ReachabilityCapabilities", .unsigned8(7)),
                ("ControllerInstanceUniquifier", .unsigned8(0x11)),
                ("ControllerInstanceRandomNumber", .unsigned64(0x2827_2625_2423_2221)),
                ("KeyPerIOCapabilities", .unsigned8(3)),
                // Hundreds of milliseconds.
                ("MaximumTimeForFirmwareActivationWithoutReset", .unsigned32(0x3231 * 100)),
                ("TemperatureHysteresisAttributes", .unsigned8(0x41)),
                ("CommandQuiesceTime", .unsigned16(0x5251)),
                ("DevicePersonalityAttributes", .unsigned16(0x6261)),
                ("MaximumUnlimitedPower", .unsigned16(0x7271)),
                ("PowerMeasurementSampleRate", .unsigned16(0x8281)),
                ("MaximumStopMeasurementTime", .unsigned16(0x9291)),
                ("OptimalAggregatedQueueDepth", .unsigned32(0xA4A3_A2A1)),
                ("RefreshInterval", .unsigned8(0xB1)), ("RefreshTime", .unsigned8(0xB2)),
                ("MaximumControllerTrackingDescriptors", .unsigned16(0xC2C1)),
                ("MaximumSubsystemTrackingDescriptors", .unsigned16(0xD2D1)),
                ("MinimumTrackingGranularity", .unsigned8(0xE1)),
                ("MaximumTrackingGranularity", .unsigned8(0xE2)),
                ("TrackingAttributes", .unsigned8(0xF1)),
                ("MaximumControllerMigrationQueues", .unsigned16(0x0102)),
                ("MaximumSubsystemMigrationQueues", .unsigned16(0x0304)),
                ("MaximumControllerMemoryRanges", .unsigned16(0x0506)),
                ("MaximumSubsystemMemoryRanges", .unsigned16(0x0708)),
                ("MaximumDataQueuePages", .unsigned16(0x090A)),
            ]
        )
    }

    func testLimitsOfNamespaces() throws {
        let data = image(
            4096,
            [
                (540, "01 02 03 04"), (544, "11 12 13 14 15 16 17 18 19"), (560, "21 22 23 24"),
                (514, "31 32"), (338, "41 42 51 52"), (352, "01 02"), (296, "61 62 63"),
            ]
        )
        check(
            try IdentifyController(data: data).namedValues,
            [
                ("MaximumAllowedNamespaces", .unsigned32(0x0403_0201)),
                ("MaximumDomainNamespaceAttachments", .unsigned128(0x19_1817_1615_1413_1211)),
                ("MaximumControllerNamespaceAttachments", .unsigned32(0x2423_2221)),
                ("MaximumOutstandingCommands", .unsigned16(0x3231)),
                ("MaximumNVMSetID", .unsigned16(0x4241)),
                ("MaximumEnduranceGroupID", .unsigned16(0x5251)),
                // 64 KiB.
                ("PersistentEventLogSize", .unsigned64(0x0201 * 65536)),
                ("UnallocatedNVMCapacity", .unsigned128(0x63_6261)),
            ]
        )
    }

    func testControllerOfFabrics() throws {
        let data = image(
            4096,
            [(1792, "01 02 03 04 11 12 13 14 21 22 31 41 51 52 01")]
        )
        check(
            try IdentifyController(data: data).namedValues,
            [
                // 16 bytes.
                ("CommandCapsuleSize", .unsigned64(0x0403_0201 * 16)),
                ("ResponseCapsuleSize", .unsigned64(0x1413_1211 * 16)),
                ("InCapsuleDataOffset", .unsigned32(0x2221 * 16)),
                ("FabricsControllerAttributes", .unsigned8(0x31)),
                ("MaximumDataBlockDescriptors", .unsigned8(0x41)),
                ("OptionalFabricsCommands", .unsigned16(0x5251)),
                ("DiscoveryControllerType", .unsigned8(1)),
            ]
        )
    }

    func testPowerState() throws {
        let data = image(32, [(12, "01 02 03 04"), (23, "11 12 13 14 15")])
        check(
            try PowerState(data: data).namedValues,
            [
                ("RelativeReadThroughput", .unsigned8(1)), ("RelativeReadLatency", .unsigned8(2)),
                ("RelativeWriteThroughput", .unsigned8(3)), ("RelativeWriteLatency", .unsigned8(4)),
                ("EmergencyPowerFailRecoveryTime", .unsigned8(0x11)),
                ("ForcedQuiescenceVaultTime", .unsigned8(0x12)),
                ("EmergencyPowerFailVaultTime", .unsigned8(0x13)),
                ("RecoveryTimeScales", .unsigned8(0x14)),
                ("VaultTimeScale", .unsigned8(0x15)),
            ]
        )
    }

    func testNamespace() throws {
        let data = image(
            4096,
            [(74, "01 02 11 12 13 14 21 03"), (84, "31 32 33 34")]
        )
        check(
            try IdentifyNamespace(data: data).namedValues,
            [
                ("MaximumCopySourceRangeLength", .unsigned16(0x0201)),
                ("MaximumCopyLength", .unsigned32(0x1413_1211)),
                ("KeyPerIOStatus", .unsigned8(3)),
                ("KeyPerIOGranularity", .unsigned32(0x3433_3231)),
            ]
        )
    }
}
