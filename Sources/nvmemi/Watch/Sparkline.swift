/// The last temperatures of a drive as a row of bars between what is cool and what is critical.
struct Sparkline: Equatable, Sendable {
    private(set) var values: [Int] = []
    private let length: Int

    init(length: Int) { self.length = length }

    /// Takes the next value; the oldest goes when there are too many.
    mutating func add(_ value: Int) {
        values.append(value)
        if values.count > length { values.removeFirst(values.count - length) }
    }

    /// A bar for each value: the lowest for `range.lowerBound` and less, the highest for its upper bound and more.
    func text(in range: ClosedRange<Int>, _ glyphs: Glyphs) -> String {
        let bars = glyphs.bars
        let span = max(1, range.upperBound - range.lowerBound)
        return String(
            values.map { value in
                let step = (value - range.lowerBound) * (bars.count - 1) / span
                return bars[min(bars.count - 1, max(0, step))]
            }
        )
    }

    /// Between which temperatures a drive's bars grow: up to its own thresholds, where it has any.
    static func range(of drive: DriveSummary) -> ClosedRange<Int> {
        let top = drive.criticalTemperature ?? drive.warningTemperature ?? 85
        return min(20, top - 1)...top
    }
}
