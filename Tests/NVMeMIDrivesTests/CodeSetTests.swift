import NVMeMI
import XCTest

@testable import NVMeMIDrives

/// Sets of codes, and what a controller's identity says of it.
final class CodeSetTests: XCTestCase {
    func testASetHasItsCodesAndNoOthers() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let codes = Set((0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) })
            let set = CodeSet { codes.contains($0) }
            XCTAssertEqual(set.codes, codes.sorted())
            XCTAssertTrue(
                (UInt8.min...UInt8.max).allSatisfy { set.contains($0) == codes.contains($0) }
            )
            XCTAssertFalse(set.isEmpty)
        }
        XCTAssertTrue(CodeSet().isEmpty)
        XCTAssertNotEqual(CodeSet { $0 == 63 }, CodeSet { $0 == 64 })
    }

    func testAnIdentityThatSaysNothingRulesOutWhatHasACapability() {
        let abilities = ControllerAbilities(IdentifyController())
        XCTAssertTrue(abilities.missingCommands.contains(AdminOpcode.formatNVM.rawValue))
        XCTAssertFalse(abilities.missingCommands.contains(AdminOpcode.identify.rawValue))
        XCTAssertTrue(abilities.missingPages.contains(LogPageIdentifier.sanitizeStatus.rawValue))
        for page in [LogPageIdentifier.errorInformation, .smart, .firmwareSlot] {
            XCTAssertFalse(abilities.missingPages.contains(page.rawValue))
        }
        // Vendor specific ones are the vendor's to know.
        XCTAssertFalse(abilities.missingPages.contains(0xC0))
        XCTAssertFalse(abilities.missingCommands.contains(0xC0))
    }

    func testFirmwareSlotsThatAreNotCountedAreThoseInUse() {
        var log = FirmwareSlotLog()
        log.activeSlot = 2
        log.revisions = ["", "1.0", "", "2.0"]
        XCTAssertEqual(FirmwareFacts(log, slots: 0).revisions, ["", "1.0", "", "2.0"])
        XCTAssertEqual(FirmwareFacts(log, slots: 5).revisions, ["", "1.0", "", "2.0", ""])
        // More than it says that it has are shown.
        XCTAssertEqual(FirmwareFacts(log, slots: 1).revisions.count, 4)
    }
}
