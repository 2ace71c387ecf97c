import NVMeMI
import XCTest

/// What Identify tells of what the subsystem consists of, of bytes and at offsets that are written down a second time.
///
/// Every byte of a number is another one, so that a field that is too short, too long or elsewhere shows.
final class IdentifySubsystemStructureTests: XCTestCase {
    func testNVMSets() throws {
        let data = image(
            4096,
            [
                (0, "01"), (128, "01 02 11 12"), (136, "21 22 23 24 31 32 33 34"),
                (144, "41 42 43 44 45 46 47 48 49"), (160, "51 52"),
            ]
        )
        XCTAssertEqual(
            try decodeStructure(0x04, data),
            .dictionary([
                (
                    "NVMSets",
                    .list([
                        .dictionary([
                            ("NVMSetID", .unsigned16(0x0201)),
                            ("EnduranceGroupID", .unsigned16(0x1211)),
                            ("Random4KReadTypical", .unsigned32(0x2423_2221)),
                            ("OptimalWriteSize", .unsigned32(0x3433_3231)),
                            ("TotalCapacity", .unsigned128(0x49_4847_4645_4443_4241)),
                            ("UnallocatedCapacity", .unsigned128(0x5251)),
                        ])
                    ])
                )
            ])
        )
    }

    func testGranularities() throws {
        let data = image(
            288,
            [
                (0, "01 00 00 00 01"), (32, "01 02 03 04 05 06 07 08 11 12 13 14 15 16 17 18"),
                (48, "21 00 00 00 00 00 00 00 31"),
            ]
        )
        XCTAssertEqual(
            try decodeStructure(0x16, data),
            .dictionary([
                ("CorrespondsToFormats", .boolean(true)),
                (
                    "Granularities",
                    .list([
                        .dictionary([
                            ("SizeGranularity", .unsigned64(0x0807_0605_0403_0201)),
                            ("CapacityGranularity", .unsigned64(0x1817_1615_1413_1211)),
                        ]),
                        .dictionary([
                            ("SizeGranularity", .unsigned64(0x21)),
                            ("CapacityGranularity", .unsigned64(0x31)),
                        ]),
                    ])
                ),
            ])
        )
    }

    func testUUIDs() throws {
        let data = image(
            4096,
            [(32, "02"), (48, "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f")]
        )
        XCTAssertEqual(
            try decodeStructure(0x17, data),
            .dictionary([
                (
                    "UUIDs",
                    .list([
                        .dictionary([
                            ("Association", .text("SubsystemVendor")),
                            ("UUID", .text("000102030405060708090a0b0c0d0e0f")),
                        ])
                    ])
                )
            ])
        )
    }

    func testDomainsAndEnduranceGroups() throws {
        let data = image(
            4096,
            [(0, "01"), (128, "01 02"), (144, "11 12"), (160, "21 22"), (176, "31 32 33")]
        )
        XCTAssertEqual(
            try decodeStructure(0x18, data),
            .dictionary([
                (
                    "Domains",
                    .list([
                        .dictionary([
                            ("DomainID", .unsigned16(0x0201)),
                            ("TotalCapacity", .unsigned128(0x1211)),
                            ("UnallocatedCapacity", .unsigned128(0x2221)),
                            ("MaximumEnduranceGroupCapacity", .unsigned128(0x33_3231)),
                        ])
                    ])
                )
            ])
        )
        XCTAssertEqual(
            try decodeStructure(0x19, image(4096, [(0, "02 00 01 00 03 02")])),
            .dictionary([("EnduranceGroups", .list([.unsigned16(1), .unsigned16(0x0203)]))])
        )
    }

    func testCommandSetCombinations() throws {
        XCTAssertEqual(
            try decodeStructure(
                0x1C,
                image(4096, [(0, "01 00 00 00 00 00 00 00 05 00 00 00 00 00 00 80")])
            ),
            .dictionary([
                ("Combinations", .list([.unsigned64(1), .unsigned64(0x8000_0000_0000_0005)]))
            ])
        )
    }

    func testUnderlyingNamespaces() throws {
        let data = image(
            16 + 320,
            [
                (0, "01 02 03 04 05 06 07 08 01 00"), (16, "6e 71 6e 2e 61"),
                (16 + 256, "11 12 13 14 21 22"), (16 + 318, "31 32"),
            ]
        )
        XCTAssertEqual(
            try decodeStructure(0x1D, data),
            .dictionary([
                ("GenerationCounter", .unsigned64(0x0807_0605_0403_0201)),
                (
                    "Namespaces",
                    .list([
                        .dictionary([
                            ("SubsystemNQN", .text("nqn.a")),
                            ("NamespaceID", .unsigned32(0x1413_1211)),
                            ("ControllerID", .unsigned16(0x2221)), ("Index", .unsigned16(0x3231)),
                        ])
                    ])
                ),
            ])
        )
    }

    func testPorts() throws {
        let data = image(
            16 + 576,
            [
                (0, "01 02 03 04 05 06 07 08 01 00"),
                (16, "31 32 37" + String(repeating: " 20", count: 253)), (16 + 256, "ab cd"),
                (16 + 512, "11 12 03 01 05"),
            ]
        )
        XCTAssertEqual(
            try decodeStructure(0x1E, data),
            .dictionary([
                ("GenerationCounter", .unsigned64(0x0807_0605_0403_0201)),
                (
                    "Ports",
                    .list([
                        .dictionary([
                            ("Address", .text("127")),
                            (
                                "TransportSpecific",
                                .bytes([0xAB, 0xCD] + [UInt8](repeating: 0, count: 254))
                            ),
                            ("PortID", .unsigned16(0x1211)), ("TransportType", .text("TCP")),
                            ("AddressFamily", .text("IPv4")), ("Requirements", .unsigned8(5)),
                        ])
                    ])
                ),
            ])
        )
    }
}
