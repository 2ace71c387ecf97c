import NVMeMI
import XCTest

/// What holds for all log pages, Identify structures and features that are declared, whatever a drive sends.
final class RegistryPropertyTests: XCTestCase {
    func testNamesAndIdentifiersAreUnique() {
        let pages = LogPages.all
        XCTAssertEqual(Set(pages.map(\.name)).count, pages.count)
        XCTAssertEqual(Set(pages.map(\.identifier)).count, pages.count)
        for page in pages {
            XCTAssertEqual(LogPages.find(page.identifier)?.name, page.name)
            XCTAssertEqual(LogPages.find(name: page.name)?.identifier, page.identifier)
            XCTAssertNotNil(page.identifier.name, page.name)
        }
        let features = Features.all
        XCTAssertEqual(Set(features.map(\.name)).count, features.count)
        for feature in features {
            XCTAssertEqual(Features.find(feature.identifier)?.name, feature.name)
            XCTAssertEqual(Features.find(name: feature.name)?.identifier, feature.identifier)
            XCTAssertNotNil(feature.identifier.name, feature.name)
        }
        let structures = IdentifyStructures.all
        XCTAssertEqual(Set(structures.map(\.name)).count, structures.count)
        for structure in structures {
            XCTAssertNotNil(structure.structure.name, structure.name)
            XCTAssertEqual(
                IdentifyStructures.find(
                    structure.structure,
                    ioCommandSet: structure.ioCommandSet ?? 0
                )?.name,
                structure.name
            )
        }
    }

    func testNamesAreSingleWords() {
        let names =
            LogPages.all.map(\.name) + Features.all.map(\.name) + IdentifyStructures.all.map(\.name)
        for name in names {
            XCTAssertTrue(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }, name)
            XCTAssertTrue(name.first?.isUppercase ?? false, name)
        }
    }

    func testNamesAreFoundInAnySpelling() {
        XCTAssertEqual(LogPages.find(name: "device-self-test")?.identifier, .deviceSelfTest)
        XCTAssertEqual(LogPages.find(name: "Device Self-test")?.identifier, .deviceSelfTest)
        XCTAssertEqual(
            Features.find(name: "temperature_threshold")?.identifier,
            .temperatureThreshold
        )
        XCTAssertNil(LogPages.find(name: ""))
        XCTAssertNil(LogPages.find(name: "DeviceSelf"))
    }

    func testAnyBytesAreDecodedOrRefused() {
        var generator = Generator(seed: 0x1DEA)
        for thing in AnyDescription.all {
            for round in 0..<90 {
                // Short ones of every length, some as long as the longest.
                let length = round < 80 ? round : generator.below(5000)
                var data = generator.bytes(length)
                // Small numbers are counts and lengths that fit, which random ones seldom do.
                if round % 2 == 0 { data = data.map { $0 & 0x13 } }
                if round % 8 == 1 { data = data.map { $0 | 0xC8 } }
                do throws(NVMeMI.DecodingError) {
                    let decoded = try thing.description.decode(data)
                    XCTAssertLessThan(decoded.leftOut.count, 100)
                } catch {
                    XCTAssertFalse(error.description.isEmpty)
                    XCTAssertFalse(error.field.isEmpty, thing.name)
                }
            }
        }
    }

    /// Lists are compared where bytes are written down: random ones tell of more elements than there are.
    func testWhatIsDecodedIsEncodedTheSame() throws {
        var generator = Generator(seed: 0xB0B)
        for thing in AnyDescription.all where thing.description.isEncodable {
            var compared = 0
            for _ in 0..<16 where compared < 4 {
                let data = generator.bytes(4096).map { $0 & 0x13 }
                let values = try thing.description.decode(data).values
                // A count from zero cannot tell that there is none.
                guard let recoded = try? thing.description.encode(values) else { continue }
                compared += 1
                let again = try thing.description.decode(recoded).values
                XCTAssertEqual(
                    FieldValue.dictionary(again.withoutLists),
                    .dictionary(values.withoutLists),
                    thing.name
                )
            }
            XCTAssertGreaterThan(compared, 0, thing.name)
        }
    }

    func testEveryPageIsReadToAnEnd() {
        var generator = Generator(seed: 0xE4D)
        for page in LogPages.all {
            for _ in 0..<4 {
                // A page that asks for more and more is asked until it has a mebibyte.
                var data = generator.bytes(Int(page.extent.beginning)).map { $0 & 0x07 }
                var rounds = 0
                while true {
                    let wanted = page.extent.length(after: data)
                    XCTAssertGreaterThanOrEqual(wanted, UInt64(page.extent.beginning), page.name)
                    if wanted <= UInt64(data.count) || data.count > 1 << 14 { break }
                    data += generator.bytes(Int(min(wanted - UInt64(data.count), 4096)))
                        .map { $0 & 0x07 }
                    rounds += 1
                }
                XCTAssertLessThanOrEqual(rounds, 40, page.name)
                _ = page.change(in: data)
            }
        }
    }
}

extension [NamedValue] {
    fileprivate var withoutLists: [NamedValue] {
        filter {
            switch $0.value {
            case .list, .dictionary: false
            // Follows from a list.
            default: $0.name != "TotalNumberOfEvents"
            }
        }
    }
}
