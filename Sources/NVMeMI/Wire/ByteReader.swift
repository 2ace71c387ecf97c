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

    /// Up to 128 bits counted little-endian from bit 0 of the first byte.
    func bits(_ position: BitPosition, _ field: String) throws(DecodingError) -> UInt128 {
        try check(at: position.firstByte, count: position.byteCount, field)
        let end = position.firstByte + position.byteCount
        // Nearly every field lies within eight bytes, and processors have 64 bits.
        guard position.byteCount > 8 else {
            var value: UInt64 = 0
            var index = end
            while index > position.firstByte {
                index -= 1
                value = value &<< 8 | UInt64(bytes[index])
            }
            return UInt128(value &>> UInt64(position.shift) & position.shortMask)
        }
        var value: UInt128 = 0
        var shift = -position.shift
        for index in position.firstByte..<end {
            // A smart shift: the first byte moves right by the bits before the field, later ones left.
            value |= UInt128(bytes[index]) << shift
            shift += 8
        }
        return value & position.mask
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

    private func check(at offset: Int, count wanted: Int, _ field: String) throws(DecodingError) {
        if offset < 0 || wanted < 0 || offset > bytes.count || wanted > bytes.count - offset {
            throw DecodingError(
                subject: subject,
                field: field,
                offset: offset,
                expected: byteCount(wanted),
                got: "\(byteCount(max(0, bytes.count - max(0, offset)))) before the end"
            )
        }
    }
}
