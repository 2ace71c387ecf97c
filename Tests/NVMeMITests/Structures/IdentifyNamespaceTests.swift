import NVMeMI
import XCTest

/// Fields of Identify Namespace at offsets written down here a second time.
final class IdentifyNamespaceTests: XCTestCase {
    private func namespace(_ parts: [(Int, String)]) throws -> IdentifyNamespace {
        var data = [UInt8](repeating: 0, count: 4096)
        for (offset, literal) in parts {
            let value = bytes(literal)
            data.replaceSubrange(offset..<offset + value.count, with: value)
        }
        return try IdentifyNamespace(data: data)
    }

    func testFields() throws {
        let namespace = try namespace([
            (0, "b0 d2 12 1c 00 00 00 00"), (8, "b0 d2 12 1c 00 00 00 00"), (16, "00 10"),
            (24, "11"), (25, "04"), (26, "13"), (28, "17"), (29, "09"), (30, "01"), (32, "b2"),
            (48, "00 60 9a 4d 38"), (64, "07 00"), (72, "ff 00"), (92, "05"), (99, "01"),
            (100, "02 00"), (102, "03 00"),
            (104, "00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff"),
            (120, "00 25 38 00 00 00 00 01"), (128, "00 00 09 02"), (140, "08 00 0c 01"),
        ])
        let values = namespace.namedValues
        XCTAssertEqual(values["Size"], .unsigned64(0x1C12_D2B0))
        XCTAssertEqual(values["Capacity"], .unsigned64(0x1C12_D2B0))
        XCTAssertEqual(values["Utilization"], .unsigned64(0x1000))
        XCTAssertEqual(values["Features"], .names(["ThinProvisioning"]))
        XCTAssertEqual(values["OptimalPerformanceFields"], .unsigned8(1))
        XCTAssertEqual(values["LBAFormatCount"], .unsigned16(5))
        XCTAssertEqual(values["LBAFormat"], .unsigned8(3))
        XCTAssertEqual(values["MetadataInterleaved"], .boolean(true))
        XCTAssertEqual(values["LogicalBlockSize"], .unsigned64(4096))
        XCTAssertEqual(values["MetadataSize"], .unsigned16(8))
        XCTAssertEqual(values["ProtectionType"], .unsigned8(1))
        XCTAssertEqual(values["ProtectionFirst"], .boolean(true))
        XCTAssertEqual(values["Shared"], .boolean(true))
        XCTAssertEqual(values["FormatPercentageRemaining"], .unsigned8(50))
        XCTAssertEqual(values["NVMCapacity"], .unsigned128(0x38_4D9A_6000))
        XCTAssertEqual(values["PreferredWriteGranularity"], .unsigned32(8))
        XCTAssertEqual(values["OptimalWriteSize"], .unsigned32(256))
        XCTAssertEqual(values["AsymmetricAccessGroupID"], .unsigned32(5))
        XCTAssertEqual(values["WriteProtected"], .boolean(true))
        XCTAssertEqual(values["NVMSetID"], .unsigned16(2))
        XCTAssertEqual(values["EnduranceGroupID"], .unsigned16(3))
        XCTAssertEqual(values["NGUID"], .text("00112233445566778899aabbccddeeff"))
        XCTAssertEqual(values["EUI64"], .text("0025380000000001"))
        guard case .list(let formats)? = values["LBAFormats"] else {
            return XCTFail("no formats")
        }
        XCTAssertEqual(formats.count, 5)
        XCTAssertEqual(namespace.sizeInBytes, 0x1C12_D2B0 * 4096)
        XCTAssertEqual(namespace.utilizationInBytes, 0x1000 * 4096)
    }

    func testIndexOfFormatHasTwoParts() throws {
        var namespace = try namespace([(26, "65")])
        XCTAssertEqual(namespace.formatIndex, 0x35)
        namespace.formatIndex = 0x2A
        XCTAssertEqual(namespace.data[26], 0x4A)
        XCTAssertEqual(try IdentifyNamespace(data: namespace.data).formatIndex, 0x2A)
    }

    func testAbsurdFormats() throws {
        let namespace = try namespace([
            (0, "ff ff ff ff ff ff ff ff"), (16, "ff ff ff ff ff ff ff ff"), (25, "ff"),
            (82, "ff"), (128, "ff ff 3f 03"),
        ])
        XCTAssertEqual(namespace.sizeInBytes, UInt128(UInt64.max) << 63)
        XCTAssertEqual(namespace.supportedFormats.count, 64)
        XCTAssertNil(LBAFormat(dataSizeExponent: 64).dataSize)
        XCTAssertNil(LBAFormat(dataSizeExponent: 0).dataSize)
        XCTAssertNil(IdentifyNamespace().format)
    }

    func testWhatMeansNothingIsLeftOut() throws {
        let values = try namespace([]).namedValues
        for name in [
            "FormatPercentageRemaining", "AtomicWriteUnitNormal", "AtomicBoundarySizeNormal",
            "PreferredWriteGranularity", "NGUID", "EUI64", "NVMCapacity", "LogicalBlockSize",
        ] {
            XCTAssertNil(values[name], name)
        }
    }
}
