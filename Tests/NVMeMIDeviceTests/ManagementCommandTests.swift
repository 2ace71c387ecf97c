import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// The commands of the Management Interface, each with its limits and its refusals.
final class ManagementCommandTests: XCTestCase {
    private func dualPort() throws -> DriveBench {
        try DriveBench(try XCTUnwrap(DriveDescription.model("dual-port")))
    }

    // MARK: Read NVMe-MI Data Structure

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

    // MARK: Health polls

    func testTemperatureCodes() throws {
        let bench = try DriveBench()
        for (celsius, code) in [
            (0, 0x00), (1, 0x01), (126, 0x7E), (127, 0x7F), (200, 0x7F), (-1, 0xFF), (-59, 0xC5),
            (-60, 0xC4), (-80, 0xC4),
        ] as [(Int, UInt8)] {
            bench.drive.setTemperature(celsius, at: 0)
            XCTAssertEqual(try bench.run(SubsystemHealthStatusPoll()).temperature.rawValue, code)
        }
    }

    func testLinksAndFatalStatus() throws {
        let bench = try dualPort()
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).status,
            [.driveFunctional, .resetNotRequired, .port0LinkActive, .port1LinkActive]
        )
        bench.drive.setFatalStatus(true, controller: 1, at: 0)
        let health = try bench.run(SubsystemHealthStatusPoll())
        XCTAssertFalse(health.status.contains(.resetNotRequired))
        XCTAssertEqual(health.compositeControllerStatus, [.fatalStatus, .controllerStatus])
        let controllers = try bench.run(ControllerHealthStatusPoll(all: .all))
        XCTAssertFalse(controllers[0].status.contains(.fatalStatus))
        XCTAssertTrue(controllers[1].status.contains(.fatalStatus))
    }

    func testWarningsFollowFromTheirCauses() throws {
        let bench = try DriveBench()
        bench.drive.setTemperature(70, at: 0)
        bench.drive.setAvailableSpare(9, at: 0)
        bench.drive.setCriticalWarning(0x08, at: 0)
        let health = try bench.run(SubsystemHealthStatusPoll())
        XCTAssertEqual(health.warnings, [.temperature, .availableSpare, .readOnly])
        XCTAssertEqual(health.invertedWarnings, 0xF4)
        let controller = try XCTUnwrap(bench.run(ControllerHealthStatusPoll(all: .all)).first)
        XCTAssertEqual(controller.criticalWarnings.rawValue, 0x0B)
        bench.drive.setTemperature(69, at: 0)
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).warnings,
            [.availableSpare, .readOnly]
        )
    }

    func testControllerPollIsPaged() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("sr-iov")))
        let first = ControllerHealthStatusPoll(all: .all)
        let page = try bench.run(first)
        XCTAssertEqual(page.map(\.controller), Array(0..<255))
        let second = try XCTUnwrap(first.next(after: page))
        let rest = try bench.run(second)
        XCTAssertEqual(rest.map(\.controller), Array(255..<300))
        XCTAssertNil(second.next(after: rest))
    }

    func testControllerPollSelectsFunctions() throws {
        let bench = try DriveBench(try XCTUnwrap(DriveDescription.model("sr-iov")))
        XCTAssertEqual(try bench.run(ControllerHealthStatusPoll(all: .physical)), [])
        XCTAssertEqual(
            try bench.run(ControllerHealthStatusPoll(all: .virtualizationPhysical)).count,
            1
        )
        XCTAssertEqual(
            try bench.run(ControllerHealthStatusPoll(all: .virtual, from: 298)).map(\.controller),
            [298, 299]
        )
        XCTAssertEqual(try bench.run(ControllerHealthStatusPoll(all: [])), [])
    }

    func testControllerPollOfTooManyEntries() throws {
        assertRefused(
            try DriveBench().exchange(
                unsealed: "84 08 00 00 02 00 00 00 00 00 ff 81 00 00 00 00"
            ),
            .invalidParameter,
            byte: 10
        )
    }

    // MARK: Configuration

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

    // MARK: VPD

    func testVitalProductDataIsAnImage() throws {
        let bench = try DriveBench()
        let size = bench.drive.vitalProductData.count
        let image = try bench.run(VPDRead(offset: 0, length: UInt16(size)))
        XCTAssertEqual(image.prefix(8).reduce(0, &+), 0)
        XCTAssertEqual(image[0], 1)
        let product = Int(image[4]) * 8
        let productSize = Int(image[product + 1]) * 8
        XCTAssertEqual(image[product..<product + productSize].reduce(0, &+), 0)
        XCTAssertTrue(
            String(decoding: image, as: Unicode.ASCII.self).contains("SIM00000001")
        )
        var record = Int(image[5]) * 8
        var types: [UInt8] = []
        while true {
            types.append(image[record])
            let end = record + 5 + Int(image[record + 2])
            XCTAssertEqual(image[record..<record + 5].reduce(0, &+), 0)
            XCTAssertEqual(image[record + 5..<end].reduce(image[record + 3], &+), 0)
            if image[record + 1] & 0x80 != 0 { break }
            record = end
        }
        XCTAssertEqual(types, [0x0B, 0x0C])
    }

    func testLimitsOfVitalProductData() throws {
        let bench = try DriveBench()
        let size = UInt16(bench.drive.vitalProductData.count)
        XCTAssertEqual(try bench.run(VPDRead(offset: 0, length: 0)), [])
        XCTAssertEqual(try bench.run(VPDRead(offset: size - 1, length: 1)).count, 1)
        assertRefused(
            try bench.exchange(VPDRead(offset: size, length: 1).encode(slot: .zero)),
            .invalidParameter,
            byte: 8
        )
        assertRefused(
            try bench.exchange(VPDRead(offset: size - 1, length: 2).encode(slot: .zero)),
            .invalidParameter,
            byte: 12
        )
        assertRefused(
            try bench.exchange(
                VPDWrite(offset: size - 1, data: [1, 2]).encode(slot: .zero)
            ),
            .invalidParameter,
            byte: 12
        )
    }

    func testVitalProductDataIsWrittenAsOftenAsItCanBe() throws {
        let bench = try DriveBench()
        try bench.run(VPDWrite(offset: 20, data: [1, 2, 3]))
        XCTAssertEqual(try bench.run(VPDRead(offset: 20, length: 3)), [1, 2, 3])
        bench.drive.vitalProductDataWrites = 0
        assertRefused(
            try bench.exchange(VPDWrite(offset: 20, data: [1]).encode(slot: .zero)),
            .vpdUpdatesExceeded
        )
    }

    func testVitalProductDataOfAnotherLengthThanItSays() throws {
        assertRefused(
            try DriveBench().exchange(
                unsealed: "84 08 00 00 06 00 00 00 00 00 00 00 04 00 00 00 01 02"
            ),
            .invalidCommandInputDataSize
        )
    }

    // MARK: Reset and shutdown

    func testResetIsNotAnswered() throws {
        let bench = try DriveBench()
        var resets = 0
        bench.drive.onReset = { resets += 1 }
        try bench.run(ConfigurationSet.TransmissionUnitSize(port: 1, size: 128))
        XCTAssertEqual(bench.send(SubsystemReset().encode(slot: .zero)), [])
        XCTAssertEqual(resets, 1)
        XCTAssertEqual(bench.endpoint.transmissionUnit, 64)
        let health = try bench.run(SubsystemHealthStatusPoll())
        XCTAssertEqual(
            health.compositeControllerStatus,
            [.subsystemReset, .controllerStatus]
        )
        XCTAssertEqual(try bench.run(GetState(tag: 1)).errors, .subsystemReset)
        let controller = try XCTUnwrap(bench.run(ControllerHealthStatusPoll(all: .all)).first)
        XCTAssertTrue(controller.status.contains(.subsystemReset))
    }

    func testNothingIsAnsweredWhileTheDriveResets() throws {
        var description = DriveDescription()
        description.resetTime = 300
        let bench = try DriveBench(description)
        XCTAssertEqual(bench.send(SubsystemReset().encode(slot: .zero)), [])
        XCTAssertEqual(bench.send(SubsystemHealthStatusPoll().encode(slot: .zero)), [])
        bench.now = 299
        XCTAssertTrue(bench.drive.isResetting(at: bench.now))
        bench.now = 300
        XCTAssertEqual(bench.send(SubsystemHealthStatusPoll().encode(slot: .zero)).count, 1)
    }

    func testResetOfAnUnknownKind() throws {
        assertRefused(
            try DriveBench().exchange(
                unsealed: "84 08 00 00 07 00 00 00 00 00 00 01 00 00 00 00"
            ),
            .invalidParameter,
            byte: 11
        )
    }

    func testShutdown() throws {
        let bench = try dualPort()
        try bench.run(SubsystemShutdown())
        let controllers = try bench.run(ControllerHealthStatusPoll(all: .all))
        XCTAssertEqual(controllers.map(\.shutdownStatus), [.complete, .complete])
        XCTAssertEqual(
            try bench.run(SubsystemHealthStatusPoll()).compositeControllerStatus,
            [.shutdownStatus, .controllerStatus]
        )
        assertRefused(
            try DriveBench().exchange(SubsystemShutdown().encode(slot: .zero)),
            .invalidCommandOpcode
        )
    }

    // MARK: Management Endpoint Buffer

    func testEndpointBuffer() throws {
        let bench = try dualPort()
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 0, length: 4)),
            [0, 0, 0, 0]
        )
        try bench.run(ManagementEndpointBufferWrite(offset: 4_094, data: [7, 8]))
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 4_094, length: 2)),
            [7, 8]
        )
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 0, length: 4_096)).count,
            4_096
        )
        XCTAssertEqual(try bench.run(ManagementEndpointBufferRead(offset: 9_999, length: 0)), [])
        for (offset, length, byte) in [(4_096, 1, 8), (4_095, 2, 12), (0, 4_097, 12)]
            as [(UInt32, UInt32, UInt16)]
        {
            let command = ManagementEndpointBufferRead(offset: offset, length: length)
            assertRefused(
                try bench.exchange(command.encode(slot: .zero)),
                .invalidParameter,
                byte: byte
            )
        }
    }

    func testAnswerGoesIntoTheBuffer() throws {
        let bench = try dualPort()
        let listed = try bench.run(ReadDataStructure.managementEndpointBufferCommands()).commands
        XCTAssertEqual(
            listed.map(\.name),
            ["Read NVMe-MI Data Structure", "VPD Read", "Get Log Page", "Identify"]
        )
        let inline = try bench.run(Identify(.controller, on: 0))
        let header = MessageHeader(
            category: .admin,
            slot: .zero,
            usesManagementEndpointBuffer: true
        )
        let response = try bench.exchange(Identify(.controller, on: 0).encode(header: header))
        XCTAssertEqual(response.status, .success)
        XCTAssertEqual(response.bytes.count, 20)
        XCTAssertEqual(
            try bench.run(ManagementEndpointBufferRead(offset: 0, length: 4_096)),
            inline
        )
    }

    func testBufferThatTheCommandOrTheDriveDoesNotHave() throws {
        let message = "84 08 01 00 01 00 00 00 00 00 00 00 00 00 00 00"
        assertRefused(try dualPort().exchange(unsealed: message), .invalidParameter, byte: 2)
        let read = "84 08 01 00 00 00 00 00 00 00 00 00 00 00 00 00"
        assertRefused(try DriveBench().exchange(unsealed: read), .invalidParameter, byte: 2)
    }
}
