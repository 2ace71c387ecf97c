import NVMeMI
import NVMeMIClient
import XCTest

@testable import NVMeMIDrives

final class DriveRuleTests: XCTestCase {
    private func drive(_ vendorID: UInt16, _ model: String, _ firmware: String) -> DriveIdentity {
        var controller = IdentifyController()
        controller.vendorID = vendorID
        controller.modelNumber = model
        controller.firmwareRevision = firmware
        return DriveIdentity(ControllerFacts(controller))
    }

    func testALongerGapForAllDrivesIsNotShortened() {
        var settings = FleetSettings()
        settings.drive.session.minimumGap = .microseconds(5000)
        let known = settings.drive(drive(0x144D, "MZUL2512HCJQ-00A07", "1"))
        XCTAssertEqual(known.session.minimumGap, .microseconds(5000))
    }

    func testDriveThatIsKnownToLoseCommandsGetsItsGap() {
        let known = FleetSettings().drive(drive(0x144D, "MZUL2512HCJQ-00A07", "1"))
        XCTAssertEqual(known.session.minimumGap, .microseconds(1200))
    }

    func testPatterns() {
        XCTAssertTrue(TextPattern("*").fits(""))
        XCTAssertTrue(TextPattern("abc").fits("abc"))
        XCTAssertTrue(TextPattern("*ab?").fits("abcabd"))
        XCTAssertTrue(TextPattern("a*b*d").fits("abcabd"))
        XCTAssertFalse(TextPattern("ab").fits("abc"))
        XCTAssertFalse(TextPattern("abc").fits("ab"))
        XCTAssertFalse(TextPattern("?").fits(""))
        XCTAssertFalse(TextPattern("a*c").fits("abcabd"))
    }
}
