import XCTest

@testable import NVMeMIBridge

final class KnownDriveListTests: XCTestCase {
    private func entry(_ serial: String, place: String = "Bay 1") -> KnownDriveList.Entry {
        .init(
            vendorID: 0x144D,
            model: "A model",
            serialNumber: serial,
            subsystemNQN: "nqn.x",
            place: place
        )
    }

    func testWhatIsWrittenIsReadAgain() {
        let list = KnownDriveList([entry("A"), entry("B", place: "")])
        XCTAssertEqual(
            list.text,
            "nvmemid drives 1\n144d\tA model\tA\tnqn.x\tBay 1\n144d\tA model\tB\tnqn.x\t\n"
        )
        XCTAssertEqual(KnownDriveList(text: list.text), list)
        var missing = entry("C")
        missing.missingSince = 1_795_871_119_000
        let both = KnownDriveList([entry("A"), missing])
        XCTAssertTrue(both.text.hasSuffix("\tC\tnqn.x\tBay 1\t1795871119000\n"), both.text)
        XCTAssertEqual(KnownDriveList(text: both.text), both)
        XCTAssertEqual(KnownDriveList(text: KnownDriveList([]).text).entries, [])
    }

    func testAFileIsNotTrusted() {
        for text in [
            "", "\n", "nvmemid drives 2\n144d\tM\tA\tN\tP\n", "144d\tM\tA\tN\tP\n",
            "nvmemid drives 1\n144d\tM\tA\tN\n\u{0}\nxyz\tM\tA\tN\tP\n12345\tM\tA\tN\tP\n1\tM\t\tN\tP\n",
            "nvmemid drives 1\n1\tM\tA\u{7}\tN\tP\n",
            "nvmemid drives 1\n1\tM\tA\tN\tP\tyesterday\n",
            "nvmemid drives 1\n1\tM\tA\tN\tP\t\n", "nvmemid drives 1\n1\tM\tA\tN\tP\t1\t2\n",
            "nvmemid drives 1\n1\tM\t\(String(repeating: "A", count: 257))\tN\tP\n",
        ] {
            XCTAssertEqual(KnownDriveList(text: text).entries, [], text)
        }
        let half = KnownDriveList(
            text: "nvmemid drives 1\n144d\tA model\tA\tnqn.x\tBay 1\n144d\tA mod"
        )
        XCTAssertEqual(half.entries, [entry("A")])
    }

    func testWhatCannotBeWrittenIsLeftOut() {
        let list = KnownDriveList([entry("A\nB"), entry("C"), entry("D", place: "x\ty")])
        XCTAssertEqual(list.entries, [entry("C")])
        let long = String(repeating: "é", count: 255)
        let large = KnownDriveList((100..<1000).map { entry("\($0)" + long, place: long) })
        XCTAssertLessThanOrEqual(large.text.utf8.count, BridgeMemory.sizeLimit)
        XCTAssertEqual(KnownDriveList(text: large.text), large)
        let many = KnownDriveList((0..<2000).map { entry("\($0)") })
        XCTAssertEqual(many.entries.count, KnownDriveList.limit)
        XCTAssertEqual(KnownDriveList(text: many.text), many)
    }
}
