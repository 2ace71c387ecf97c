import NVMeMI
import XCTest

/// Log pages of bytes written down here, at offsets that are written down a second time.
final class LogPageRecordTests: XCTestCase {
    private func decode(
        _ page: UInt8,
        _ size: Int,
        _ parts: [(Int, String)],
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> [NamedValue] {
        let declaration = try XCTUnwrap(LogPages.find(LogPageIdentifier(rawValue: page)))
        return try decode(declaration, image(size, parts), file: file, line: line)
    }

    /// The values of a page, which are encoded to the same bytes again.
    private func decode(
        _ page: LogPageDeclaration,
        _ data: [UInt8],
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> [NamedValue] {
        let decoded = try page.decode(data)
        XCTAssertEqual(decoded.leftOut, [], file: file, line: line)
        XCTAssertEqual(try page.description.encode(decoded.values), data, file: file, line: line)
        return decoded.values
    }

    func testEveryPageOfTheStandardIsDeclared() {
        // Rate limiting (28h) and the list of sanitized namespaces (7Fh) have no layout that is known.
        let missing = LogPageIdentifier.names.map(\.key).filter {
            LogPages.find(LogPageIdentifier(rawValue: $0)) == nil
        }
        XCTAssertEqual(missing, [0x28, 0x7F])
    }

    func testSupportedLogPages() throws {
        let values = try decode(0x00, 1024, [(8, "01 00 00 00"), (0x0D * 4, "03 00 00 01")])
        XCTAssertEqual(
            values["LogPages"],
            .list([
                .dictionary([
                    ("Identifier", .unsigned8(2)),
                    ("Name", .text("SMART / Health Information")),
                    ("IndexOffset", .boolean(false)),
                ]),
                .dictionary([
                    ("Identifier", .unsigned8(0x0D)), ("Name", .text("Persistent Event Log")),
                    ("IndexOffset", .boolean(true)), ("Specific", .unsigned16(0x0100)),
                ]),
            ])
        )
    }

    func testCommandEffects() throws {
        let values = try decode(
            0x05,
            4096,
            [
                (0x84 * 4, "13 40 09 00"), (1024 + 4, "03 00 00 00"),
                (1024 + 0x80 * 4, "01 00 10 00"),
            ]
        )
        let scope = ("Scope", FieldValue.names([]))
        XCTAssertEqual(
            values["AdminCommands"],
            .list([
                .dictionary([
                    ("Identifier", .unsigned8(0x84)), ("Name", .text("Sanitize")),
                    ("Changes", .names(["LogicalBlockContent", "ControllerCapability"])),
                    ("SubmissionRelaxations", .unsigned8(1)),
                    ("SubmissionRestrictions", .unsigned8(1)), ("UUIDSelection", .boolean(true)),
                    scope,
                ])
            ])
        )
        XCTAssertEqual(
            values["IOCommands"],
            .list([
                .dictionary([
                    ("Identifier", .unsigned8(1)), ("Name", .text("Write")),
                    ("Changes", .names(["LogicalBlockContent"])),
                    ("UUIDSelection", .boolean(false)), scope,
                ]),
                .dictionary([
                    ("Identifier", .unsigned8(0x80)), ("Changes", .names([])),
                    ("UUIDSelection", .boolean(false)), ("Scope", .names(["Namespace"])),
                ]),
            ])
        )
    }

    func testChangedNamespaces() throws {
        let values = try decode(0x04, 4096, [(0, "01 00 00 00 07 00 00 00")])
        XCTAssertEqual(values["Overflow"], .boolean(false))
        XCTAssertEqual(values["Namespaces"], .list([.unsigned32(1), .unsigned32(7)]))
        let more = try decode(0x1C, 4096, [(0, "ff ff ff ff")])
        XCTAssertEqual(more["Overflow"], .boolean(true))
    }

    func testTelemetry() throws {
        let page = try XCTUnwrap(LogPages.find(.telemetryHostInitiated))
        let data = image(
            512,
            [
                (5, "01 02 03"), (8, "01 00 02 00 05 00"), (16, "03 00 00 00"),
                (380, "02 07 01 08"), (384, "aa"),
            ]
        )
        let values = try decode(page, data)
        XCTAssertEqual(values["OrganizationallyUniqueIdentifier"], .unsigned32(0x03_0201))
        XCTAssertEqual(values["DataArea3LastBlock"], .unsigned16(5))
        XCTAssertEqual(values["DataArea4LastBlock"], .unsigned32(3))
        XCTAssertEqual(values["Scope"], .text("NVMSubsystem"))
        XCTAssertEqual(values["GenerationNumber"], .unsigned8(7))
        XCTAssertEqual(values["ControllerDataAvailable"], .boolean(true))
        XCTAssertEqual(values["ControllerGenerationNumber"], .unsigned8(8))
        XCTAssertEqual(page.extent.length(after: []), 512)
        XCTAssertEqual(page.extent.length(after: data), 512 * 6)
        XCTAssertEqual(page.change(in: data), 7)
        XCTAssertFalse(page.isAction(0))
        XCTAssertTrue(page.isAction(1))
        XCTAssertTrue(page.isAction(5))
        let other = try XCTUnwrap(LogPages.find(.telemetryControllerInitiated))
        XCTAssertEqual(other.change(in: data), 8)
    }

    func testEnduranceGroup() throws {
        let values = try decode(
            0x09,
            512,
            [(0, "0c"), (3, "64 0a 03"), (6, "02 01"), (32, "05"), (160, "00 00 00 00 01")]
        )
        XCTAssertEqual(values["CriticalWarnings"], .names(["ReliabilityDegraded", "ReadOnly"]))
        XCTAssertEqual(values["AvailableSpare"], .unsigned8(100))
        XCTAssertEqual(values["AvailableSpareThreshold"], .unsigned8(10))
        XCTAssertEqual(values["PercentageUsed"], .unsigned8(3))
        XCTAssertEqual(values["DomainID"], .unsigned16(0x0102))
        XCTAssertEqual(values["EnduranceEstimate"], .unsigned128(5))
        XCTAssertEqual(values["TotalCapacity"], .unsigned128(1 << 32))
    }

    func testAsymmetricNamespaceAccess() throws {
        let page = try XCTUnwrap(LogPages.find(LogPageIdentifier(rawValue: 0x0C)))
        let data = image(
            16 + 32 + 8 + 32,
            [
                (0, "09 00 00 00 00 00 00 00 02 00"),
                (16, "01 00 00 00 02 00 00 00 05"), (32, "01"), (48, "03 00 00 00 04 00 00 00"),
                (56, "02 00 00 00 00 00 00 00 06"), (72, "0f"),
            ]
        )
        XCTAssertEqual(
            try decode(page, data)["Groups"],
            .list([
                .dictionary([
                    ("GroupID", .unsigned32(1)), ("ChangeCount", .unsigned64(5)),
                    ("State", .text("Optimized")),
                    ("Namespaces", .list([.unsigned32(3), .unsigned32(4)])),
                ]),
                .dictionary([
                    ("GroupID", .unsigned32(2)), ("ChangeCount", .unsigned64(6)),
                    ("State", .text("Change")), ("Namespaces", .list([])),
                ]),
            ])
        )
        XCTAssertEqual(page.change(in: data), 9)
        // The length is found out as groups are read.
        XCTAssertEqual(page.extent.length(after: Array(data.prefix(16))), 80)
        XCTAssertEqual(page.extent.length(after: Array(data.prefix(48))), 88)
        XCTAssertEqual(page.extent.length(after: data), 88)
        // A count of namespaces that are not there is told, and ends the list.
        var short = data
        short[20] = 0xFF
        let decoded = try page.decode(short)
        XCTAssertEqual(decoded.leftOut.count, 1)
        XCTAssertEqual(decoded.values["Groups"], .list([]))
    }

    func testPersistentEvents() throws {
        let page = try XCTUnwrap(LogPages.find(.persistentEvent))
        let data = image(
            512 + 24 + 2 + 2 + 24 + 1,
            [
                (4, "02 00 00 00"), (8, "37 02 00 00 00 00 00 00"), (16, "03"),
                (18, "ec 01"), (56, "53 31" + String(repeating: "20", count: 18)), (372, "07 00"),
                (374, "01 00 06"),
                // A thermal excursion with two bytes of the vendor's before its own.
                (512, "0d 01 15 02 05 00 10 27"), (526, "01 00"), (532, "02 00 04 00"),
                (536, "be ef 12 01"),
                // An event of a later version.
                (540, "77 01 15 00"), (562, "01 00 5a"),
            ]
        )
        let values = try decode(page, data)
        XCTAssertEqual(values["TotalNumberOfEvents"], .unsigned32(2))
        XCTAssertEqual(values["SerialNumber"], .text("S1"))
        XCTAssertEqual(values["ReportingContextPortType"], .text("ManagementEndpoint"))
        XCTAssertEqual(values["ReportingContextExists"], .boolean(true))
        guard case .list(let events)? = values["Events"], events.count == 2,
            case .dictionary(let first) = events[0], case .dictionary(let second) = events[1]
        else { return XCTFail("\(values)") }
        XCTAssertEqual(first["Type"], .text("ThermalExcursion"))
        XCTAssertEqual(first["PortType"], .text("ManagementEndpoint"))
        XCTAssertEqual(first["ControllerID"], .unsigned16(5))
        XCTAssertEqual(first["Timestamp"], .unsigned64(10_000))
        XCTAssertEqual(first["VendorSpecific"], .bytes([0xBE, 0xEF]))
        XCTAssertEqual(
            first["Details"],
            .dictionary([("OverTemperature", .unsigned8(0x12)), ("Threshold", .text("Warning"))])
        )
        XCTAssertEqual(second["Type"], .text("Unknown (77h)"))
        XCTAssertEqual(second["Details"], .dictionary([("Data", .bytes([0x5A]))]))
        XCTAssertEqual(page.extent.length(after: data), 567)
        XCTAssertEqual(page.change(in: data), 7)
        XCTAssertEqual(page.specificFields.filter(\.isAction).map(\.value), [1, 2])
    }

    func testLBAStatus() throws {
        let page = try XCTUnwrap(LogPages.find(LogPageIdentifier(rawValue: 0x0E)))
        let data = image(
            16 + 16 + 16 + 16,
            [
                (0, "40 00 00 00 02 00 00 00 ff ff ff ff"), (14, "03 00"),
                (16, "01 00 00 00 01 00 00 00 11"), (32, "00 10 00 00 00 00 00 00 08 00 00 00"),
                (48, "02 00 00 00 ff ff ff ff 10"),
            ]
        )
        let values = try page.decode(data).values
        XCTAssertNil(values["EstimateOfUnrecoverableLogicalBlocks"])
        XCTAssertEqual(
            values["Namespaces"],
            .list([
                .dictionary([
                    ("NamespaceID", .unsigned32(1)), ("RecommendedAction", .text("Tracked")),
                    ("Unknown", .boolean(false)),
                    (
                        "Ranges",
                        .list([
                            .dictionary([
                                ("StartingLBA", .unsigned64(4096)),
                                ("NumberOfLogicalBlocks", .unsigned32(8)),
                            ])
                        ])
                    ),
                ]),
                .dictionary([
                    ("NamespaceID", .unsigned32(2)), ("RecommendedAction", .text("ScanUntracked")),
                    ("Unknown", .boolean(true)), ("Ranges", .list([])),
                ]),
            ])
        )
    }

    func testCapacityConfigurations() throws {
        let page = try XCTUnwrap(LogPages.find(LogPageIdentifier(rawValue: 0x11)))
        // One configuration of one endurance group with one set and one channel of one media unit.
        let size = 16 + 32 + 82 + 2 + 2 + 4 + 8
        let data = image(
            size,
            [
                (0, "01"), (16, "07 00 02 00 01 00"), (48, "03 00 64 00"), (64, "00 10"),
                (48 + 80, "01 00 05 00 01 00 09 00 01 00 0b 00"), (144, "08 00"),
            ]
        )
        XCTAssertEqual(page.extent.length(after: data), UInt64(size))
        let text = "\(FieldValue.dictionary(try decode(page, data)))"
        for part in ["ConfigurationID", "EnduranceGroupID", "NVMSets", "ChannelID", "MediaUnitID"] {
            XCTAssertTrue(text.contains(part), part)
        }
        XCTAssertTrue(text.contains("unsigned16(9)"))
        XCTAssertTrue(text.contains("unsigned16(11)"))
    }

    func testDataPlacement() throws {
        let values = try decode(
            0x20,
            16 + 64 + 8 + 2,
            [
                (0, "00 00 00 00 5a 00 00 00"), (16, "4a 00 93 02 04 00 00 00 02 00 07 00"),
                (32, "00 00 01"), (80, "01 00 00 00 02 00 00 00 be ef"),
            ]
        )
        guard case .list(let configurations)? = values["Configurations"],
            case .dictionary(let first)? = configurations.first
        else { return XCTFail("\(values)") }
        XCTAssertEqual(first["ReclaimGroupIdentifierFormat"], .unsigned8(3))
        XCTAssertEqual(first["VolatileWriteCache"], .boolean(true))
        XCTAssertEqual(first["Valid"], .boolean(true))
        XCTAssertEqual(first["MaximumPlacementIdentifiers"], .unsigned32(8))
        XCTAssertEqual(
            first["ReclaimUnitHandles"],
            .list([
                .dictionary([("Type", .text("InitiallyIsolated"))]),
                .dictionary([("Type", .text("PersistentlyIsolated"))]),
            ])
        )
        XCTAssertEqual(first["VendorSpecific"], .bytes([0xBE, 0xEF]))
        let statistics = try decode(0x22, 64, [(0, "01"), (16, "02"), (32, "03")])
        XCTAssertEqual(statistics["MediaBytesErased"], .unsigned128(3))
    }

    func testRestOfTheFixedPages() throws {
        let rotational = try decode(0x16, 512, [(0, "01 00 02 00 20 1c"), (8, "05"), (20, "06")])
        XCTAssertEqual(rotational["NominalRotationalSpeed"], .unsigned16(7200))
        XCTAssertEqual(rotational["SpinupCount"], .unsigned32(5))
        XCTAssertEqual(rotational["FailedLoadCount"], .unsigned32(6))
        let reservation = try decode(0x80, 64, [(0, "07"), (8, "02 03"), (12, "09")])
        XCTAssertEqual(reservation["Type"], .text("ReservationReleased"))
        XCTAssertEqual(reservation["AvailablePages"], .unsigned8(3))
        XCTAssertEqual(reservation["NamespaceID"], .unsigned32(9))
        let lockdown = try decode(0x14, 512, [(0, "12 00 00 02 0e 10")])
        XCTAssertEqual(lockdown["Scope"], .text("Features"))
        XCTAssertEqual(lockdown["Contents"], .text("Prohibited"))
        XCTAssertEqual(lockdown["Identifiers"], .list([.unsigned8(14), .unsigned8(16)]))
        let latency = try decode(0x0A, 512, [(0, "01"), (2, "01 80"), (32, "05"), (144, "06")])
        XCTAssertEqual(latency["Status"], .text("DeterministicWindow"))
        XCTAssertEqual(latency["Events"], .names(["ReadsWarning", "DeterministicExcursion"]))
        XCTAssertEqual(latency["DeterministicWindowTimeEstimate"], .unsigned64(6))
        let zones = try decode(0xBF, 4096, [(0, "01 00"), (8, "00 00 08")])
        XCTAssertEqual(zones["Zones"], .list([.unsigned64(0x8_0000)]))
        let boot = try decode(0x15, 16, [(4, "02 00 00 80")])
        XCTAssertEqual(boot["BootPartitionSize"], .unsigned64(0x4_0000))
        XCTAssertEqual(boot["ActiveBootPartition"], .unsigned8(1))
    }
}

/// Bytes with some values at offsets, zeros elsewhere.
func image(_ size: Int, _ parts: [(Int, String)]) -> [UInt8] {
    var data = [UInt8](repeating: 0, count: size)
    for (offset, literal) in parts {
        let value = bytes(literal)
        data.replaceSubrange(offset..<offset + value.count, with: value)
    }
    return data
}
