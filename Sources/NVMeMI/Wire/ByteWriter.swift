/// Collects the bytes of a message or structure; the counterpart of `ByteReader`.
///
/// All multi-byte integers are written little-endian.
public struct ByteWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8]

    /// An empty writer with room for `capacity` bytes.
    public init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Number of bytes written so far.
    public var count: Int { bytes.count }

    /// Appends an unsigned integer.
    public mutating func append<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Appends bytes as they are.
    public mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// Appends `count` zero bytes; none when `count` is not positive.
    public mutating func append(zeros count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: max(0, count)))
    }

    /// Replaces bytes that were written before.
    ///
    /// - Precondition: the place lies within what was written. Places come from declared layouts, never from input.
    mutating func replace(at offset: Int, with replacement: some Sequence<UInt8>) {
        var index = offset
        for byte in replacement {
            bytes[index] = byte
            index += 1
        }
    }

    /// Calls with all bytes from an offset on, none when it lies beyond them.
    mutating func withBytes(from offset: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
        bytes.withUnsafeMutableBytes {
            body(UnsafeMutableRawBufferPointer(rebasing: $0[min(max(offset, 0), $0.count)...]))
        }
    }
}
