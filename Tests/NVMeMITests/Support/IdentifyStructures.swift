import NVMeMI
import XCTest

extension XCTestCase {
    /// All values of a structure, which are encoded to the same bytes again.
    func decodeStructure(
        _ code: UInt8,
        ioCommandSet: UInt8 = 0,
        _ data: [UInt8],
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> FieldValue {
        let structure = IdentifyStructure(rawValue: code)
        let declaration = try XCTUnwrap(
            IdentifyStructures.find(structure, ioCommandSet: ioCommandSet)
        )
        let decoded = try declaration.decode(data)
        XCTAssertEqual(decoded.leftOut, [], file: file, line: line)
        let again = try declaration.description.encode(decoded.values)
        XCTAssertEqual(again, Array(data.prefix(again.count)), file: file, line: line)
        XCTAssertTrue(data.dropFirst(again.count).allSatisfy { $0 == 0 }, file: file, line: line)
        return .dictionary(decoded.values)
    }
}
