import NVMeMI
import XCTest

final class ConfigurationTests: XCTestCase {
    private func response(_ literal: String) throws -> Response {
        try Response.parse(sealed(literal))
    }

    func testSMBusFrequency() throws {
        assertRequest(
            ConfigurationGet.SMBusFrequency(port: 1),
            text(sealed("84 08 00 00 04 00 00 00 01 00 00 01 00 00 00 00"))
        )
        assertRequest(
            ConfigurationSet.SMBusFrequency(port: 1, frequency: .kilohertz400),
            text(sealed("84 08 00 00 03 00 00 00 01 02 00 01 00 00 00 00"))
        )
        let get = ConfigurationGet.SMBusFrequency(port: 1)
        XCTAssertEqual(try get.decode(response("84 88 00 00 00 03 00 00")), .megahertz1)
        XCTAssertEqual(try get.decode(response("84 88 00 00 00 f3 ff ff")), .megahertz1)
        XCTAssertEqual(try get.decode(response("84 88 00 00 00 00 00 00")), .notSupported)
        XCTAssertEqual(try get.decode(response("84 88 00 00 00 07 00 00")).rawValue, 7)
        XCTAssertEqual(get.encodeReply(.megahertz1, slot: .zero), sealed("84 88 00 00 00 03 00 00"))
        for hertz: UInt32 in [100_000, 400_000, 1_000_000] {
            XCTAssertEqual(SMBusFrequency(hertz: hertz)?.hertz, hertz)
        }
        XCTAssertNil(SMBusFrequency(hertz: 0))
        XCTAssertNil(SMBusFrequency.notSupported.hertz)
    }

    func testFrequencyThatDoesNotFitIsFound() {
        let set = ConfigurationSet.SMBusFrequency(
            port: 0,
            frequency: SMBusFrequency(rawValue: 0x10)
        )
        assertThrows(
            ArgumentError(
                command: "Configuration Set",
                field: "SMBus/I2C frequency",
                expected: "at most 15",
                got: "16"
            )
        ) { try set.validate() }
    }

    func testTransmissionUnitSize() throws {
        let get = ConfigurationGet.TransmissionUnitSize(port: 1)
        XCTAssertEqual(try get.decode(response("84 88 00 00 00 fa 00 ff")), 250)
        XCTAssertEqual(get.encodeReply(0x1234, slot: .one), sealed("84 89 00 00 00 34 12 00"))
        XCTAssertEqual(
            try ConfigurationSet.TransmissionUnitSize(
                request: Request.parse(
                    sealed("84 08 00 00 03 00 00 00 03 ff ff 02 fa 00 ff ff")
                )
            ),
            ConfigurationSet.TransmissionUnitSize(port: 2, size: 250)
        )
    }

    func testHealthStatusChange() throws {
        assertRequest(
            ConfigurationGet.HealthStatusChange(),
            text(sealed("84 08 00 00 04 00 00 00 02 00 00 00 00 00 00 00"))
        )
        // Bits 3 to 12 of the command are bits 4 to 13 of the status.
        for (flag, bit): (ControllerStatusFlags, Int) in [
            (.ready, 0), (.fatalStatus, 1), (.shutdownStatus, 2), (.subsystemReset, 3),
            (.controllerEnable, 4), (.namespaceAttribute, 5), (.firmwareActivated, 6),
            (.controllerStatus, 7), (.compositeTemperature, 8), (.percentageUsed, 9),
            (.availableSpare, 10), (.criticalWarning, 11), (.telemetry, 12),
        ] {
            let bits = UInt16(1) << UInt16(bit)
            let low = UInt8(truncatingIfNeeded: bits)
            let high = UInt8(truncatingIfNeeded: bits >> 8)
            assertRequest(
                ConfigurationSet.HealthStatusChange(clearing: flag),
                text(
                    sealed(
                        [0x84, 0x08, 0, 0, 0x03, 0, 0, 0, 0x02, 0, 0, 0] + [low, high, 0, 0]
                    )
                )
            )
        }
    }

    func testTypedFormRefusesAnotherIdentifier() throws {
        let request = try Request.parse(
            ConfigurationGet.SMBusFrequency(port: 1).encode(slot: .zero)
        )
        assertThrows(
            RequestError(
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 8),
                reason: "Configuration Get request: configuration identifier at byte 8: "
                    + "expected 3, got 1"
            )
        ) { try ConfigurationGet.TransmissionUnitSize(request: request) }
    }

    func testRawForm() throws {
        assertRequest(
            ConfigurationSet(
                ConfigurationIdentifier(rawValue: 0xC0),
                specific: 0x1122,
                port: 3,
                dword1: 0x4433_2211,
                data: [9, 8]
            ),
            text(sealed("84 08 00 00 03 00 00 00 c0 22 11 03 11 22 33 44 09 08"))
        )
        XCTAssertEqual(
            try ConfigurationGet(ConfigurationIdentifier(rawValue: 0xC0)).decode(
                response("84 88 00 00 00 01 02 03 04 05")
            ),
            ManagementReply(response: 0x03_0201, data: [4, 5])
        )
        let raw = RawManagementCommand(opcode: 0x04, dword0: 0x0100_0003)
        XCTAssertEqual(
            raw.encode(slot: .zero),
            ConfigurationGet.TransmissionUnitSize(port: 1).encode(slot: .zero)
        )
    }
}
