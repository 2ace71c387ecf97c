import NVMeMI
import XCTest

@testable import NVMeMIBridge

/// How raw commands are judged, and long data is cut.
final class RawCommandTests: XCTestCase {
    func testWhatErasesIsKnown() {
        func erases(_ opcode: AdminOpcode, _ dword10: UInt32 = 0) -> Bool {
            var command = AdminCommand(opcode, controller: 0)
            command.dword10 = dword10
            return command.erases
        }
        XCTAssertTrue(erases(.formatNVM))
        XCTAssertTrue(erases(.sanitize, 2))
        XCTAssertTrue(erases(.namespaceManagement, 1))
        XCTAssertFalse(erases(.namespaceManagement, 0))
        // Bits that do not select the operation change nothing.
        XCTAssertTrue(erases(.namespaceManagement, 0xFFFF_FFF1))
        XCTAssertTrue(erases(.capacityManagement, 2))
        XCTAssertTrue(erases(.capacityManagement, 4))
        XCTAssertFalse(erases(.capacityManagement, 1))
        XCTAssertTrue(erases(AdminOpcode(rawValue: 0x8C)))
        for opcode in [AdminOpcode.identify, .getLogPage, .setFeatures, .securitySend] {
            XCTAssertFalse(erases(opcode, 1), "\(opcode)")
        }
        XCTAssertTrue(RawManagementCommand(opcode: 0x07).stopsOrErases)
        XCTAssertTrue(RawManagementCommand(opcode: 0x0C).stopsOrErases)
        XCTAssertFalse(RawManagementCommand(opcode: 0x06).stopsOrErases)
    }

    func testPiecesAreAllOfIt() {
        for length in [UInt32(0), 1, 4095, 4096, 4097, 65536, 131_071] {
            let pieces = Transfer.pieces(of: length)
            XCTAssertEqual(pieces.first?.lowerBound, 0)
            XCTAssertEqual(pieces.last?.upperBound, length)
            XCTAssertTrue(pieces.allSatisfy { $0.count <= Int(Transfer.pieceSize) })
            for (piece, next) in zip(pieces, pieces.dropFirst()) {
                XCTAssertEqual(piece.upperBound, next.lowerBound)
            }
        }
    }
}
