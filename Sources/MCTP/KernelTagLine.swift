internal import EventLoop

/// Exchanges that wait for a message tag, none being left in the set from which they take theirs.
///
/// Endpoints take turns, the one that was served longest ago first; the exchanges of one endpoint are served in
/// the order in which they came.
@LoopActor
struct KernelTagLine {
    private var waiting: [ExchangeRecord] = []
    /// The turn in which an endpoint was last served; of those that were served while others waited.
    private var lastTurn: [EndpointAddress: UInt64] = [:]
    private var turn: UInt64 = 0

    var isEmpty: Bool { waiting.isEmpty }

    func contains(_ record: ExchangeRecord) -> Bool { waiting.contains { $0 === record } }

    /// Puts an exchange in line, unless it is there.
    mutating func append(_ record: ExchangeRecord) {
        if !contains(record) { waiting.append(record) }
    }

    /// The exchange whose turn it is.
    ///
    /// - Parameter isConcerned: Whether an endpoint takes its tags from the set in question.
    /// - Returns: The exchange; nil when none waits.
    func next(where isConcerned: (EndpointAddress) -> Bool) -> ExchangeRecord? {
        waiting.filter { isConcerned($0.address) }
            .min { (lastTurn[$0.address] ?? 0) < (lastTurn[$1.address] ?? 0) }
    }

    /// Takes an exchange out that has its tag now.
    mutating func serve(_ record: ExchangeRecord) {
        guard contains(record) else { return }
        turn += 1
        lastTurn[record.address] = turn
        remove(record)
    }

    /// Takes an exchange out that waits no longer.
    mutating func remove(_ record: ExchangeRecord) {
        waiting.removeAll { $0 === record }
        if waiting.isEmpty { lastTurn = [:] }
    }

    mutating func removeAll() {
        waiting = []
        lastTurn = [:]
    }
}
