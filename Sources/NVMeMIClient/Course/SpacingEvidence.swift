/// What speaks for and against a drive losing requests that come too soon.
///
/// A drive that loses some by chance, however late they come, answers most that come as soon as the lost ones. And one
/// that needs a distance seems to answer a request that came too soon, now and then: on a busy machine it comes later
/// than it was sent. So neither a loss nor an answer proves anything alone; they are weighed, by distance. What was
/// long ago is outweighed in the end, for no distance has a weight beyond a limit.
struct SpacingEvidence {
    /// What the losses at up to some distance have to weigh more than the answers.
    private static let proof = 2
    /// The most that is remembered of a distance: losses by chance do not come so often in a row.
    private static let limit: Int8 = 12
    /// Below 2^16 nanoseconds, and each up to twice as much, to 16.8 ms.
    private static let distances = 9

    /// For each distance the losses less the answers.
    private var weights = [Int8](repeating: 0, count: distances)

    /// True when there is a distance below which more is lost than answered.
    var isEnough: Bool {
        var sum = 0
        return weights.contains { weight in
            sum += Int(weight)
            return sum >= Self.proof
        }
    }

    /// What speaks for losses up to a distance, of the same magnitude.
    func weight(below distance: Int64) -> Int {
        weights.prefix(through: min(Self.index(distance), Self.distances - 1)).reduce(0) {
            $0 + Int($1)
        }
    }

    /// A command was answered that was sent at a distance, in nanoseconds, from the drive's last message.
    mutating func noteAnswered(at distance: Int64) { add(-1, at: distance) }

    /// A command was lost that was sent at a distance, and its repetition at a longer one was answered.
    mutating func noteLost(at distance: Int64) { add(1, at: distance) }

    private mutating func add(_ weight: Int8, at distance: Int64) {
        let index = Self.index(distance)
        guard index < Self.distances else { return }
        weights[index] = min(max(weights[index] + weight, -Self.limit), Self.limit)
    }

    private static func index(_ distance: Int64) -> Int {
        (max(distance, 0) >> 16).bitWidth - (max(distance, 0) >> 16).leadingZeroBitCount
    }
}
