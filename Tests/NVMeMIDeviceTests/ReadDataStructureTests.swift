import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// Read NVMe-MI Data Structure: ports, controllers and lists of commands.
final class ReadDataStructureTests: XCTestCase {
    private func dualPort() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    func testPorts() throws {
        let bench = try dualPort()
        XCTAssertEqual(try bench.run(ReadDataStructure.subsystemInformation).portCount, 3)
        let pcie = try bench.run(ReadDataStructure.portInformation(1))
        XCTAssertEqual(pcie.type, .pcie)
        XCTAssertEqual(pcie.pcie?.negotiatedLinkWidth, 2)
        XCTAssertEqual(pcie.pcie?.portNumber, 1)
        let twoWire = try bench.run(ReadDataStructure.portInformation(2))
        XCTAssertEqual(twoWire.managementEndpointBufferSize, 4_096)
        XCTAssertEqual(twoWire.twoWire?.maximumManagementEndpointFrequency, .megahertz1)
    }

    func testPortThatDoesNotExist() throws {
        let bench = try dualPort()
        let command = ReadDataStructure.portInformation(3)
        assertRefused(
            try bench.exchange(command.encode(slot: .zero)),
            .invalidParameter,
            byte: 10
        )
    }

    func testControllerListBeginsWhereItIsWanted() throws {
        let bench = try dualPort()
        XCTAssertEqual(
            try bench.run(ReadDataStructure.controllerList()).controllers,
            [0, 1]
        )
        XCTAssertEqual(
            try bench.run(ReadDataStructure.controllerList(from: 1)).controllers,
            [1]
        )
        XCTAssertEqual(try bench.run(ReadDataStructure.controllerList(from: 2)).controllers, [])
        // Two identifiers make a message whose length is no multiple of four.
        let sent = bench.send(ReadDataStructure(.controllerList).encode(slot: .zero))
        XCTAssertEqual(sent.first?.message.count, 8 + 6 + 4)
    }

    func testControllerThatDoesNotExist() throws {
        let bench = try dualPort()
        XCTAssertEqual(
            try bench.run(ReadDataStructure.controllerInformation(1)).routingIdentifier,
            0x4100
        )
        let command = ReadDataStructure.controllerInformation(2)
        assertRefused(try bench.exchange(command.encode(slot: .zero)), .invalidParameter, byte: 8)
    }

    func testUnknownStructure() throws {
        let command = ReadDataStructure(DataStructureType(rawValue: 6))
        assertRefused(
            try DriveBench().exchange(command.encode(slot: .zero)),
            .invalidParameter,
            byte: 11
        )
    }

    func testOptionalCommands() throws {
        XCTAssertEqual(
            try DriveBench(try XCTUnwrap(DriveDescription.model("m2")))
                .run(ReadDataStructure.optionalCommands()).commands,
            []
        )
        let names = try DriveBench().run(ReadDataStructure.optionalCommands()).commands.map(\.name)
        XCTAssertEqual(
            names,
            [
                "VPD Write", "Reset", "Set Features", "Namespace Management", "Firmware Commit",
                "Firmware Image Download", "Device Self-test", "Namespace Attachment",
                "Format NVM", "Security Send", "Security Receive", "Sanitize",
            ]
        )
    }

    func testEveryListedCommandIsThereAndNoOther() throws {
        for model in DriveDescription.models {
            let bench = try DriveBench(model.description)
            let listed = try bench.run(ReadDataStructure.optionalCommands()).commands
            for opcode in UInt8(0)...0xFF {
                let message = bytes("84 08 00 00") + [opcode] + Array(repeating: 0xEE, count: 3)
                // Too short, so that no command is carried out; unknown ones are refused as such.
                let response = try bench.exchange(ResponseMessage.seal(message))
                let isMandatory = opcode <= 5
                let isListed = listed.contains {
                    $0.category == .managementInterface && $0.opcode == opcode
                }
                XCTAssertEqual(
                    response.status,
                    isMandatory || isListed ? .invalidCommandSize : .invalidCommandOpcode,
                    "\(model.name) \(opcode)"
                )
            }
        }
    }
}
