import NVMeMI
import XCTest

/// What Identify tells of controllers beside the structure of all of them, of bytes and at offsets that are written down a second time.
///
/// Every byte of a number is another one, so that a field that is too short, too long or elsewhere shows.
final class IdentifyControllerStructureTests: XCTestCase {
    func testControllerOfTheNVMCommandSet() throws {
        let data = image(
            4096,
            [
                (0, "01 02 03 04 11 12 13 14 21 22 23 24 25 26 27 28"), (16, "03 31 01"),
                (20, "00 01 02 00 41"),
            ]
        )
        XCTAssertEqual(
            try decodeStructure(0x06, data),
            .dictionary([
                ("VerifySizeLimit", .unsigned8(1)), ("WriteZeroesSizeLimit", .unsigned8(2)),
                ("WriteUncorrectableSizeLimit", .unsigned8(3)),
                ("DatasetManagementRangesLimit", .unsigned8(4)),
                ("DatasetManagementRangeSizeLimit", .unsigned32(0x1413_1211)),
                ("DatasetManagementSizeLimit", .unsigned64(0x2827_2625_2423_2221)),
                ("KeyPerIOSupported", .boolean(true)),
                ("KeyPerIOScopeAllNamespaces", .boolean(true)),
                ("WriteZeroesWithDeallocateSizeLimit", .unsigned8(0x31)),
                ("ReportsAllocatedLBAs", .boolean(true)), ("Version", .text("2.1.0")),
                ("LBAMigrationQueueFormat", .unsigned8(0x41)),
            ])
        )
        XCTAssertEqual(
            try decodeStructure(0x06, ioCommandSet: 2, image(4096, [(0, "05")])),
            .dictionary([("ZoneAppendSizeLimit", .unsigned8(5))])
        )
    }

    func testPrimaryControllerCapabilities() throws {
        let data = image(
            4096,
            [
                (0, "01 02 11 12 03"), (32, "21 22 23 24 31 32 33 34 41 42 51 52 61 62 71 72"),
                (64, "81 82 83 84 91 92 93 94 a1 a2 b1 b2 c1 c2 d1 d2"),
            ]
        )
        XCTAssertEqual(
            try decodeStructure(0x14, data),
            .dictionary([
                ("ControllerID", .unsigned16(0x0201)), ("PortID", .unsigned16(0x1211)),
                ("ResourceTypes", .names(["Queues", "Interrupts"])),
                ("QueueFlexibleTotal", .unsigned32(0x2423_2221)),
                ("QueueFlexibleAssigned", .unsigned32(0x3433_3231)),
                ("QueueFlexibleAllocatedToPrimary", .unsigned16(0x4241)),
                ("QueuePrivateTotal", .unsigned16(0x5251)),
                ("QueueFlexibleSecondaryMaximum", .unsigned16(0x6261)),
                ("QueueFlexibleGranularity", .unsigned16(0x7271)),
                ("InterruptFlexibleTotal", .unsigned32(0x8483_8281)),
                ("InterruptFlexibleAssigned", .unsigned32(0x9493_9291)),
                ("InterruptFlexibleAllocatedToPrimary", .unsigned16(0xA2A1)),
                ("InterruptPrivateTotal", .unsigned16(0xB2B1)),
                ("InterruptFlexibleSecondaryMaximum", .unsigned16(0xC2C1)),
                ("InterruptFlexibleGranularity", .unsigned16(0xD2D1)),
            ])
        )
    }

    func testSecondaryControllers() throws {
        let data = image(
            4096,
            [
                (0, "02"), (32, "01 02 11 12 01"), (40, "21 22 31 32 41 42"), (64, "03 04"),
            ]
        )
        XCTAssertEqual(
            try decodeStructure(0x15, data),
            .dictionary([
                (
                    "Controllers",
                    .list([
                        .dictionary([
                            ("ControllerID", .unsigned16(0x0201)),
                            ("PrimaryControllerID", .unsigned16(0x1211)),
                            ("Online", .boolean(true)),
                            ("VirtualFunctionNumber", .unsigned16(0x2221)),
                            ("QueueResources", .unsigned16(0x3231)),
                            ("InterruptResources", .unsigned16(0x4241)),
                        ]),
                        .dictionary([
                            ("ControllerID", .unsigned16(0x0403)),
                            ("PrimaryControllerID", .unsigned16(0)),
                            ("Online", .boolean(false)), ("VirtualFunctionNumber", .unsigned16(0)),
                            ("QueueResources", .unsigned16(0)),
                            ("InterruptResources", .unsigned16(0)),
                        ]),
                    ])
                )
            ])
        )
    }

    func testControllerStateFormats() throws {
        let data = bytes("02 01 11 12 21 22 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f")
        XCTAssertEqual(
            try decodeStructure(0x20, data),
            .dictionary([
                ("VendorFormatCount", .unsigned8(1)),
                ("Versions", .list([.unsigned16(0x1211), .unsigned16(0x2221)])),
                (
                    "VendorFormats",
                    .dictionary([
                        (
                            "UUIDs",
                            .list([
                                .dictionary([("UUID", .text("000102030405060708090a0b0c0d0e0f"))])
                            ])
                        )
                    ])
                ),
            ])
        )
    }
}
