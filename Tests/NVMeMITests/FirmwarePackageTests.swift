import NVMeMI
import TestSupport
import XCTest

/// Headers of PLDM firmware packages: good ones, damaged ones, and such as point where nothing is.
final class FirmwarePackageTests: XCTestCase {
    private static let drive = FirmwareRecipient(
        vendorID: 0x1234,
        deviceID: 0x5678,
        subsystemVendorID: 0x1234,
        subsystemID: 1,
        model: "Simulated NVMe Drive"
    )

    func testEveryRevision() throws {
        for revision in UInt8(1)...4 {
            let file = PackageMaker(revision: revision).file
            XCTAssertTrue(FirmwarePackage.begins(file))
            let package = try FirmwarePackage(file, fileSize: UInt64(file.count))
            XCTAssertEqual(package.revision, revision)
            XCTAssertEqual(package.version, "PKG-1")
            let device = try XCTUnwrap(package.device(for: Self.drive))
            XCTAssertEqual(device.components, [1])
            let component = package.components[1]
            XCTAssertEqual(component.identifier, 7)
            XCTAssertEqual(component.version, "2.0.0")
            let place = Int(component.place.lowerBound)..<Int(component.place.upperBound)
            XCTAssertEqual(Array(file[place]), PackageMaker.images[1])
            XCTAssertEqual(package.payloadChecksum != nil, revision == 4)
        }
        XCTAssertFalse(FirmwarePackage.begins([1, 2, 3]))
        XCTAssertFalse(FirmwarePackage.begins([]))
    }

    func testChecksumIsThatOfIEEE() {
        var checksum = PackageChecksum()
        checksum.add("12345".utf8)
        checksum.add("6789".utf8)
        XCTAssertEqual(checksum.value, 0xCBF4_3926)
    }

    func testOnlyTheDriveThatIsMeantTakesIt() throws {
        let package = try PackageMaker().package()
        for change in [
            { (drive: inout FirmwareRecipient) in drive.vendorID = 1 },
            { $0.deviceID = 1 },
            { $0.model = "Other" },
        ] {
            var other = Self.drive
            change(&other)
            XCTAssertNil(package.device(for: other))
        }
        XCTAssertTrue(package.deviceWords.contains("PCI vendor 0x1234"), package.deviceWords)
        XCTAssertTrue(package.deviceWords.contains("'Simulated NVMe Drive'"), package.deviceWords)

        // What vendors define says nothing for a drive, and nothing against it.
        var maker = PackageMaker()
        maker.descriptors = [(0xFFFF, [1, 1, 65, 0]), (0x0001, [1, 2, 3, 4])]
        XCTAssertNil(try maker.package().device(for: Self.drive))
        maker.descriptors.append((0x0000, [0x34, 0x12]))
        XCTAssertNotNil(try maker.package().device(for: Self.drive))
    }

    func testWhatIsWrongIsSaid() {
        func refused(_ words: String, _ change: (inout PackageMaker) -> Void) {
            var maker = PackageMaker()
            change(&maker)
            XCTAssertThrowsError(try maker.package()) {
                XCTAssertTrue("\($0)".contains(words), "\($0)")
            }
        }
        refused("component offset and size") { $0.imageOffset = 0 }
        refused("component offset and size") { $0.imageOffset = .max }
        refused("component offset and size") { $0.imageSize = .max }
        refused("component offset and size") { $0.imageSize = 0 }
        refused("components of device 0") { $0.bitmap = [0x80] }
        refused("header checksum") { $0.damage = 40 }
        refused("header size") { $0.headerSize = 20 }
        refused("header size") { $0.headerSize = .max }
        refused("component bitmap length") { $0.bitmapBits = 9 }
    }

    func testCutAtEveryLength() throws {
        for revision in UInt8(1)...4 {
            let file = PackageMaker(revision: revision).file
            let size = try FirmwarePackage(file, fileSize: UInt64(file.count)).headerSize
            for length in 0..<Int(size) {
                XCTAssertThrowsError(
                    try FirmwarePackage(Array(file.prefix(length)), fileSize: UInt64(file.count))
                )
            }
        }
    }

    /// Headers with changed bytes and a check that is right again: refused, or within the file.
    func testChangedBytes() {
        var generator = SeededGenerator(seed: 12)
        for round in 0..<2000 {
            let maker = PackageMaker(revision: UInt8(round % 4 + 1))
            var file = maker.file
            let checks = maker.revision == 4 ? 8 : 4
            let headerEnd = file.count - PackageMaker.images.joined().count - checks
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 17..<headerEnd, using: &generator)
                file[place] = UInt8.random(in: 0...255, using: &generator)
            }
            let size = Int(file[17]) | Int(file[18]) << 8
            guard size > checks + 19, size <= file.count else { continue }
            PackageMaker.seal(&file, at: size - checks)
            guard let package = try? FirmwarePackage(file, fileSize: UInt64(file.count)) else {
                continue
            }
            for component in package.components {
                XCTAssertGreaterThanOrEqual(component.place.lowerBound, package.headerSize)
                XCTAssertLessThanOrEqual(component.place.upperBound, UInt64(file.count))
            }
            for device in package.devices {
                XCTAssertTrue(device.components.allSatisfy(package.components.indices.contains))
            }
            _ = package.device(for: Self.drive)
            _ = package.deviceWords
        }
    }
}

/// Makes packages, right ones and wrong ones.
struct PackageMaker {
    static let images: [[UInt8]] = [
        Array(repeating: 0x11, count: 16), Array(repeating: 0x22, count: 32),
    ]

    var revision: UInt8 = 1
    var descriptors: [(UInt16, [UInt8])] = [
        (0x0000, [0x34, 0x12]), (0x0100, [0x78, 0x56]),
        (0x0106, Array("Simulated NVMe Drive".utf8) + Array(repeating: 0x20, count: 20)),
    ]
    var bitmap: [UInt8] = [0x02]
    var bitmapBits: UInt16 = 8
    /// Of the second component, instead of the right ones.
    var imageOffset: UInt32?
    var imageSize: UInt32?
    var headerSize: UInt16?
    /// A byte that is changed when all is done.
    var damage: Int?

    init(revision: UInt8 = 1) { self.revision = revision }

    func package() throws -> FirmwarePackage {
        let file = file
        return try FirmwarePackage(file, fileSize: UInt64(file.count))
    }

    var file: [UInt8] {
        let length = header(imagesAt: 0).count + (revision >= 4 ? 8 : 4)
        var file = header(imagesAt: UInt32(length))
        let end = file.count
        file += Array(repeating: 0, count: length - end) + Self.images.joined()
        let size = headerSize ?? UInt16(length)
        file[17] = UInt8(truncatingIfNeeded: size)
        file[18] = UInt8(size >> 8)
        Self.seal(&file, at: end)
        if let damage { file[damage] ^= 0xFF }
        return file
    }

    static func seal(_ file: inout [UInt8], at end: Int) {
        var checksum = PackageChecksum()
        checksum.add(file.prefix(end))
        file.replaceSubrange(end..<end + 4, with: bytes(checksum.value))
    }

    private func header(imagesAt start: UInt32) -> [UInt8] {
        let identifiers: [[UInt8]] = [
            [
                0xF0, 0x18, 0x87, 0x8C, 0xCB, 0x7D, 0x49, 0x43, 0x98, 0, 0xA0, 0x2F, 5, 0x9A, 0xCA,
                2,
            ],
            [
                0x12, 0x44, 0xD2, 0x64, 0x8D, 0x7D, 0x47, 0x18, 0xA0, 0x30, 0xFC, 0x8A, 0x56, 0x58,
                0x7D, 0x5A,
            ],
            [
                0x31, 0x19, 0xCE, 0x2F, 0xE8, 0x0A, 0x4A, 0x99, 0xAF, 0x6D, 0x46, 0xF8, 0xB1, 0x21,
                0xF6, 0xBF,
            ],
            [
                0x7B, 0x29, 0x1C, 0x99, 0x6D, 0xB6, 0x42, 8, 0x80, 0x1B, 2, 2, 0x6E, 0x46, 0x3C,
                0x78,
            ],
        ]
        var header = identifiers[Int(revision) - 1] + [revision, 0, 0]
        header += Array(repeating: 0, count: 13) + Self.bytes(bitmapBits) + Self.text("PKG-1")
        var record: [UInt8] = [UInt8(descriptors.count), 0, 0, 0, 0, 1, 3, 0, 0]
        if revision >= 4 { record += [0, 0, 0, 0] }
        record += bitmap + Array("set".utf8)
        for (type, data) in descriptors {
            record += Self.bytes(type) + Self.bytes(UInt16(data.count)) + data
        }
        header += [1] + Self.bytes(UInt16(record.count + 2)) + record
        // One device behind another, which is passed over.
        if revision >= 2 { header += [1, 6, 0, 1, 2, 3, 4] }
        header += Self.bytes(UInt16(Self.images.count))
        var offset = start
        for (index, image) in Self.images.enumerated() {
            let isSecond = index == 1
            header += [0x0A, 0, isSecond ? 7 : 3, 0] + Array(repeating: 0, count: 8)
            header += Self.bytes(isSecond ? imageOffset ?? offset : offset)
            header += Self.bytes(isSecond ? imageSize ?? UInt32(image.count) : UInt32(image.count))
            header += Self.text(isSecond ? "2.0.0" : "boot")
            if revision >= 3 { header += [2, 0, 0, 0, 9, 9] }
            offset += UInt32(image.count)
        }
        return header
    }

    private static func text(_ text: String) -> [UInt8] { [1, UInt8(text.utf8.count)] + text.utf8 }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
