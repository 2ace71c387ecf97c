/// The commands that read a log page of any length, in order.
///
/// A message has at most 4096 bytes of data, so a longer page is read in pieces by advancing the log page offset. Every
/// command but the last retains the asynchronous event, where the page has one, so that it is acknowledged only when the
/// whole page was read. A piece that comes back shorter than asked for ends the page; `LogPageReading` puts them together.
///
/// A controller without log page offsets produces the whole page for each command, of which the data offset of NVMe-MI
/// selects the piece. Many devices refuse that offset, and none produces more than `limitWithoutOffset` bytes.
public struct LogPagePlan: Sequence, Sendable {
    /// The most bytes of a page that a controller without log page offsets can produce: its dwords are counted in 12 bits.
    public static let limitWithoutOffset: UInt64 = 0x1000 * 4

    /// Bytes that the commands ask for, not rounded; fewer than were wished when the controller cannot produce more.
    public let length: UInt64

    /// True when the pieces are selected by the data offset of the message.
    public let usesDataOffset: Bool

    private let template: GetLogPage
    private let abilities: LogPageAbilities
    private let pieceLength: UInt32

    /// Plans to read a page.
    ///
    /// - Parameters:
    ///   - template: Says which page of which controller and with which selectors; its offset is where reading starts, its
    ///     length is ignored, and whether it retains the asynchronous event counts for the last command.
    ///   - length: Bytes to read; the last piece is rounded up to a multiple of 4.
    ///   - pieceLength: The most bytes in one command; a multiple of 4, from 4 to 4096.
    ///   - abilities: What Get Log Page can do on the controller.
    /// - Throws: `ArgumentError` when it cannot be done: nothing to read, an offset or piece that is not a multiple of 4,
    ///   an end beyond 64 bits, an index as offset with more than one piece, or an offset that the controller ignores.
    public init(
        _ template: GetLogPage,
        length: UInt64,
        pieceLength: UInt32 = AdminMessage.maximumDataLength,
        abilities: LogPageAbilities = .all
    ) throws(ArgumentError) {
        self.template = template
        self.abilities = abilities
        self.pieceLength = pieceLength
        self.length = abilities.hasOffset ? length : Swift.min(length, Self.limitWithoutOffset)
        usesDataOffset = !abilities.hasOffset && self.length > UInt64(pieceLength)

        var piece = template
        piece.dataOffset = 0
        piece.length = pieceLength
        try piece.validate()
        if let wrong = Self.fault(of: template, length: length, pieceLength, abilities) {
            throw ArgumentError(
                command: GetLogPage.declaration.name,
                field: wrong.field,
                expected: wrong.expected,
                got: wrong.got
            )
        }
    }

    private static func fault(
        of template: GetLogPage,
        length: UInt64,
        _ pieceLength: UInt32,
        _ abilities: LogPageAbilities
    ) -> (field: String, expected: String, got: String)? {
        guard length > 0 else { return ("length", "at least 1 byte", "0") }
        if !abilities.hasOffset, template.offset != 0 || template.isOffsetIndex {
            return (
                "log page offset", "0, as the controller has no log page offset",
                "\(template.offset)"
            )
        }
        // Room for the rounding as well.
        let start = template.isOffsetIndex ? 0 : template.offset
        guard length <= UInt64.max - 3, start <= UInt64.max - 3 - length else {
            return ("length", "an end below 2^64", "\(length) from byte \(template.offset)")
        }
        guard !template.isOffsetIndex || length <= UInt64(pieceLength) else {
            let expected = "at most \(pieceLength) bytes when the offset is an index"
            return ("length", expected, "\(length)")
        }
        return nil
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
            let command = plan.command(from: done)
            done += Swift.min(plan.length - done, UInt64(plan.pieceLength))
            return command
        }
    }

    private func command(from done: UInt64) -> GetLogPage {
        let wanted = Swift.min(length - done, UInt64(pieceLength))
        // What the controller is to do beside, it does with the first.
        var command = done == 0 ? template : template.withoutAction
        command.length = UInt32(clamping: Self.rounded(wanted))
        if usesDataOffset {
            command.dwordsLessOne = UInt32(clamping: Self.rounded(length) / 4 - 1)
            command.dataOffset = UInt32(clamping: done)
        } else {
            command.dataOffset = 0
            command.offset = template.offset &+ done
        }
        let isLast = length - done <= UInt64(pieceLength)
        return command.retainingEvents(
            !isLast || template.retainsAsynchronousEvent,
            with: abilities
        )
    }

    /// The one command that reads as much as fits into a message, for a device that refuses the data offset.
    var beginning: GetLogPage {
        var command = template
        command.dataOffset = 0
        command.length = UInt32(clamping: Self.rounded(Swift.min(length, UInt64(pieceLength))))
        return command.retainingEvents(template.retainsAsynchronousEvent, with: abilities)
    }

    private static func rounded(_ length: UInt64) -> UInt64 { (length + 3) / 4 * 4 }
}
