import NVMeMI
import XCTest

/// Which refusals are for good, which for now, and which end with work that is in progress.
final class PermanenceTests: XCTestCase {
    private func permanence(_ rawValue: UInt16) -> RefusalPermanence {
        DeviceError(
            command: Identify.declaration,
            status: .success,
            nvmeStatus: NVMeStatus(rawValue: rawValue)
        ).permanence
    }

    func testMediaAndNamespaceThatAreNotReady() {
        for status: UInt16 in [0x024, 0x082] {
            XCTAssertEqual(permanence(status), .forNow)
            XCTAssertEqual(permanence(status | 0x2000), .forNow)
            XCTAssertEqual(permanence(status | 0x4000), .forGood)
        }
    }

    func testWhatIsNotThere() {
        for status: UInt16 in [0x001, 0x002, 0x00B, 0x109, 0x11F, 0x129] {
            XCTAssertEqual(permanence(status), .forGood)
            XCTAssertEqual(permanence(status | 0x4000), .forGood)
        }
    }

    func testWorkInProgress() {
        for status: UInt16 in [0x01D, 0x084, 0x11D] {
            XCTAssertEqual(permanence(status), .busy)
            // The work ends whatever the advice is.
            XCTAssertEqual(permanence(status | 0x4000), .busy)
        }
    }

    func testOthersFollowTheAdvice() {
        for status: UInt16 in [0x006, 0x021, 0x7C5, 0x0C5, 0x281, 0x301] {
            XCTAssertEqual(permanence(status), .forNow)
            XCTAssertEqual(permanence(status | 0x4000), .forGood)
        }
    }

    func testStatusesOfNVMeMI() {
        let expected: [(ManagementStatus, RefusalPermanence)] = [
            (.internalError, .forNow), (.invalidCommandOpcode, .forGood),
            (.invalidParameter, .forGood), (.invalidCommandSize, .forGood),
            (.invalidCommandInputDataSize, .forGood), (.accessDenied, .forGood),
            (.pcieInaccessible, .forNow), (.sanitizeInProgress, .busy),
            (ManagementStatus(rawValue: 0xE5), .forNow),
        ]
        for (status, permanence) in expected {
            let error = DeviceError(command: Identify.declaration, status: status)
            XCTAssertEqual(error.permanence, permanence, "\(status)")
        }
    }
}
