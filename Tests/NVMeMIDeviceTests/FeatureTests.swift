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

/// Features that only some drives have, and what is refused of the others.
final class FurtherFeatureTests: XCTestCase {
    private func complete() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("complete")))
    }

    private func status(_ command: AdminCommand, by bench: DriveBench) throws -> NVMeStatus {
        try bench.complete(command).status.withoutAdvice
    }

    func testWriteProtectionIsOfANamespace() throws {
        let bench = try complete()
        let set = { (state: UInt32, namespace: UInt32) in
            admin(.setFeatures, namespace: namespace, dword10: 0x84, dword11: state)
        }
        XCTAssertEqual(try bench.complete(admin(.getFeatures, dword10: 0x384)).result, 6)
        XCTAssertEqual(try status(set(1, 0), by: bench), .invalidNamespaceOrFormat)
        XCTAssertEqual(try status(set(4, 1), by: bench), .invalidField)
        XCTAssertEqual(try status(set(1, 1), by: bench), .success)
        XCTAssertTrue(try bench.run(Identify.namespace(1, on: 0)).isWriteProtected)
        XCTAssertEqual(
            try bench.complete(admin(.getFeatures, namespace: 1, dword10: 0x84)).result,
            1
        )
        XCTAssertEqual(
            try status(admin(.formatNVM, namespace: 1), by: bench),
            .namespaceWriteProtected
        )
        XCTAssertEqual(try status(set(3, 1), by: bench), .success)
        XCTAssertEqual(try status(set(0, 1), by: bench), .featureNotChangeable)
    }

    func testHostMetadataIsKeptElementByElement() throws {
        let bench = try complete()
        func data(_ elements: [(UInt8, String)]) -> [UInt8] {
            var bytes = [UInt8(elements.count), 0]
            for (type, text) in elements {
                bytes += [type, 0, UInt8(text.utf8.count), 0] + text.utf8
            }
            return bytes + Array(repeating: 0, count: 4_096 - bytes.count)
        }
        let get = admin(.getFeatures, dword10: 0x7E, length: 4_096)
        XCTAssertEqual(try bench.complete(get).data, data([]))
        let set = { (action: UInt32, elements: [(UInt8, String)]) in
            admin(.setFeatures, dword10: 0x7E, dword11: action << 13, data: data(elements))
        }
        XCTAssertEqual(try status(set(0, [(1, "nvme0"), (2, "driver")]), by: bench), .success)
        XCTAssertEqual(try status(set(0, [(1, "nvme1")]), by: bench), .success)
        XCTAssertEqual(try bench.complete(get).data, data([(2, "driver"), (1, "nvme1")]))
        XCTAssertEqual(try status(set(1, [(2, "")]), by: bench), .success)
        XCTAssertEqual(try bench.complete(get).data, data([(1, "nvme1")]))
        XCTAssertEqual(try status(set(3, [(2, "")]), by: bench), .invalidField)
        XCTAssertEqual(try status(set(0, []), by: bench), .invalidField)
        var other = get
        other.controller = 1
        XCTAssertEqual(try bench.complete(other).data, data([]), "each controller has its own")
    }

    func testThermalManagementWithinItsLimits() throws {
        let bench = try complete()
        for (value, expected) in [
            (0x014F_0153, .success), (0x0153_014F, .invalidField), (0x0001_0153, .invalidField),
            (0x014F_FFFF, .invalidField), (0, .success),
        ] as [(UInt32, NVMeStatus)] {
            XCTAssertEqual(
                try status(admin(.setFeatures, dword10: 0x10, dword11: value), by: bench),
                expected,
                "\(value)"
            )
        }
    }

    func testFeaturesOfTheControllerTakeNoNamespace() throws {
        let bench = try complete()
        XCTAssertEqual(
            try status(admin(.setFeatures, namespace: 1, dword10: 0x02, dword11: 1), by: bench),
            .featureNotNamespaceSpecific
        )
    }

    func testWithoutSelectionThereIsOnlyTheCurrentValue() throws {
        var description = DriveDescription()
        description.abilities.remove(.selectFeatures)
        let bench = try DriveBench(description)
        XCTAssertEqual(try status(admin(.getFeatures, dword10: 0x302), by: bench), .invalidField)
        XCTAssertEqual(
            try status(admin(.setFeatures, dword10: 0x8000_0002, dword11: 1), by: bench),
            .featureNotSaveable
        )
        XCTAssertFalse(
            try bench.run(Identify.controller(0)).optionalNVMCommands
                .contains(.saveAndSelectFeatures)
        )
    }
}
