/// How many of something there are.
public indirect enum ItemCount: Sendable {
    /// Always as many; fewer when the bytes end before.
    case fixed(Int)
    /// As the structure tells.
    case told(ToldCount)
    /// As many as the bytes are enough for.
    case toEnd
    /// As many as are not zero.
    case untilZero
    /// Both together.
    case sum(ItemCount, ItemCount)

    /// As many as a little-endian integer says.
    ///
    /// - Parameters:
    ///   - offset: Where the integer is.
    ///   - size: Its bytes.
    ///   - plus: What is to be added to it.
    ///   - times: What the sum is to be multiplied with.
    ///   - limit: How many there are at most.
    ///   - none: The number that stands for none.
    /// - Returns: The count.
    public static func told(
        at offset: Int,
        _ size: Int,
        plus: Int = 0,
        times: Int = 1,
        limit: Int = .max,
        none: UInt64? = nil
    ) -> Self {
        .told(
            ToldCount(
                offset: offset,
                size: size,
                plus: plus,
                times: times,
                limit: limit,
                none: none
            )
        )
    }
}

/// A number of things that a structure tells.
public struct ToldCount: Sendable {
    let offset: Int
    let size: Int
    let plus: Int
    let times: Int
    let limit: Int
    let none: UInt64?
}

extension RecordView {
    /// What a count says, never negative.
    func resolve(_ count: ItemCount) -> Int {
        switch count {
        case .fixed(let number): return number
        case .toEnd, .untilZero: return .max
        case .sum(let one, let other):
            let (sum, isTooMuch) = resolve(one).addingReportingOverflow(resolve(other))
            return isTooMuch ? .max : sum
        case .told(let count):
            if let none = count.none, number(at: count.offset, count.size) == none { return 0 }
            let (number, isTooMuch) = (int(at: count.offset, count.size) &+ count.plus)
                .multipliedReportingOverflow(by: count.times)
            return max(0, min(isTooMuch ? .max : number, count.limit))
        }
    }
}
