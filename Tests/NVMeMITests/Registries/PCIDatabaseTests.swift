import NVMeMI
import XCTest

/// Names of PCI vendors and devices in a text like that of pci.ids.
final class PCIDatabaseTests: XCTestCase {
    private let text = """
        # Vendors
        144d  Samsung Electronics Co Ltd
        \ta80a  NVMe SSD Controller PM9A1
        \t\t144d a801  Subsystem
        1b36  Red Hat, Inc.
        \t0010  QEMU NVM Express Controller
        C 00  Unclassified device
        \t00  Non-VGA
        """

    private func look(_ vendor: UInt16, _ device: UInt16?, piece: Int = .max) -> PCIDatabase {
        var database = PCIDatabase(vendor: vendor, device: device)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            database.take(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        database.finish()
        return database
    }

    func testNamesAreFoundInPieces() {
        for piece in [1, 7, Int.max] {
            let database = look(0x1B36, 0x0010, piece: piece)
            XCTAssertEqual(database.vendor, "Red Hat, Inc.")
            XCTAssertEqual(database.device, "QEMU NVM Express Controller")
        }
        XCTAssertEqual(look(0x144D, 0xA80A).device, "NVMe SSD Controller PM9A1")
    }

    func testWhatIsNotThere() {
        // A device of another vendor, and a subsystem, are none.
        XCTAssertNil(look(0x144D, 0x0010).device)
        XCTAssertNil(look(0x144D, 0x144D).device)
        XCTAssertNil(look(0xFFFF, nil).vendor)
        XCTAssertNil(look(0x0C00, nil).vendor)
        XCTAssertEqual(look(0x144D, nil).vendor, "Samsung Electronics Co Ltd")
    }

    func testNothingMoreIsKept() {
        var database = PCIDatabase(vendor: 0x0001)
        database.take(Array(repeating: UInt8(ascii: "x"), count: 100_000))
        database.take(Array("\n0001  A\u{1}B\n".utf8))
        XCTAssertEqual(database.vendor, "AB")
        XCTAssertTrue(database.isComplete)
    }
}
