import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Configuration Get and Set, with effect on the port.
final class ConfigurationTests: XCTestCase {
    private func dualPort() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    func testFrequency() throws {
        let bench = try DriveBench()
        XCTAssertEqual(
            try bench.run(ConfigurationGet.SMBusFrequency(port: 1)),
            .kilohertz100
        )
        try bench.run(ConfigurationSet.SMBusFrequency(port: 1, frequency: .kilohertz400))
        XCTAssertEqual(
            try bench.run(ConfigurationGet.SMBusFrequency(port: 1)),
            .kilohertz400
        )
        for (frequency, port, byte) in [
            (.megahertz1, 1, 9), (.notSupported, 1, 9), (SMBusFrequency(rawValue: 7), 1, 9),
            (.kilohertz100, 0, 11), (.kilohertz100, 2, 11),
        ] as [(SMBusFrequency, UInt8, UInt16)] {
            let command = ConfigurationSet.SMBusFrequency(port: port, frequency: frequency)
            assertRefused(
                try bench.exchange(command.encode(slot: .zero)),
                .invalidParameter,
                byte: byte
            )
        }
        let get = ConfigurationGet.SMBusFrequency(port: 0)
        assertRefused(try bench.exchange(get.encode(slot: .zero)), .invalidParameter, byte: 11)
    }

    func testTransmissionUnitTakesEffectBehindItsAnswer() throws {
        let bench = try DriveBench()
        let set = ConfigurationSet.TransmissionUnitSize(port: 1, size: 250)
        XCTAssertEqual(bench.send(set.encode(slot: .zero)).first?.transmissionUnit, 64)
        XCTAssertEqual(
            bench.send(ReadDataStructure().encode(slot: .zero)).first?.transmissionUnit,
            250
        )
        for size in [0, 63, 251, 0xFFFF] as [UInt16] {
            let command = ConfigurationSet.TransmissionUnitSize(port: 1, size: size)
            assertRefused(
                try bench.exchange(command.encode(slot: .zero)),
                .invalidParameter,
                byte: 12
            )
        }
        let missing = ConfigurationGet.TransmissionUnitSize(port: 9)
        assertRefused(
            try bench.exchange(missing.encode(slot: .zero)),
            .invalidParameter,
            byte: 11
        )
        bench.drive.reset(at: 0)
        XCTAssertEqual(try bench.run(ConfigurationGet.TransmissionUnitSize(port: 1)), 64)
    }

    func testTransmissionUnitOfAnotherPortLeavesThisOneAlone() throws {
        let bench = try dualPort()
        try bench.run(ConfigurationSet.TransmissionUnitSize(port: 0, size: 256))
        XCTAssertEqual(
            bench.send(ReadDataStructure().encode(slot: .zero)).first?.transmissionUnit,
            64
        )
        XCTAssertEqual(try bench.run(ConfigurationGet.TransmissionUnitSize(port: 0)), 256)
    }

    func testUnknownConfigurations() throws {
        let bench = try DriveBench()
        for identifier in [0, 5, 0xBF, 0xC0] as [UInt8] {
            for opcode in ["03", "04"] {
                let text =
                    "84 08 00 00 \(opcode) 00 00 00 "
                    + hexadecimal([identifier]) + " 00 00 00 00 00 00 00"
                assertRefused(try bench.exchange(unsealed: text), .invalidParameter, byte: 8)
            }
        }
    }

    func testConfigurationWithDataItDoesNotHave() throws {
        assertRefused(
            try DriveBench().exchange(
                unsealed: "84 08 00 00 03 00 00 00 03 00 00 01 fa 00 00 00 00 00 00 00"
            ),
            .invalidCommandInputDataSize
        )
    }
}
