/// A set of codes of one byte, such as opcodes or log page identifiers.
public struct CodeSet: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The empty set.
    public init() {}

    /// The codes for which something is true.
    init(where isMember: (UInt8) -> Bool) {
        for code in UInt8.min...UInt8.max where isMember(code) { insert(code) }
    }

    /// Whether a code is in the set.
    public func contains(_ code: UInt8) -> Bool { word(code) & Self.bit(code) != 0 }

    /// Whether there is none.
    public var isEmpty: Bool { words == (0, 0, 0, 0) }

    /// The codes, in their order.
    public var codes: [UInt8] { (UInt8.min...UInt8.max).filter(contains) }

    mutating func insert(_ code: UInt8) {
        switch code >> 6 {
        case 0: words.0 |= Self.bit(code)
        case 1: words.1 |= Self.bit(code)
        case 2: words.2 |= Self.bit(code)
        default: words.3 |= Self.bit(code)
        }
    }

    private func word(_ code: UInt8) -> UInt64 {
        switch code >> 6 {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: words.3
        }
    }

    private static func bit(_ code: UInt8) -> UInt64 { 1 << UInt64(code & 63) }

    /// Equal when they have the same codes.
    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    /// Feeds the codes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
