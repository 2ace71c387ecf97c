import NVMeMI
import XCTest

@testable import DBus
@testable import NVMeMIBridge

/// What is written straight from a structure is what the dictionary of its values says.
final class FieldsTests: XCTestCase {
    private static let structures: [any DataStructure.Type] = [
        SubsystemHealth.self, ControllerHealth.self, PortInformation.self, IdentifyController.self,
        IdentifyNamespace.self, SmartLog.self, FirmwareSlotLog.self, SelfTestLog.self,
        ControllerInformation.self, CommandList.self, ControllerList.self,
    ]

    func testFieldsAreWrittenAsTheDictionary() throws {
        var generator = SystemRandomNumberGenerator()
        for structure in Self.structures {
            for fill in [UInt8?.some(0), .some(0xFF), nil, nil, nil, nil] {
                let bytes = (0..<4096).map { _ in fill ?? .random(in: 0...255, using: &generator) }
                guard let decoded = try? structure.init(data: bytes) else { continue }
                let expected = VariantDictionary(decoded.namedValues)
                XCTAssertEqual(
                    expected.count,
                    decoded.namedValues.count
                        + decoded.namedValues.filter { $0.value.exactText != nil }.count,
                    "\(structure) has a name twice"
                )
                XCTAssertEqual(try written(Fields(of: decoded)), expected, "\(structure) \(bytes)")
                XCTAssertEqual(Fields(of: decoded).dbusValue, expected.dbusValue)
            }
        }
    }

    func testWhatIsToldBesideCountsMore() throws {
        let health = try ControllerHealth(data: [UInt8](repeating: 0, count: 16))
        var fields = Fields(of: health)
        fields.set("ControllerID", "other")
        fields.set("Raw", health.data)
        var expected = VariantDictionary(health.namedValues)
        expected.set("ControllerID", "other")
        expected.set("Raw", health.data)
        XCTAssertEqual(try written(fields), expected)
        XCTAssertEqual(VariantDictionary.decode(fields.dbusValue), expected)
    }

    func testANumberThatDoesNotFitIsToldExactlyAsWell() throws {
        let layoutSize = SmartLog.layout.size
        // Data units read, at 32, is one more than 64 bits hold; data units written, at 48, is as many.
        var bytes = [UInt8](repeating: 0, count: layoutSize)
        bytes[40] = 1
        for place in 48..<56 { bytes[place] = 0xFF }
        let log = try SmartLog(data: bytes)
        let told = try written(Fields(of: log))
        XCTAssertEqual(told["DataUnitsRead"], .uint64(.max))
        XCTAssertEqual(told["DataUnitsReadExact"], .string("18446744073709551616"))
        XCTAssertEqual(told["DataUnitsWritten"], .uint64(.max))
        XCTAssertNil(told["DataUnitsWrittenExact"])
    }

    func testListsOfDifferentTypesAreListsOfVariants() throws {
        struct Mixed: DataStructure {
            init() {}
            init(data: [UInt8]) throws(DecodingError) {}
            var data: [UInt8] { [] }
            var namedValues: [NamedValue] {
                [
                    (
                        "Mixed",
                        .list([.unsigned8(1), .text("two"), .dictionary([("A", .boolean(true))])])
                    ),
                    ("Empty", .list([])),
                    ("Same", .list([.list([.unsigned128(.max)]), .list([.unsigned128(7)])])),
                ]
            }
        }
        XCTAssertEqual(try written(Fields(of: Mixed())), VariantDictionary(Mixed().namedValues))
    }

    func testATextThatCannotBeSentIsRefused() {
        struct Bad: DataStructure {
            init() {}
            init(data: [UInt8]) throws(DecodingError) {}
            var data: [UInt8] { [] }
            var namedValues: [NamedValue] { [("Bad", .text("a\0")), ("Good", .unsigned8(1))] }
        }
        XCTAssertThrowsError(try written(Fields(of: Bad())))
    }

    /// What a receiver reads.
    private func written(_ fields: Fields) throws -> VariantDictionary {
        let message = try OutgoingMessage.methodReturn()
        var writer = MessageWriter(appendingTo: message.raw, maximumSize: 1 << 20)
        try fields.append(to: &writer)
        // The reference goes to what is read.
        _ = Unmanaged.passRetained(message)
        return try Message(adopting: message.raw).read(VariantDictionary.self)
    }
}
