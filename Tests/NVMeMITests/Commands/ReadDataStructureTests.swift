import NVMeMI
import XCTest

final class ReadDataStructureTests: XCTestCase {
    private func response(_ literal: String) throws -> Response {
        try Response.parse(sealed(literal))
    }

    func testRequestFields() throws {
        XCTAssertEqual(
            text(
                ReadDataStructure(
                    .optionalCommands,
                    port: 0x12,
                    controller: 0x3456,
                    ioCommandSet: 2
                ).encode(slot: .one)
            ),
            text(sealed("84 09 00 00 00 00 00 00 56 34 12 04 02 00 00 00"))
        )
    }

    func testRequestLengths() throws {
        assertThrows(
            RequestError(
                status: .invalidCommandSize,
                reason: "Read NVMe-MI Data Structure: expected 16 bytes before data and integrity "
                    + "check, got 15"
            )
        ) {
            try ReadDataStructure(
                request: Request.parse(sealed("84 08 00 00 00 00 00 00 00 00 00 00 00 00 00"))
            )
        }
        assertThrows(
            RequestError(
                status: .invalidCommandInputDataSize,
                reason: "Read NVMe-MI Data Structure takes no data, got 1 byte"
            )
        ) {
            try ReadDataStructure(
                request: Request.parse(
                    sealed("84 08 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
                )
            )
        }
    }

    func testRequestOfAnotherCommandIsRefused() throws {
        for literal in [
            "84 08 00 00 01 00 00 00 00 00 00 00 00 00 00 00",
            "84 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
        ] {
            XCTAssertThrowsError(
                try ReadDataStructure(request: Request.parse(sealed(literal)))
            ) { XCTAssertEqual(($0 as? RequestError)?.status, .invalidCommandOpcode) }
        }
    }

    func testReservedBitsOfRequestAreIgnored() throws {
        let request = try Request.parse(
            sealed("84 0e fc ff 00 ff ff ff 01 00 02 03 00 ff ff ff")
        )
        XCTAssertEqual(
            try ReadDataStructure(request: request),
            ReadDataStructure(.controllerInformation, port: 2, controller: 1)
        )
    }

    func testUnknownTypeSurvives() throws {
        let request = try Request.parse(
            sealed("84 08 00 00 00 00 00 00 00 00 00 77 00 00 00 00")
        )
        let command = try ReadDataStructure(request: request)
        XCTAssertEqual(command.type.rawValue, 0x77)
        XCTAssertEqual("\(command.type)", "Unknown (77h)")
    }

    func testLengthOfData() throws {
        let command = ReadDataStructure()
        // As the response length says; bytes behind are padding.
        XCTAssertEqual(
            try command.decode(response("84 88 00 00 00 03 00 00 01 02 03 00")),
            [1, 2, 3]
        )
        // A device that leaves the length out.
        XCTAssertEqual(
            try command.decode(response("84 88 00 00 00 00 00 00 01 02 03")),
            [1, 2, 3]
        )
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Read NVMe-MI Data Structure response",
                field: "data",
                offset: 8,
                expected: "4 bytes as the response length says",
                got: "3 bytes"
            )
        ) { try command.decode(response("84 88 00 00 00 04 00 00 01 02 03")) }
        // Any success without data looks so, that of a control primitive with a wrong category among them.
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Read NVMe-MI Data Structure response",
                field: "data",
                offset: 8,
                expected: "the bytes of a structure",
                got: "0 bytes"
            )
        ) { try command.decode(response("84 88 00 00 00 00 00 00")) }
    }

    func testControllerListMayBeShort() throws {
        let query = ReadDataStructure.controllerList()
        XCTAssertEqual(try query.decode(response("84 88 00 00 00 02 00 00 00 00")).controllers, [])
        XCTAssertEqual(
            try query.decode(response("84 88 00 00 00 06 00 00 02 00 00 00 41 00")).controllers,
            [0, 0x41]
        )
        assertThrows(
            NVMeMI.DecodingError(
                subject: "Controller List",
                field: "number of identifiers",
                offset: 0,
                expected: "2 bytes",
                got: "1 byte before the end"
            )
        ) { try query.decode(response("84 88 00 00 00 01 00 00 02")) }
        XCTAssertEqual(
            text(query.encodeReply(ControllerList([0, 0x41]), slot: .zero)),
            text(sealed("84 88 00 00 00 06 00 00 02 00 00 00 41 00"))
        )
    }

    func testPCIePort() throws {
        let port = try ReadDataStructure.portInformation(0).decode(
            response(
                """
                84 88 00 00 00 20 00 00 01 03 40 00 00 10 00 00 01 1f 04 04 04 01 00 00
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                """
            )
        )
        XCTAssertEqual(port.type, .pcie)
        XCTAssertEqual(
            port.capabilities,
            [.commandInitiatedAutoPause, .asynchronousEventMessages]
        )
        XCTAssertEqual(port.maximumTransmissionUnitSize, 64)
        XCTAssertEqual(port.managementEndpointBufferSize, 4096)
        XCTAssertEqual(port.pcie?.currentLinkSpeed.name, "16GT/s")
        XCTAssertNil(port.twoWire)
        XCTAssertEqual(port.namedValues["MaximumPayloadSize"], .unsigned16(256))
        XCTAssertEqual(port.namedValues["PortType"], .text("PCIe"))
        XCTAssertEqual(
            port.namedValues["SupportedLinkSpeeds"],
            .names(["2.5GT/s", "5GT/s", "8GT/s", "16GT/s", "32GT/s"])
        )
        XCTAssertNil(port.namedValues["VPDAddress"])
    }

    /// The values that a drive in the field gave.
    func testTwoWirePort() throws {
        let port = try ReadDataStructure.portInformation(1).decode(
            response(
                """
                84 88 00 00 00 20 00 00 02 00 78 00 00 00 00 00 a6 03 3a 83 01 00 00 00
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                """
            )
        )
        XCTAssertEqual(port.type, .twoWire)
        XCTAssertEqual(port.maximumTransmissionUnitSize, 120)
        XCTAssertNil(port.pcie)
        XCTAssertEqual(port.twoWire?.vpdAddress, 0xA6)
        XCTAssertEqual(port.twoWire?.maximumVPDFrequency, .megahertz1)
        XCTAssertEqual(port.twoWire?.managementEndpointAddress, 0x3A)
        XCTAssertEqual(port.twoWire?.maximumManagementEndpointFrequency.hertz, 1_000_000)
        XCTAssertEqual(port.twoWire?.supportsI3C, true)
        XCTAssertEqual(port.twoWire?.supportsBasicManagement, true)
        XCTAssertEqual(port.namedValues["ManagementEndpointAddress"], .unsigned8(0x3A))
    }

    func testControllerInformation() throws {
        let information = try ReadDataStructure.controllerInformation(1).decode(
            response(
                """
                84 88 00 00 00 20 00 00 01 00 00 00 00 01 08 01 4d 14 24 a8 36 1b 01 a8
                02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                """
            )
        )
        XCTAssertEqual(information.port, 1)
        XCTAssertEqual(information.routingIdentifier, 0x0108)
        XCTAssertEqual(information.vendorID, 0x144D)
        XCTAssertEqual(information.deviceID, 0xA824)
        XCTAssertEqual(information.subsystemVendorID, 0x1B36)
        XCTAssertEqual(information.subsystemID, 0xA801)
        XCTAssertEqual(information.segment, 2)
        XCTAssertEqual(information.namedValues["PCIeRoutingIdentifier"], .unsigned16(0x0108))
        var invalid = information
        invalid.isRoutingIdentifierValid = false
        XCTAssertNil(invalid.namedValues["PCIeRoutingIdentifier"])
    }

    func testCommandListHasNames() throws {
        let list = try ReadDataStructure.optionalCommands().decode(
            response("84 88 00 00 00 0a 00 00 04 00 08 06 10 09 10 c1 20 00")
        )
        XCTAssertEqual(
            list.commands.map(\.name),
            ["VPD Write", "Set Features", "Admin Command C1h", "PCIe Configuration Read"]
        )
        XCTAssertEqual(list.commands[1].category, .admin)
        XCTAssertEqual(text(list.data), "04 00 08 06 10 09 10 c1 20 00")
    }

    func testDeviceError() throws {
        assertThrows(
            DeviceError(
                command: ReadDataStructure.declaration,
                status: .invalidParameter,
                parameterErrorLocation: ParameterErrorLocation(byte: 10)
            )
        ) {
            try ReadDataStructure.portInformation(9).decode(response("84 88 00 00 04 00 0a 00"))
        }
    }
}
