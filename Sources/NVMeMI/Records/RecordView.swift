/// The bytes of one `Record`, for what depends on them: never beyond their end, whatever is asked for.
public struct RecordView: Sendable {
    let reader: ByteReader
    /// Where the record begins.
    let base: Int
    /// Where its bytes end.
    let end: Int

    init(_ reader: ByteReader, from base: Int = 0, to end: Int? = nil) {
        self.reader = reader
        self.end = min(max(end ?? reader.count, 0), reader.count)
        self.base = min(max(base, 0), self.end)
    }

    /// A view of bytes.
    public init(_ bytes: [UInt8]) { self.init(ByteReader(bytes, subject: "bytes")) }

    /// Number of bytes.
    public var count: Int { end - base }

    /// The little-endian integer of `size` bytes at an offset, at most 8; 0 when it is not all there.
    public func number(at offset: Int, _ size: Int) -> UInt64 {
        guard offset >= 0, 1...8 ~= size, offset <= count, size <= count - offset else { return 0 }
        return UInt64(
            truncatingIfNeeded: reader.withBytes(from: base) {
                $0.bits(0, UInt16(size * 8), skipping: offset)
            }
        )
    }

    /// The same as an `Int`, at most FFFFFFh: what follows from it fits into 32 bits.
    public func int(at offset: Int, _ size: Int) -> Int {
        Int(min(number(at: offset, size), 0xFF_FFFF))
    }

    /// The bytes from an offset on, `count` of them or as many as there are.
    public func bytes(at offset: Int, _ count: Int = .max) -> [UInt8] {
        let start = min(max(offset, 0), self.count)
        let length = min(max(count, 0), self.count - start)
        return (try? reader.bytes(at: base + start, count: length, "")) ?? []
    }

    /// The view of a part that begins at an offset and ends with the whole, or after `count` bytes.
    func part(at offset: Int, _ count: Int = .max) -> RecordView {
        let start = base + min(max(offset, 0), self.count)
        return RecordView(reader, from: start, to: start + min(max(count, 0), end - start))
    }
}
