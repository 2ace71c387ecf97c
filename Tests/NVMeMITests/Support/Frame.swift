import NVMeMI
import XCTest

/// Bytes written as the standards print them: hexadecimal pairs with any white space between.
func bytes(_ text: String, file: StaticString = #filePath, line: UInt = #line) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }
    XCTAssertTrue(digits.count % 2 == 0, "odd number of digits", file: file, line: line)
    var result: [UInt8] = []
    var index = digits.startIndex
    while index < digits.endIndex,
        let next = digits.index(index, offsetBy: 2, limitedBy: digits.endIndex)
    {
        guard let byte = UInt8(digits[index..<next], radix: 16) else {
            XCTFail("\(digits[index..<next]) is not hexadecimal", file: file, line: line)
            return []
        }
        result.append(byte)
        index = next
    }
    return result
}

/// Bytes as text, to compare with a literal and get a readable difference.
func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}

/// A message from the type byte on with its integrity check, computed bit by bit and not by the module's tables.
func sealed(_ text: String, file: StaticString = #filePath, line: UInt = #line) -> [UInt8] {
    sealed(bytes(text, file: file, line: line))
}

/// A message from the type byte on with its integrity check.
func sealed(_ message: [UInt8]) -> [UInt8] {
    let check = bitwiseCheck(message)
    return message + (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) }
}

/// CRC-32C one bit at a time.
func bitwiseCheck(_ bytes: [UInt8]) -> UInt32 {
    var check = UInt32.max
    for byte in bytes {
        check ^= UInt32(byte)
        for _ in 0..<8 { check = check >> 1 ^ (check & 1 == 1 ? 0x82F6_3B78 : 0) }
    }
    return ~check
}

/// Asserts that a command makes exactly this request, and that a device reads the same command out of it.
func assertRequest<C: Command & Equatable>(
    _ command: C,
    slot: CommandSlot = .zero,
    _ literal: String,
    file: StaticString = #filePath,
    line: UInt = #line
) {
    let frame = bytes(literal)
    XCTAssertEqual(text(command.encode(slot: slot)), text(frame), file: file, line: line)
    do {
        let request = try Request.parse(frame)
        XCTAssertEqual(request.slot, slot, file: file, line: line)
        XCTAssertEqual(try C(request: request), command, file: file, line: line)
    } catch {
        XCTFail("\(error)", file: file, line: line)
    }
}

/// Asserts that a body throws the error that is expected.
func assertThrows<E: Error & Equatable>(
    _ expected: E,
    file: StaticString = #filePath,
    line: UInt = #line,
    _ body: () throws -> some Any
) {
    XCTAssertThrowsError(try body(), file: file, line: line) { error in
        XCTAssertEqual(error as? E, expected, "\(error)", file: file, line: line)
    }
}
