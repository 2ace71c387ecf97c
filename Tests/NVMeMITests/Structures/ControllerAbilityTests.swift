import NVMeMI
import XCTest

/// What a controller says beforehand that it does not have, and a controller that takes CNS for a yes or no.
final class ControllerAbilityTests: XCTestCase {
    private func controller(_ version: NVMeVersion) -> IdentifyController {
        var controller = IdentifyController()
        controller.nvmeVersion = version
        return controller
    }

    func testVersions() {
        XCTAssertEqual(NVMeVersion(1, 4), NVMeVersion(rawValue: 0x0001_0400))
        XCTAssertEqual("\(NVMeVersion(1, 2, 1))", "1.2.1")
        XCTAssertLessThan(NVMeVersion(1, 2, 1), NVMeVersion(1, 3))
        XCTAssertLessThan(NVMeVersion(1, 4), NVMeVersion(2, 0))
        XCTAssertEqual(controller(NVMeVersion(2, 0)).version, 0x0002_0000)
    }

    func testDescriptorsAreAskedForFromOneThreeOn() {
        for version in [NVMeVersion(rawValue: 0), NVMeVersion(1, 2), NVMeVersion(1, 2, 1)] {
            XCTAssertTrue(controller(version).rulesOut(IdentifyStructure.namespaceDescriptors))
            XCTAssertFalse(controller(version).logPageAbilities.hasRetainedEvents)
        }
        for version in [NVMeVersion(1, 3), NVMeVersion(1, 4), NVMeVersion(2, 1)] {
            XCTAssertFalse(controller(version).rulesOut(IdentifyStructure.namespaceDescriptors))
            XCTAssertTrue(controller(version).logPageAbilities.hasRetainedEvents)
        }
    }

    func testWhatEveryControllerHasIsNeverRuledOut() {
        for version in [NVMeVersion(rawValue: 0), NVMeVersion(2, 1)] {
            let controller = controller(version)
            for structure in [IdentifyStructure.namespace, .controller, .activeNamespaces] {
                XCTAssertFalse(controller.rulesOut(structure))
            }
            for page in [LogPageIdentifier.errorInformation, .smart, .firmwareSlot] {
                XCTAssertFalse(controller.rulesOut(page))
            }
            for opcode in [AdminOpcode.identify, .getLogPage, .getFeatures, .setFeatures] {
                XCTAssertFalse(controller.rulesOut(opcode))
            }
        }
    }

    func testCapabilitiesLetIn() {
        var controller = controller(NVMeVersion(2, 1))
        XCTAssertTrue(controller.rulesOut(IdentifyStructure.allocatedNamespaces))
        XCTAssertTrue(controller.rulesOut(LogPageIdentifier.sanitizeStatus))
        XCTAssertTrue(controller.rulesOut(LogPageIdentifier.deviceSelfTest))
        XCTAssertTrue(controller.rulesOut(AdminOpcode.sanitize))
        XCTAssertTrue(controller.rulesOut(AdminOpcode.formatNVM))
        XCTAssertFalse(controller.logPageAbilities.hasOffset)
        controller.optionalAdminCommands = OptionalAdminCommands.named
        controller.controllerAttributes = ControllerAttributes.named
        controller.logPageAttributes = LogPageAttributes.named
        controller.sanitizeCapabilities = .blockErase
        controller.multipathCapabilities = MultipathCapabilities.named
        controller.optionalAsynchronousEvents = OptionalAsynchronousEvents.named
        controller.optionalNVMCommands = OptionalNVMCommands.named
        for code in UInt8.min...UInt8.max {
            XCTAssertFalse(controller.rulesOut(IdentifyStructure(rawValue: code)))
            XCTAssertFalse(controller.rulesOut(LogPageIdentifier(rawValue: code)))
            XCTAssertFalse(controller.rulesOut(AdminOpcode(rawValue: code)))
        }
        XCTAssertTrue(controller.logPageAbilities.hasOffset)
    }

    func testControllerInPlaceOfAList() throws {
        var controller = controller(NVMeVersion(1, 2))
        controller.vendorID = 0x144D
        controller.serialNumber = "S1"
        controller.modelNumber = "M"
        controller.unallocatedNVMCapacity = 5
        var answer = controller.data
        XCTAssertTrue(controller.isRepeated(in: answer))
        // What changes by itself is not compared.
        answer[296] = 9
        answer[64] = 0x39
        XCTAssertTrue(controller.isRepeated(in: answer))
        let decoded = try IdentifyController(data: answer)
        XCTAssertTrue(decoded.isRepeated(in: answer))
        answer[4] = 0x54
        XCTAssertFalse(controller.isRepeated(in: answer))
        XCTAssertFalse(controller.isRepeated(in: NamespaceList([1, 2]).data))
        XCTAssertFalse(controller.isRepeated(in: ControllerList([0]).paddedData))
        for count in 0..<84 {
            XCTAssertFalse(controller.isRepeated(in: Array(controller.data.prefix(count))))
        }
        // Zeros tell nothing.
        XCTAssertFalse(IdentifyController().isRepeated(in: IdentifyController().data))
        XCTAssertFalse(IdentifyController().isRepeated(in: NamespaceList([]).data))
    }

    func testAnyBytesAreNoController() {
        var controller = controller(NVMeVersion(1, 4))
        controller.serialNumber = "S1"
        var generator = Generator(seed: 0xC45)
        for _ in 0..<200 {
            XCTAssertFalse(controller.isRepeated(in: generator.bytes(generator.below(4097))))
        }
    }
}
