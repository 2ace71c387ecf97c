import NVMeMI
import XCTest

@testable import NVMeMIBridge

/// How raw commands are judged, and long data is cut.
final class RawCommandTests: XCTestCase {
    func testWhatErasesIsKnown() {
        func erases(_ opcode: AdminOpcode, _ dword10: UInt32 = 0, _ dword11: UInt32 = 0) -> Bool {
            var command = AdminCommand(opcode, controller: 0)
            command.dword10 = dword10
            command.dword11 = dword11
            return command.danger == .destroys
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
        // Write protection until the power cycle and for good; saved or not, and whatever the other bits are.
        for state: UInt32 in 0...7 {
            let isFinal = state == 2 || state == 3
            XCTAssertEqual(erases(.setFeatures, 0x84, state), isFinal)
            XCTAssertEqual(erases(.setFeatures, 0x8000_0084, state | 0xFFFF_FFF8), isFinal)
            XCTAssertFalse(erases(.setFeatures, 0x83, state))
        }
        XCTAssertEqual(RawManagementCommand(opcode: 0x07).danger, .stops)
        XCTAssertEqual(RawManagementCommand(opcode: 0x0C).danger, .stops)
        XCTAssertEqual(RawManagementCommand(opcode: 0x06).danger, .none)
    }

    func testWhatWritesRegistersStops() {
        for code: UInt8 in 0...5 {
            let opcode = PCIeOpcode(rawValue: code)
            let command = PCIeCommand(opcode, controller: 0, offset: 0, length: 0)
            XCTAssertEqual(command.danger, code % 2 == 1 ? .stops : .none)
        }
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
