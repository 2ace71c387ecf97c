/// A structure under construction: zeroes, into which values are put by their offsets.
///
/// The simulated drive writes its structures by the numbers of the specification instead of by the declarations that
/// the bridge reads them with, so that the two can disagree where one of them is wrong.
struct ByteImage {
    private(set) var bytes: [UInt8]

    init(size: Int) { bytes = Array(repeating: 0, count: size) }

    /// Puts an integer, least significant byte first.
    mutating func put(_ value: some FixedWidthInteger & UnsignedInteger, at offset: Int) {
        put(littleEndian(value), at: offset)
    }

    /// Puts text, filled with spaces to a width.
    mutating func put(_ text: String, at offset: Int, width: Int) {
        let text = text.utf8.prefix(width)
        put(Array(text) + Array(repeating: 0x20, count: width - text.count), at: offset)
    }

    /// Puts bytes; the image grows where they end beyond it.
    mutating func put(_ replacement: [UInt8], at offset: Int) {
        let end = offset + replacement.count
        if end > bytes.count { bytes += Array(repeating: 0, count: end - bytes.count) }
        bytes.replaceSubrange(offset..<end, with: replacement)
    }

    mutating func append(_ more: [UInt8]) { bytes += more }
}

/// The bytes of an integer, least significant first.
func littleEndian<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> [UInt8] {
    stride(from: 0, to: Value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
}
