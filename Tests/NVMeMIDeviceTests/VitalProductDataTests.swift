import NVMeMI
import TestSupport
import XCTest

@testable import NVMeMIDevice

/// VPD Read and Write.
final class VitalProductDataTests: XCTestCase {
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
}
