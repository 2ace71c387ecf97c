/// A bounds-checked view of received bytes: what decodes fields gets at bytes by this alone.
///
/// Reading beyond the end throws `DecodingError` and never traps, whatever the bytes, offsets and counts are.
/// All multi-byte integers are little-endian, as everywhere in NVMe and NVMe-MI.
public struct ByteReader: Sendable {
    /// What the bytes are; the subject of every error.
    public let subject: String

    /// Offset of the next sequential read from the first byte.
    public private(set) var position = 0

    private let bytes: [UInt8]

    /// Reads `bytes`, naming them `subject` in errors.
    public init(_ bytes: [UInt8], subject: String) {
        self.bytes = bytes
        self.subject = subject
    }

    /// Number of bytes altogether.
    public var count: Int { bytes.count }

    /// Number of bytes after the current position.
    public var remaining: Int { bytes.count - position }

    /// The next unsigned integer; moves behind it.
    public mutating func read<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type,
        _ field: String
    ) throws(DecodingError) -> Value {
        let value = try integer(type, at: position, field)
        position += Value.bitWidth / 8
        return value
    }

    /// The next `count` bytes; moves behind them.
    public mutating func readBytes(_ count: Int, _ field: String) throws(DecodingError) -> [UInt8] {
        let value = try bytes(at: position, count: count, field)
        position += count
        return value
    }

    /// Moves `count` bytes on.
    public mutating func skip(_ count: Int, _ field: String) throws(DecodingError) {
        try check(at: position, count: count, field)
        position += count
    }

    /// Everything after the current position; moves to the end.
    public mutating func readRemaining() -> [UInt8] {
        let value = Array(bytes[position...])
        position = bytes.count
        return value
    }

    /// The unsigned integer at an offset from the first byte.
    public func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type,
        at offset: Int,
        _ field: String
    ) throws(DecodingError) -> Value {
        try check(at: offset, count: Value.bitWidth / 8, field)
        var value: Value = 0
        for index in (offset..<offset + Value.bitWidth / 8).reversed() {
            value = value &<< 8 | Value(truncatingIfNeeded: bytes[index])
        }
        return value
    }

    /// The bytes at an offset from the first byte.
    public func bytes(at offset: Int, count: Int, _ field: String) throws(DecodingError) -> [UInt8]
    {
        try check(at: offset, count: count, field)
        return Array(bytes[offset..<offset + count])
    }

    /// Calls with all bytes from an offset on, none when it lies beyond them: for loops over declared places, which are
    /// compared with the number of bytes once instead of for each.
    func withBytes<Result>(from offset: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[min(max(offset, 0), $0.count)...]))
        }
    }

    /// What is wrong with bytes that are not refused for it.
    func oddity(_ field: String, offset: Int, expected: String, got: String) -> DecodingError {
        DecodingError(
            subject: subject,
            field: field,
            offset: offset,
            expected: expected,
            got: got
        )
    }

    /// The error of a field for which there are too few bytes.
    func lack(_ wanted: Int, at offset: Int, _ field: String) -> DecodingError {
        oddity(
            field,
            offset: offset,
            expected: byteCount(wanted),
            got: "\(byteCount(max(0, bytes.count - max(0, offset)))) before the end"
        )
    }

    private func check(at offset: Int, count wanted: Int, _ field: String) throws(DecodingError) {
        if offset < 0 || wanted < 0 || offset > bytes.count || wanted > bytes.count - offset {
            throw lack(wanted, at: offset, field)
        }
    }
}
