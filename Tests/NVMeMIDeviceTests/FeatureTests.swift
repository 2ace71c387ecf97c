import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Get Features and Set Features.
final class FeatureTests: XCTestCase {
    private func status(of command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

    func testTemperatureThreshold() throws {
        let bench = try DriveBench()
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 4)).result, 343)
        // Under-temperature, a sensor, and one that is absent.
        XCTAssertEqual(
            try bench.complete(admin(.getFeatures, dword10: 4, dword11: 0x10_0000)).result,
            0
        )
        XCTAssertEqual(
            try bench.complete(admin(.getFeatures, dword10: 4, dword11: 0x1_0000)).result,
            0xFFFF
        )
        XCTAssertEqual(
            try status(of: admin(.getFeatures, dword10: 4, dword11: 0x3_0000), by: bench),
            .invalidField
        )
        XCTAssertEqual(
            try status(of: admin(.setFeatures, dword10: 4, dword11: 300), by: bench),
            .success
        )
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 4)).result, 300)
        // 35 °C is 308 K, now above the threshold.
        XCTAssertEqual(try bench.run(SubsystemHealthStatusPoll()).warnings, .temperature)
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).compositeControllerStatus,
            .criticalWarning
        )
        XCTAssertEqual(
            try status(of: admin(.setFeatures, dword10: 0x8000_0004, dword11: 300), by: bench),
            .featureNotSaveable
        )
    }

    func testFeaturesWithData() throws {
        let bench = try DriveBench()
        let table = try bench.complete(admin(.getFeatures, dword10: 0x0C, length: 256))
        XCTAssertEqual(table.data, Array(repeating: 0, count: 256))
        let states = Array(repeating: UInt8(7), count: 256)
        let set = admin(.setFeatures, dword10: 0x0C, dword11: 1, data: states)
        XCTAssertEqual(try status(of: set, by: bench), .success)
        let changed = try bench.complete(admin(.getFeatures, dword10: 0x0C, length: 256))
        XCTAssertEqual(changed.result, 1)
        XCTAssertEqual(changed.data, states)
        assertRefused(
            try bench.exchange(
                admin(.setFeatures, dword10: 0x0C, data: [1, 2, 3, 4]).encode(slot: .zero)
            ),
            .invalidCommandInputDataSize
        )
    }

    func testTimestampRuns() throws {
        let bench = try DriveBench()
        bench.now = 1_000
        let unset = try bench.complete(admin(.getFeatures, dword10: 0x0E, length: 8)).data
        XCTAssertEqual(unset, bytes("e8 03 00 00 00 00 00 00"))
        let set = admin(.setFeatures, dword10: 0x0E, data: bytes("00 00 00 00 01 00 00 00"))
        XCTAssertEqual(try status(of: set, by: bench), .success)
        bench.now = 1_005
        let later = try bench.complete(admin(.getFeatures, dword10: 0x0E, length: 8)).data
        XCTAssertEqual(later, bytes("05 00 00 00 01 00 02 00"))
    }

    func testSelectedValuesOfAFeature() throws {
        let bench = try DriveBench()
        _ = try bench.complete(admin(.setFeatures, dword10: 0x02, dword11: 1))
        for (select, value) in [(0, 1), (1, 0), (2, 0), (3, 5)] as [(UInt32, UInt32)] {
            XCTAssertEqual(
                try bench.complete(admin(.getFeatures, dword10: 0x02 | select << 8)).result,
                value
            )
        }
        _ = try bench.complete(admin(.setFeatures, dword10: 0x8000_0002, dword11: 2))
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 0x202)).result, 2)
        bench.drive.reset(at: 0)
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 0x02)).result, 2)
        XCTAssertEqual(
            try status(of: admin(.setFeatures, dword10: 0x02, dword11: 3), by: bench),
            .invalidField
        )
        XCTAssertEqual(
            try status(of: admin(.getFeatures, dword10: 0x402), by: bench),
            .invalidField
        )
        XCTAssertEqual(try status(of: admin(.getFeatures, dword10: 0x01), by: bench), .invalidField)
    }
}
