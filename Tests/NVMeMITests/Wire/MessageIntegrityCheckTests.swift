import NVMeMI
import XCTest

final class MessageIntegrityCheckTests: XCTestCase {
    func testKnownValues() {
        XCTAssertEqual(MessageIntegrityCheck.compute(Array("123456789".utf8)), 0xE306_9283)
        XCTAssertEqual(MessageIntegrityCheck.compute([]), 0)
        XCTAssertEqual(
            MessageIntegrityCheck.compute([UInt8](repeating: 0, count: 32)),
            0x8A91_36AA
        )
        XCTAssertEqual(
            MessageIntegrityCheck.compute([UInt8](repeating: 0xFF, count: 32)),
            0x62A8_AB43
        )
    }

    func testEveryLengthAndAlignmentAgreesWithOneBitAtATime() {
        var generator = Generator(seed: 1)
        let data = generator.bytes(4300)
        for count in Array(0...80) + [127, 128, 129, 4095, 4096, 4220] {
            for start in [0, 1, 3, 7, 13] {
                let slice = data[start..<start + count]
                XCTAssertEqual(
                    MessageIntegrityCheck.compute(slice),
                    bitwiseCheck(Array(slice)),
                    "\(count) bytes from \(start)"
                )
            }
        }
    }

    func testCollectionWithoutContiguousStorage() {
        let data = Array("123456789".utf8)
        XCTAssertEqual(MessageIntegrityCheck.compute(data.reversed().reversed()), 0xE306_9283)
        XCTAssertEqual(
            MessageIntegrityCheck.compute(data.lazy.map { $0 }.filter { _ in true }),
            0xE306_9283
        )
    }
}
