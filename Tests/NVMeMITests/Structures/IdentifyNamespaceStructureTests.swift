import NVMeMI
import XCTest

/// What Identify tells of namespaces beside the structure of all of them, of bytes and at offsets that are written down a second time.
///
/// Every byte of a number is another one, so that a field that is too short, too long or elsewhere shows.
final class IdentifyNamespaceStructureTests: XCTestCase {
    func testNamespaceOfTheNVMCommandSet() throws {
        let data = image(
            4096,
            [
                (0, "01 02 03 04 05 06 07 08"), (8, "0b 5a"), (12, "90 05 00 00"),
                (16, "a0 0e 00 00"),
                (268, "11 12 13 14 21 22 23 24 31 32 33 34 41 42 43 44 51 52 53 54 61 62 63 64"),
                (292, "71 72 73 74"),
            ]
        )
        let formats: [FieldValue] =
            [
                .dictionary([
                    ("StorageTagSize", .unsigned8(16)),
                    ("ProtectionInformationFormat", .text("Qualified")),
                    ("QualifiedProtectionInformationFormat", .unsigned8(2)),
                ]),
                .dictionary([
                    ("StorageTagSize", .unsigned8(32)),
                    ("ProtectionInformationFormat", .text("32BitGuard")),
                    ("QualifiedProtectionInformationFormat", .unsigned8(7)),
                ]),
            ]
            + Array(
                repeating: .dictionary([
                    ("StorageTagSize", .unsigned8(0)),
                    ("ProtectionInformationFormat", .text("16BitGuard")),
                ]),
                count: 62
            )
        let expected = FieldValue.dictionary([
            ("StorageTagMask", .unsigned64(0x0807_0605_0403_0201)),
            (
                "ProtectionInformationCapabilities",
                .names(["16BitGuardStorageTag", "16BitGuardStorageTagMask", "QualifiedFormat"])
            ),
            ("ProtectionInformationFormatAttributes", .unsigned8(0x5A)),
            ("ExtendedLBAFormats", .list(formats)),
            ("PreferredDeallocateGranularityLarge", .unsigned32(0x1413_1211)),
            ("PreferredReadGranularity", .unsigned32(0x2423_2221)),
            ("PreferredReadAlignment", .unsigned32(0x3433_3231)),
            ("OptimalReadSize", .unsigned32(0x4443_4241)),
            ("PreferredDeallocateAlignmentLarge", .unsigned32(0x5453_5251)),
            ("LBAPlacementShardSize", .unsigned32(0x6463_6261)),
            ("TrackedLBAAllocationGranularity", .unsigned32(0x7473_7271)),
        ])
        // The same of a namespace, of a format, and of an allocated namespace.
        for code: UInt8 in [0x05, 0x0A, 0x1B] {
            XCTAssertEqual(try decodeStructure(code, data), expected)
        }
    }

    func testZonedNamespace() throws {
        let data = image(
            4096,
            [
                (0, "03 00 02 00"), (4, "01 02 03 04"), (8, "11 12 13 14 21 22 23 24 31 32 33 34"),
                (20, "41 42 43 44 51 52 53 54 61 62 63 64 71 72 73 74 81 82 83 84 91 92 93 94"),
                (44, "a1 a2 a3 a4 b1 b2 c1 c2 d1"), (2816, "01 02 03 04 05 06 07 08 03"),
                (3840, "ee"),
            ]
        )
        let formats: [FieldValue] =
            [
                .dictionary([
                    ("ZoneSize", .unsigned64(0x0807_0605_0403_0201)),
                    ("ZoneDescriptorExtensionSize", .unsigned32(192)),
                ])
            ]
            + Array(
                repeating: .dictionary([
                    ("ZoneSize", .unsigned64(0))
                ]),
                count: 63
            )
        let expected = FieldValue.dictionary([
            (
                "ZoneOperationCharacteristics",
                .names(["VariableZoneCapacity", "ZoneActiveExcursions"])
            ),
            ("OptionalCapabilities", .names(["ZoneRandomWriteArea"])),
            ("MaximumActiveResources", .unsigned32(0x0403_0201)),
            ("MaximumOpenResources", .unsigned32(0x1413_1211)),
            ("ResetRecommendedLimit", .unsigned32(0x2423_2221)),
            ("FinishRecommendedLimit", .unsigned32(0x3433_3231)),
            ("ResetRecommendedLimit1", .unsigned32(0x4443_4241)),
            ("ResetRecommendedLimit2", .unsigned32(0x5453_5251)),
            ("ResetRecommendedLimit3", .unsigned32(0x6463_6261)),
            ("FinishRecommendedLimit1", .unsigned32(0x7473_7271)),
            ("FinishRecommendedLimit2", .unsigned32(0x8483_8281)),
            ("FinishRecommendedLimit3", .unsigned32(0x9493_9291)),
            ("ZoneRandomWriteAreas", .unsigned32(0xA4A3_A2A1)),
            ("ZoneRandomWriteAreaFlushGranularity", .unsigned16(0xB2B1)),
            ("ZoneRandomWriteAreaSize", .unsigned16(0xC2C1)),
            ("ZoneRandomWriteAreaCapabilities", .unsigned8(0xD1)),
            ("LBAFormatExtensions", .list(formats)),
            ("VendorSpecific", .bytes([0xEE] + [UInt8](repeating: 0, count: 255))),
        ])
        for code: UInt8 in [0x05, 0x1B] {
            XCTAssertEqual(try decodeStructure(code, ioCommandSet: 2, data), expected)
        }
    }

    func testIndependentNamespace() throws {
        let data = image(
            4096,
            [
                (0, "38 03 81 b2"), (4, "01 02 03 04 01"), (10, "11 12 21 22 01 03 31 32"),
                (20, "41 42 43 44"),
            ]
        )
        let expected = FieldValue.dictionary([
            (
                "Features",
                .names([
                    "UniqueIdentifiersNeverReused", "RotationalMedia",
                    "VolatileWriteCacheNotPresent",
                ])
            ),
            ("Shareable", .boolean(true)), ("Dispersed", .boolean(true)),
            ("ReservationCapabilities", .names(["PersistThroughPowerLoss", "IgnoreExistingKey"])),
            ("FormatProgressSupported", .boolean(true)), ("FormatRemaining", .unsigned8(0x32)),
            ("ANAGroupID", .unsigned32(0x0403_0201)), ("WriteProtected", .boolean(true)),
            ("NVMSetID", .unsigned16(0x1211)), ("EnduranceGroupID", .unsigned16(0x2221)),
            ("Ready", .boolean(true)), ("KeyPerIO", .names(["Enabled", "Supported"])),
            ("MaximumKeyTag", .unsigned16(0x3231)),
            ("ReachabilityGroupID", .unsigned32(0x4443_4241)),
        ])
        for code: UInt8 in [0x08, 0x1F] {
            XCTAssertEqual(try decodeStructure(code, data), expected)
        }
    }

    func testNamespaceListsOfACommandSet() throws {
        for code: UInt8 in [0x07, 0x1A] {
            let declaration = try XCTUnwrap(
                IdentifyStructures.find(IdentifyStructure(rawValue: code), ioCommandSet: 2)
            )
            let data = image(4096, [(0, "01 00 00 00 04 03 02 00")])
            XCTAssertEqual(
                try declaration.decode(data).values["Namespaces"],
                .list([.unsigned32(1), .unsigned32(0x0002_0304)])
            )
        }
    }
}
