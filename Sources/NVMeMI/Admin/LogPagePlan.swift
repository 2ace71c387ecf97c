/// The commands that read a log page of any length, in order.
///
/// A message has at most 4096 bytes of data, so a longer page is read in pieces by advancing the log page offset;
/// devices refuse the data offset of NVMe-MI for it. Every command but the last retains the asynchronous event, so that
/// it is acknowledged only when the whole page was read. A piece that comes back shorter than asked for ends the page.
public struct LogPagePlan: Sequence, Sendable {
    private let template: GetLogPage
    private let start: UInt64
    private let length: UInt64
    private let pieceLength: UInt32

    /// Plans to read a page.
    ///
    /// - Parameters:
    ///   - template: Says which page of which controller and with which selectors; its offset is where reading starts, its
    ///     length is ignored, and whether it retains the asynchronous event counts for the last command.
    ///   - length: Bytes to read; the last piece is rounded up to a multiple of 4.
    ///   - pieceLength: The most bytes in one command; a multiple of 4, from 4 to 4096.
    /// - Throws: `ArgumentError` when it cannot be done: nothing to read, an offset or piece that is not a multiple of 4,
    ///   an end beyond 64 bits, or an index as offset with more than one piece.
    public init(
        _ template: GetLogPage,
        length: UInt64,
        pieceLength: UInt32 = AdminMessage.maximumDataLength
    ) throws(ArgumentError) {
        self.template = template
        self.start = template.offset
        self.length = length
        self.pieceLength = pieceLength

        var piece = template
        piece.dataOffset = 0
        piece.length = pieceLength
        try piece.validate()
        guard length > 0 else {
            throw Self.invalid("length", expected: "at least 1 byte", got: "0")
        }
        // Room for the rounding as well.
        guard length <= UInt64.max - 3, start <= UInt64.max - 3 - length || template.isOffsetIndex
        else {
            throw Self.invalid(
                "length",
                expected: "an end below 2^64",
                got: "\(length) from byte \(start)"
            )
        }
        if template.isOffsetIndex, length > UInt64(pieceLength) {
            throw Self.invalid(
                "length",
                expected: "at most \(pieceLength) bytes when the offset is an index",
                got: "\(length)"
            )
        }
    }

    /// The number of commands.
    public var underestimatedCount: Int {
        Int(clamping: (length - 1) / UInt64(pieceLength) + 1)
    }

    /// The commands in order.
    public func makeIterator() -> Iterator { Iterator(plan: self) }

    /// Makes one command after the other.
    public struct Iterator: IteratorProtocol, Sendable {
        fileprivate let plan: LogPagePlan
        private var done: UInt64 = 0

        fileprivate init(plan: LogPagePlan) { self.plan = plan }

        /// The next command, nil after the last.
        public mutating func next() -> GetLogPage? {
            guard done < plan.length else { return nil }
            let wanted = Swift.min(plan.length - done, UInt64(plan.pieceLength))
            var command = plan.template
            command.dataOffset = 0
            command.length = UInt32(clamping: (wanted + 3) / 4 * 4)
            command.offset = plan.start &+ done
            done += wanted
            if done < plan.length { command.retainsAsynchronousEvent = true }
            return command
        }
    }

    private static func invalid(_ field: String, expected: String, got: String) -> ArgumentError {
        ArgumentError(
            command: GetLogPage.declaration.name,
            field: field,
            expected: expected,
            got: got
        )
    }
}
