import NVMeMI
import XCTest

/// The layouts as tables: places, names, and both directions over random bytes.
final class LayoutTests: XCTestCase {
    /// Fields that may lie over each other because only one of them is there at a time.
    private let alternatives: Set<String> = ["PCIePort", "TwoWirePort"]

    func testFieldsLieWithinAndApart() {
        for structure in AnyStructure.all {
            checkTable(structure.name, structure.size, structure.table)
        }
        for command in AnyCommand.all { checkTable(command.name, command.size, command.table) }
    }

    private func checkTable(_ name: String, _ size: Int, _ table: [FieldDescription]) {
        var owner = [String?](repeating: nil, count: size * 8)
        for field in table {
            XCTAssertGreaterThan(field.bitCount, 0, "\(name).\(field.name)")
            XCTAssertFalse(field.name.isEmpty, name)
            for bit in field.firstBit..<field.firstBit + field.bitCount {
                guard bit < owner.count else {
                    XCTFail("\(name).\(field.name) lies beyond the \(size) bytes")
                    break
                }
                if let other = owner[bit],
                    !(alternatives.contains(other) && alternatives.contains(field.name))
                {
                    XCTFail("\(name): \(field.name) lies over \(other)")
                    break
                }
                owner[bit] = field.name
            }
        }
    }

    func testRequestFieldsLeaveHeaderAlone() {
        for command in AnyCommand.all {
            for field in command.table where field.name != "opcode" {
                XCTAssertGreaterThanOrEqual(field.offset, 5, "\(command.name).\(field.name)")
            }
        }
    }

    func testRandomBytesComeBack() throws {
        var generator = Generator(seed: 0x5EED)
        for structure in AnyStructure.all {
            let mask = mask(of: structure)
            for _ in 0..<(structure.size > 1000 ? 40 : 400) {
                var data = generator.bytes(structure.size)
                if let last = structure.lastInUse { data[last] = .max }
                let encoded = try structure.recode(data)
                XCTAssertEqual(encoded.count, structure.size, structure.name)
                for index in 0..<structure.size
                where !structure.loose.contains(where: { $0.contains(index) })
                    && encoded[index] != data[index] & mask[index]
                {
                    XCTFail("\(structure.name): byte \(index) differs")
                    break
                }
                // What was decoded once decodes to itself, also where random bytes are no proper text.
                XCTAssertEqual(try structure.recode(encoded), encoded, structure.name)
            }
        }
    }

    /// Ones where the structure has fields; all other bits are reserved and not kept.
    private func mask(of structure: AnyStructure) -> [UInt8] {
        var mask = mask(of: structure.table, size: structure.size)
        if let (range, table, size) = structure.nested {
            let element = self.mask(of: table, size: size)
            for index in range { mask[index] = element[(index - range.lowerBound) % size] }
        }
        return mask
    }

    private func mask(of table: [FieldDescription], size: Int) -> [UInt8] {
        var mask = [UInt8](repeating: 0, count: size)
        for field in table {
            for bit in field.firstBit..<field.firstBit + field.bitCount {
                mask[bit / 8] |= 1 << UInt8(bit % 8)
            }
        }
        return mask
    }

    func testPortInformationKeepsThePartOfItsType() throws {
        var generator = Generator(seed: 7)
        for type: UInt8 in [0, 1, 2, 3, 0xFF] {
            var data = generator.bytes(32)
            data[0] = type
            let port = try PortInformation(data: data)
            XCTAssertEqual(port.pcie != nil, type == 1)
            XCTAssertEqual(port.twoWire != nil, type == 2)
            XCTAssertEqual(port.type.rawValue, type)
            let encoded = port.data
            XCTAssertEqual(Array(encoded[0..<8]), Array(data[0..<8]))
            if type == 1 {
                XCTAssertEqual(Array(encoded[8..<14]), Array(data[8..<14]))
            }
            XCTAssertTrue(encoded[14...].allSatisfy { $0 == 0 })
        }
    }

    func testLongerBytesDecodeAndShorterDoNot() {
        for structure in AnyStructure.all {
            let data = [UInt8](repeating: 0xA5, count: structure.size + 3)
            XCTAssertEqual(
                try structure.recode(data),
                try structure.recode(Array(data.dropLast(3)))
            )
            for count in stride(from: 0, to: structure.size, by: max(1, structure.size / 64)) {
                XCTAssertThrowsError(try structure.recode(Array(data.prefix(count)))) { error in
                    let error = error as? NVMeMI.DecodingError
                    XCTAssertEqual(error?.subject, structure.name)
                    XCTAssertEqual(error?.field.isEmpty, false)
                }
                XCTAssertNoThrow(try structure.decodePrefix(Array(data.prefix(count))))
            }
        }
    }

    func testNamedValuesHaveUniqueCamelCaseNames() throws {
        var generator = Generator(seed: 99)
        for structure in AnyStructure.all {
            for _ in 0..<50 {
                try checkNames(
                    structure.namedValues(generator.bytes(structure.size)),
                    structure.name
                )
            }
            try checkNames(
                structure.namedValues([UInt8](repeating: 0xFF, count: structure.size)),
                structure.name
            )
        }
    }

    private func checkNames(_ values: [NamedValue], _ structure: String) throws {
        var seen: Set<String> = []
        for (name, value) in values {
            XCTAssertTrue(seen.insert(name).inserted, "\(structure).\(name) occurs twice")
            XCTAssertTrue(
                name.first?.isUppercase == true && name.allSatisfy { $0.isLetter || $0.isNumber },
                "\(structure).\(name) is not CamelCase"
            )
            switch value {
            case .dictionary(let inner): try checkNames(inner, "\(structure).\(name)")
            case .list(let elements):
                for case .dictionary(let inner) in elements {
                    try checkNames(inner, "\(structure).\(name)")
                }
            case .text(let text):
                // D-Bus strings have no NUL; controls would disturb terminals.
                XCTAssertFalse(
                    text.unicodeScalars.contains { $0.value < 0x20 },
                    "\(structure).\(name)"
                )
            default: break
            }
        }
    }

    func testShortStructureNamesTheFirstFieldWithoutItsBytes() {
        assertThrows(
            NVMeMI.DecodingError(
                subject: "SMART / Health Information",
                field: "DataUnitsWritten",
                offset: 48,
                expected: "16 bytes",
                got: "2 bytes before the end"
            )
        ) { try SmartLog(data: [UInt8](repeating: 0, count: 50)) }
        assertThrows(
            NVMeMI.DecodingError(
                subject: "NVM Subsystem Information",
                field: "end of structure",
                offset: 32,
                expected: "32 bytes",
                got: "20 bytes"
            )
        ) { try SubsystemInformation(data: [UInt8](repeating: 0, count: 20)) }
    }

    func testPrefixOfIdentifyControllerHasItsFirstFields() throws {
        var data = [UInt8](repeating: 0x41, count: 72)
        data[0] = 0x4D
        data[1] = 0x14
        let controller = try IdentifyController(prefix: data)
        XCTAssertEqual(controller.vendorID, 0x144D)
        XCTAssertEqual(controller.firmwareRevision, "AAAAAAAA")
        XCTAssertEqual(controller.maximumNamespaceID, 0)
    }
}
