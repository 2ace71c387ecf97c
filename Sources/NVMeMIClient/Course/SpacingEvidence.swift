/// What speaks for and against a drive losing requests that come too soon.
///
/// A drive that loses some by chance loses repetitions as well, however late they come. One that needs a distance
/// answers all repetitions that keep it, and now and then a request that seems to come too soon: on a busy machine it
/// comes later than it was sent. So neither a loss nor an answer proves anything alone. What counts is how unlikely it
/// would be by chance that so many repetitions were answered, as often as requests are lost that come as soon as the
/// lost ones or sooner.
struct SpacingEvidence {
    private struct Tally {
        var lost: UInt8 = 0
        var answered: UInt8 = 0
    }

    /// Fewer losses prove nothing.
    private static let fewestLosses = 2
    /// What is too unlikely to be chance.
    private static let chance = 1.0 / 128
    /// The most that is remembered of a distance: then what was long ago counts half.
    private static let most: UInt8 = 48
    /// Below 2^16 nanoseconds, and each up to twice as much, to 16.8 ms.
    private static let distances = 9

    private var tallies = [Tally](repeating: Tally(), count: distances)

    /// True when there is a distance below which losses are no chance.
    var isEnough: Bool {
        var lost = 0
        var answered = 0
        return tallies.contains { tally in
            lost += Int(tally.lost)
            answered += Int(tally.answered)
            guard lost >= Self.fewestLosses else { return false }
            let usual = Double(answered) / Double(lost + answered)
            return (0..<lost).reduce(1.0) { likelihood, _ in likelihood * usual } <= Self.chance
        }
    }

    /// A command was answered that was sent at a distance, in nanoseconds, from the drive's last message.
    mutating func noteAnswered(at distance: Int64) { add(\.answered, at: distance) }

    /// A command was lost that was sent at a distance, and its repetition at a longer one was answered.
    mutating func noteHelped(at distance: Int64) { add(\.lost, at: distance) }

    /// A repetition was lost as well: what helped before did so by chance, or the drive needs a longer distance.
    mutating func noteLostAgain() {
        for index in tallies.indices { tallies[index].lost = 0 }
    }

    private mutating func add(_ kind: WritableKeyPath<Tally, UInt8>, at distance: Int64) {
        let magnitude = max(distance, 0) >> 16
        let index = magnitude.bitWidth - magnitude.leadingZeroBitCount
        guard index < Self.distances else { return }
        tallies[index][keyPath: kind] += 1
        if tallies[index].lost + tallies[index].answered > Self.most {
            tallies[index].lost /= 2
            tallies[index].answered /= 2
        }
    }
}
