import NVMeMI
import XCTest

/// Vital Product Data, good and bad.
final class ProductDataTests: XCTestCase {
    private func summed(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [0 &- bytes.reduce(0) { $0 &+ $1 }]
    }

    private func record(_ type: UInt8, _ data: [UInt8], isLast: Bool = false) -> [UInt8] {
        let sum = 0 &- data.reduce(0) { $0 &+ $1 }
        return summed([type, (isLast ? 0x80 : 0) | 2, UInt8(data.count), sum]) + data
    }

    /// Header, a product area of 40 bytes, three records.
    private var image: [UInt8] {
        var product: [UInt8] = [1, 5, 0]
        for text in ["Maker", "Drive", "P1", "02", "SN123"] {
            product += [0xC0 | UInt8(text.utf8.count)] + Array(text.utf8)
        }
        // No asset tag, no file, then BCD plus of the maker's own.
        product += [0xC0, 0xC0, 0x42, 0x12, 0xB4, 0xC1]
        product += Array(repeating: 0, count: 39 - product.count)
        var nvme = [UInt8](repeating: 0, count: 59)
        nvme[1] = 0x13
        nvme[17] = 25
        nvme[18] = 12
        nvme[20] = 1
        return summed([1, 0, 0, 0, 1, 6, 0]) + summed(product) + record(0x0B, nvme)
            + record(0x0C, [1, 0, 0, 0x1F, 4, 1, 0, 2])
            + record(0x0D, [1, 2, 7, 0, 4, 0xAA, 2, 0, 3], isLast: true)
    }

    func testWhole() throws {
        let decoded = try ProductData.decode(image)
        XCTAssertEqual(decoded.leftOut, [])
        XCTAssertEqual(decoded.values["ChecksumValid"], .boolean(true))
        guard case .dictionary(let product)? = decoded.values["ProductInformation"],
            case .list(let records)? = decoded.values["Records"]
        else { return XCTFail("\(decoded.values)") }
        XCTAssertEqual(product["ChecksumValid"], .boolean(true))
        XCTAssertEqual(product["Manufacturer"], .text("Maker"))
        XCTAssertEqual(product["ProductName"], .text("Drive"))
        XCTAssertEqual(product["PartNumber"], .text("P1"))
        XCTAssertEqual(product["SerialNumber"], .text("SN123"))
        XCTAssertNil(product["AssetTag"])
        XCTAssertEqual(product["Custom"], .list([.text("12-4")]))
        XCTAssertEqual(records.count, 3)
        guard case .dictionary(let nvme) = records[0], case .dictionary(let port) = records[1],
            case .dictionary(let topology) = records[2]
        else { return XCTFail() }
        XCTAssertEqual(nvme["Type"], .text("NVMe"))
        XCTAssertEqual(nvme["FormFactor"], .unsigned8(0x13))
        XCTAssertEqual(nvme["MaximumPower12V"], .unsigned8(25))
        XCTAssertEqual(nvme["MaximumThermalLoad"], .unsigned8(12))
        XCTAssertEqual(nvme["TotalNVMCapacity"], .unsigned128(256))
        XCTAssertEqual(port["MaximumLinkWidth"], .unsigned8(4))
        XCTAssertEqual(port["PortID"], .unsigned8(2))
        XCTAssertEqual(
            topology["Elements"],
            .list([
                .dictionary([
                    ("Type", .text("NVMSubsystem")), ("Revision", .unsigned8(0)),
                    ("Length", .unsigned8(4)), ("Data", .bytes([0xAA])),
                ]),
                .dictionary([
                    ("Type", .text("UpstreamConnector")), ("Revision", .unsigned8(0)),
                    ("Length", .unsigned8(3)),
                ]),
            ])
        )
    }

    /// Records that go on and on, each as long as can be or as short.
    func testNoMoreThanTheGreatestImageIsWanted() throws {
        for length: UInt8 in [0, 1, 250, 255] {
            var whole = summed([1, 0, 0, 0, 0, 1, 0])
            while whole.count < 0x1_0000 {
                whole += record(0xC0, Array(repeating: 7, count: Int(length)))
            }
            for count in [65_529, 65_531, 65_534, 65_535, 65_536] {
                let wanted = ProductData.length(after: Array(whole.prefix(count)))
                XCTAssertGreaterThanOrEqual(wanted, count)
                XCTAssertLessThanOrEqual(wanted, ProductData.maximumSize)
                XCTAssertNoThrow(try ProductData.decode(Array(whole.prefix(count))))
            }
            XCTAssertEqual(
                ProductData.length(after: Array(whole.prefix(65_535))),
                ProductData.maximumSize
            )
        }
    }

    func testLengthIsFoundAsItIsRead() {
        let whole = image
        var read = 0
        var rounds = 0
        while ProductData.length(after: Array(whole.prefix(read))) > read {
            read = ProductData.length(after: Array(whole.prefix(read)))
            rounds += 1
        }
        XCTAssertEqual(read, whole.count)
        XCTAssertLessThan(rounds, 12)
    }

    func testWrongChecksumsAreTold() throws {
        for index in 0..<image.count {
            var bad = image
            bad[index] ^= 0x01
            guard let decoded = try? ProductData.decode(bad) else { continue }
            let text = "\(FieldValue.dictionary(decoded.values))"
            XCTAssertTrue(
                text.contains("boolean(false)") || !decoded.leftOut.isEmpty,
                "byte \(index)"
            )
        }
    }

    func testAnyBytes() {
        var generator = Generator(seed: 0xF20)
        for round in 0..<2_000 {
            var data = generator.bytes(generator.below(300))
            if round % 2 == 0 { data = data.map { $0 & 0x13 } }
            _ = try? ProductData.decode(data)
            XCTAssertLessThanOrEqual(ProductData.length(after: data), ProductData.maximumSize)
        }
        XCTAssertThrowsError(try ProductData.decode([1, 0, 0]))
        // An image whose areas are beyond its end is told so.
        let beyond = try? ProductData.decode(summed([1, 0, 0, 0, 0x80, 0x90, 0]))
        XCTAssertEqual(beyond?.leftOut.map(\.field), ["ProductInformation", "record 0"])
    }
}
