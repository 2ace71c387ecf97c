/// Bytes from hexadecimal text, as frames are written in documents: `"7e 01 07"`.
///
/// - Parameter text: Pairs of hexadecimal digits; white space between them does not matter.
/// - Returns: The bytes.
public func bytes(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.map { digit in
        guard let value = digit.hexDigitValue else {
            preconditionFailure("not hexadecimal: \(digit)")
        }
        return UInt8(value)
    }
    precondition(digits.count.isMultiple(of: 2), "half a byte in \(text)")
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// Hexadecimal text of bytes: what ``bytes(_:)`` reads.
///
/// - Parameter bytes: The bytes.
/// - Returns: Two digits for each, with spaces between.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: " ")
}
