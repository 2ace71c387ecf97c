import NVMeMI
import XCTest

/// Bits mean something from a version on; before, and where they are reserved, they say nothing.
final class VersionTests: XCTestCase {
    private let versions = [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0)].map {
        ManagementInterfaceVersion($0.0, $0.1)
    }

    private func health(
        _ literal: String,
        _ version: ManagementInterfaceVersion
    ) throws -> SubsystemHealth {
        try SubsystemHealthStatusPoll(version: version).decode(
            Response.parse(sealed("84 88 00 00 00 00 00 00 " + literal))
        )
    }

    func testVersionsHaveAnOrder() {
        XCTAssertEqual(versions.sorted(), versions)
        XCTAssertEqual("\(ManagementInterfaceVersion(1, 2))", "1.2")
        var information = SubsystemInformation()
        information.version = ManagementInterfaceVersion(2, 1)
        XCTAssertEqual(information.majorVersion, 2)
        XCTAssertEqual(information.minorVersion, 1)
        XCTAssertEqual(information.version, versions[4])
    }

    /// A drive with SMART Warnings bits 7:6 zero, its MI version being older than the bits' meaning.
    func testReservedWarningsThatAreZero() throws {
        for version in versions {
            let health = try health("38 3f 28 05 00 00 00 00", version)
            let isDefined = version >= ManagementInterfaceVersion(2, 1)
            XCTAssertEqual(
                health.namedValues["SMARTWarnings"],
                .names(isDefined ? ["IndeterminatePersonality"] : []),
                "\(version)"
            )
            XCTAssertEqual(health.warnings, isDefined ? .indeterminatePersonality : [])
            // The byte stays.
            XCTAssertEqual(health.invertedWarnings, 0x3F)
            XCTAssertEqual(health.data[1], 0x3F)
        }
    }

    func testWarningsOfEveryVersion() throws {
        for version in versions {
            XCTAssertEqual(
                try health("38 c0 28 05 00 00 00 00", version).warnings.setNames,
                CriticalWarnings.names.filter { $0.bit < 6 }.map(\.name)
            )
        }
    }

    func testStatusBitsThatCameLater() throws {
        for version in versions {
            let values = try health("ff ff 28 05 ff ff 00 00", version).namedValues
            let isSecond = version >= ManagementInterfaceVersion(2, 0)
            XCTAssertEqual(values["DriveFunctional"], .boolean(true))
            XCTAssertEqual(values["SanitizeFailureMode"], .boolean(isSecond))
            XCTAssertEqual(values["AsynchronousEventTransmissionFailure"], .boolean(isSecond))
            XCTAssertEqual(
                values["SanitizeNamespaceFailureMode"],
                .boolean(version >= ManagementInterfaceVersion(2, 1))
            )
            guard case .names(let flags)? = values["CompositeControllerStatus"] else {
                return XCTFail("no flags")
            }
            XCTAssertEqual(flags.contains("TelemetryAvailable"), isSecond)
            XCTAssertEqual(flags.count, isSecond ? 13 : 12)
        }
    }

    func testControllerHealthBitsThatCameLater() throws {
        let entry = "84 88 00 00 00 00 00 01 01 00 ff ff 36 01 05 64 ff ff ff 00 00 00 00 00"
        for version in versions {
            let reply = try ControllerHealthStatusPoll(all: .all, version: version)
                .decode(Response.parse(sealed(entry)))
            let health = try XCTUnwrap(reply.first)
            let isSecond = version >= ManagementInterfaceVersion(2, 0)
            XCTAssertEqual(health.status.contains(.telemetryAvailable), isSecond)
            XCTAssertTrue(health.status.contains(.enabled))
            XCTAssertEqual(health.changedFlags.isEmpty, !isSecond)
            XCTAssertEqual(
                health.criticalWarnings.contains(.indeterminatePersonality),
                version >= ManagementInterfaceVersion(2, 1)
            )
            XCTAssertEqual(health.namedValues["CriticalWarning"], .unsigned8(0xFF))
            XCTAssertEqual(
                health.namedValues["CriticalWarnings"],
                .names(health.criticalWarnings.setNames)
            )
            XCTAssertEqual(health.wireStatus.rawValue, 0xFFF3)
        }
    }

    func testCapabilitiesOfASubsystem() throws {
        var data = bytes("00 01 02 ff") + [UInt8](repeating: 0, count: 28)
        XCTAssertEqual(
            try SubsystemInformation(data: data).namedValues["Capabilities"],
            .unsigned8(0)
        )
        data[1] = 2
        XCTAssertEqual(
            try SubsystemInformation(data: data).namedValues["Capabilities"],
            .unsigned8(0xFF)
        )
    }

    /// No name is made up for a bit without a meaning, in any structure.
    func testReservedBitsHaveNoNames() throws {
        var generator = Generator(seed: 0xB17)
        for structure in AnyStructure.all {
            for round in 0..<20 {
                let data =
                    round == 0
                    ? [UInt8](repeating: 0xFF, count: structure.size)
                    : generator.bytes(structure.size)
                try assertNoBits(structure.namedValues(data), structure.name)
            }
        }
    }

    private func assertNoBits(_ values: [NamedValue], _ structure: String) throws {
        for case (let name, .names(let names)) in values {
            for flag in names {
                XCTAssertNil(
                    try /Bit[0-9]+/.wholeMatch(in: flag),
                    "\(structure).\(name) has \(flag)"
                )
            }
        }
    }
}
