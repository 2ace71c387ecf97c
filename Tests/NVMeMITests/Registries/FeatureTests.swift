import NVMeMI
import XCTest

/// Features by name: what is sent to get and to set them, and what comes back.
final class FeatureTests: XCTestCase {
    private func feature(_ name: String) throws -> FeatureDeclaration {
        try XCTUnwrap(Features.find(name: name))
    }

    func testPowerManagement() throws {
        let feature = try feature("PowerManagement")
        XCTAssertEqual(try feature.get(on: 1), GetFeatures(.powerManagement, on: 1))
        let values = try feature.decode(AdminReply(result: 0x43)).values
        XCTAssertEqual(values["PowerState"], .unsigned8(3))
        XCTAssertEqual(values["WorkloadHint"], .unsigned8(2))
        // What is not given stays as it is.
        let set = try feature.set(
            [("PowerState", .unsigned8(4))],
            keeping: AdminReply(result: 0x43),
            on: 1,
            isSaved: true
        )
        XCTAssertEqual(set.value, 0x44)
        XCTAssertTrue(set.isSaved)
        XCTAssertEqual(set.data, [])
        XCTAssertThrowsError(try feature.set([("PowerState", .unsigned8(32))], on: 1)) {
            XCTAssertEqual(($0 as? ArgumentError)?.field, "PowerState")
            XCTAssertEqual(($0 as? ArgumentError)?.expected, "at most 31")
        }
        XCTAssertThrowsError(try feature.set([("Power", .unsigned8(1))], on: 1))
        XCTAssertThrowsError(try feature.get(on: 1, selecting: [("PowerState", .unsigned8(1))]))
    }

    func testTemperatureThreshold() throws {
        let feature = try feature("temperature-threshold")
        let get = try feature.get(
            on: 0,
            selecting: [("Sensor", .unsigned8(2)), ("Threshold", .text("UnderTemperature"))]
        )
        XCTAssertEqual(get.specific, 0x0012_0000)
        XCTAssertEqual(
            try feature.decode(AdminReply(result: 0x015D)).values["Temperature"],
            .signed16(76)
        )
        XCTAssertEqual(
            try feature.set([("Temperature", .signed16(-10)), ("Sensor", .unsigned8(1))], on: 0)
                .value,
            0x0001_0107
        )
        XCTAssertThrowsError(try feature.set([("Threshold", .text("Sideways"))], on: 0)) {
            XCTAssertTrue("\($0)".contains("OverTemperature, UnderTemperature"), "\($0)")
        }
    }

    func testTimestamp() throws {
        let feature = try feature("Timestamp")
        XCTAssertEqual(try feature.get(on: 0).dataLength, 8)
        let values = try feature.decode(
            AdminReply(data: bytes("01 02 03 04 05 06 03 00"))
        ).values
        XCTAssertEqual(values["Timestamp"], .unsigned64(0x0605_0403_0201))
        XCTAssertEqual(values["Synch"], .boolean(true))
        XCTAssertEqual(values["Origin"], .text("SetFeatures"))
        XCTAssertEqual(
            try feature.set([("Timestamp", .unsigned64(0x0A0B))], on: 0).data,
            bytes("0b 0a 00 00 00 00 00 00")
        )
        XCTAssertThrowsError(try feature.set([("Timestamp", .unsigned64(1 << 48))], on: 0))
        XCTAssertThrowsError(try feature.decode(AdminReply(data: [1, 2])))
    }

    func testThermalManagementAndWriteProtection() throws {
        let thermal = try feature("HostControlledThermalManagement")
        XCTAssertEqual(
            try thermal.set(
                [
                    ("ThermalManagementTemperature1", .signed16(70)),
                    ("ThermalManagementTemperature2", .signed16(80)),
                ],
                on: 0
            ).value,
            0x0157_0161
        )
        let protection = try feature("NamespaceWriteProtectionConfig")
        XCTAssertTrue(protection.isNamespaceSpecific)
        let set = try protection.set([("State", .text("WriteProtect"))], on: 0, namespace: 3)
        XCTAssertEqual(set.namespace, 3)
        XCTAssertEqual(set.value, 1)
    }

    func testArgumentsInOtherDwords() throws {
        let level = try feature("ReadRecoveryLevelConfig")
        let set = try level.set(
            [("NVMSetID", .unsigned16(5)), ("ReadRecoveryLevel", .unsigned8(4))],
            on: 0
        )
        XCTAssertEqual(set.value, 5)
        XCTAssertEqual(set.specific12, 4)
        XCTAssertEqual(
            try level.decode(AdminReply(result: 6)).values["ReadRecoveryLevel"],
            .unsigned8(6)
        )
    }

    func testArgumentsThatAreNotGivenStayAsTheResultTells() throws {
        let configuration = try feature("PredictableLatencyModeConfig")
        let thresholds = try configuration.set(
            [
                ("NVMSetID", .unsigned16(2)),
                ("DeterministicWindowReadsThreshold", .unsigned64(0x55)),
            ],
            keeping: AdminReply(result: 1, data: image(512, [(0, "01 00"), (40, "77")])),
            on: 0
        )
        XCTAssertEqual(thresholds.value, 2)
        XCTAssertEqual(thresholds.specific12, 1)
        XCTAssertEqual(thresholds.data, image(512, [(0, "01 00"), (32, "55"), (40, "77")]))
        let disabled = try configuration.set(
            [("Enabled", .boolean(false))],
            keeping: AdminReply(result: 1, data: image(512, [])),
            on: 0
        )
        XCTAssertEqual(disabled.specific12, 0)

        let placement = try feature("FlexibleDataPlacement")
        let enabled = try placement.set(
            [("EnduranceGroupID", .unsigned16(1)), ("Enabled", .boolean(true))],
            keeping: AdminReply(result: 0x0300),
            on: 0
        )
        XCTAssertEqual(enabled.value, 1)
        XCTAssertEqual(enabled.specific12, 0x0301)

        // A code without a name stays as well.
        let window = try feature("PredictableLatencyModeWindow")
        XCTAssertEqual(
            try window.set(
                [("NVMSetID", .unsigned16(4))],
                keeping: AdminReply(result: 5),
                on: 0
            ).specific12,
            5
        )
    }

    func testMetadataAndTransitions() throws {
        let metadata = try feature("ControllerMetadata")
        let data = bytes("02 00 01 00 03 00 61 62 63 0a 01 02 00 78 79")
        let decoded = try metadata.decode(AdminReply(data: data))
        XCTAssertEqual(decoded.leftOut, [])
        XCTAssertEqual(
            decoded.values["Elements"],
            .list([
                .dictionary([
                    ("Type", .text("OperatingSystemControllerName")), ("Revision", .unsigned8(0)),
                    ("Value", .text("abc")),
                ]),
                .dictionary([
                    ("Type", .text("OperatingSystemNameAndBuild")), ("Revision", .unsigned8(1)),
                    ("Value", .text("xy")),
                ]),
            ])
        )
        let set = try metadata.set(decoded.values, on: 0)
        XCTAssertEqual(Array(set.data.prefix(data.count)), data)
        XCTAssertEqual(set.data.count, 4096)
        let transitions = try feature("AutonomousPowerStateTransition")
        let reply = AdminReply(result: 1, data: image(256, [(8, "18 64 00 00")]))
        guard case .list(let rows)? = try transitions.decode(reply).values["Transitions"] else {
            return XCTFail()
        }
        XCTAssertEqual(rows.count, 32)
        XCTAssertEqual(
            rows[1],
            .dictionary([("IdlePowerState", .unsigned8(3)), ("IdleTime", .unsigned32(100))])
        )
    }

    func testHostIdentifierHasTheLengthThatIsAskedFor() throws {
        let feature = try feature("HostIdentifier")
        XCTAssertEqual(try feature.get(on: 0).dataLength, 8)
        let extended = try feature.get(on: 0, selecting: [("Extended", .boolean(true))])
        XCTAssertEqual(extended.dataLength, 16)
        XCTAssertEqual(extended.specific, 1)
        let identifier: NamedValue = ("HostIdentifier", .bytes([1, 2, 3, 4, 5, 6, 7, 8]))
        XCTAssertEqual(try feature.set([identifier], on: 0).data.count, 8)
        XCTAssertEqual(
            try feature.set([identifier, ("Extended", .boolean(true))], on: 0).data.count,
            16
        )
    }

    func testHostIdentifierIsShownAsLongAsItIs() throws {
        let feature = try feature("HostIdentifier")
        let short = bytes("01 02 03 04 05 06 07 08")
        let long = short + bytes("11 12 13 14 15 16 17 18")
        for identifier in [short, long] {
            XCTAssertEqual(
                try feature.decode(AdminReply(data: identifier)).values["HostIdentifier"],
                .bytes(identifier)
            )
        }
        let values: [NamedValue] = [("HostIdentifier", .bytes(long))]
        XCTAssertEqual(try feature.set(values + [("Extended", .boolean(true))], on: 0).data, long)
        assertThrows(
            ArgumentError(
                command: "Set Features",
                field: "HostIdentifier",
                expected: "at most 8 bytes",
                got: "16 bytes"
            )
        ) { try feature.set(values, on: 0) }
        // A shorter one is not completed with the end of the one before.
        XCTAssertEqual(
            try feature.set(
                [("HostIdentifier", .bytes([9])), ("Extended", .boolean(true))],
                keeping: AdminReply(data: long),
                on: 0
            ).data,
            [9] + Array(repeating: 0, count: 15)
        )
    }

    func testHostMemoryBufferIsOnlyRead() throws {
        let feature = try feature("HostMemoryBuffer")
        XCTAssertFalse(feature.isSettable)
        XCTAssertEqual(feature.arguments.map(\.name), ["Enabled", "MemoryReturn"])
        let values = try feature.decode(
            AdminReply(
                result: 1,
                data: image(4096, [(0, "10 00 00 00 00 10 00 00 01 00 00 00 02")])
            )
        ).values
        XCTAssertEqual(values["Enabled"], .boolean(true))
        XCTAssertEqual(values["ListAddress"], .unsigned64(0x1_0000_1000))
        XCTAssertEqual(values["ListEntries"], .unsigned32(2))
        XCTAssertThrowsError(try feature.set([("Enabled", .boolean(false))], on: 0)) {
            XCTAssertEqual(($0 as? ArgumentError)?.field, "HostMemoryBuffer")
        }
    }

    func testAnArgumentThatTheCommandHasNoRoomForIsRefused() throws {
        let feature = FeatureDeclaration(0xC0, arguments: { [Item("Address", at: 8, 8)] })
        XCTAssertEqual(try feature.set([("Address", .unsigned32(7))], on: 0).specific13, 7)
        XCTAssertThrowsError(try feature.set([("Address", .unsigned64(7 << 32))], on: 0)) {
            XCTAssertEqual(($0 as? ArgumentError)?.field, "Address")
        }
    }

    func testPlacementEventsAreAsManyAsTheResultTells() throws {
        let feature = try feature("FlexibleDataPlacementEvents")
        XCTAssertFalse(feature.isSettable)
        // What is behind the last event is whatever the drive left there.
        let data = image(512, [(0, "00 01 03 00 FF FF")])
        XCTAssertEqual(
            FieldValue.dictionary(try feature.decode(AdminReply(result: 2, data: data)).values),
            .dictionary([
                ("EventCount", .unsigned8(2)),
                (
                    "Events",
                    .list([
                        .dictionary([
                            ("Type", .text("ReclaimUnitNotFullyWritten")),
                            ("Enabled", .boolean(true)),
                        ]),
                        .dictionary([
                            ("Type", .text("InvalidPlacementIdentifier")),
                            ("Enabled", .boolean(false)),
                        ]),
                    ])
                ),
            ])
        )
        XCTAssertEqual(
            try feature.decode(AdminReply(result: 0, data: data)).values["Events"],
            .list([])
        )
    }

    func testCapabilities() throws {
        for feature in Features.all {
            XCTAssertEqual(try feature.get(on: 0, selection: .capabilities).dataLength, 0)
            XCTAssertEqual(
                FieldValue.dictionary(
                    try feature.decode(AdminReply(result: 5), selection: .capabilities).values
                ),
                .dictionary([
                    ("Saveable", .boolean(true)), ("NamespaceSpecific", .boolean(false)),
                    ("Changeable", .boolean(true)),
                ])
            )
        }
    }

    func testEveryFeatureIsGotAndSetAsItIs() throws {
        for feature in Features.all {
            let get = try feature.get(on: 0)
            XCTAssertNoThrow(try get.validate(), feature.name)
            let reply = AdminReply(
                result: 0x0203_0100,
                data: (0..<Int(get.dataLength)).map { UInt8(truncatingIfNeeded: $0 % 251 + 1) }
            )
            XCTAssertNoThrow(try feature.decode(reply), feature.name)
            guard feature.isSettable else {
                XCTAssertThrowsError(try feature.set([], keeping: reply, on: 0), feature.name)
                continue
            }
            let set = try feature.set([], keeping: reply, on: 0)
            XCTAssertEqual(set.data, reply.data, feature.name)
            XCTAssertNoThrow(try set.validate(), feature.name)
            if feature.selectors.isEmpty {
                // What getting does not return cannot be kept.
                let got = try feature.decode(reply).values.map(\.name)
                let isGot = feature.arguments.allSatisfy { got.contains($0.name) }
                XCTAssertEqual(set.value, isGot ? reply.result : 0, feature.name)
            }
        }
    }
}
