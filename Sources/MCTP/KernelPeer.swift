internal import EventLoop

/// What the kernel's transport keeps of one endpoint: its exchanges, and its tags in use and at rest.
///
/// A response does not say which command it answers, so the tag is all that tells answers apart. The kernel
/// hands out the lowest free tag again at once. Therefore a tag rests, still reserved, when its exchange has
/// ended: an answer that comes twice or late finds nobody and is dropped. Tags are used in rotation, the
/// one that has rested longest first. A command waits until that has rested for a while, but only as long
/// as the transport has patience; and rather than none it gets one whose answer may still come.
@LoopActor
final class KernelPeer {
    /// Tags that may rest; other programs need some of the eight as well.
    static let restingLimit = 4
    /// Of the limit, those that stay for exchanges that are answered, so that these have two to rotate.
    private static let settledShare = 2
    /// How long a tag rests at least: longer than a bus needs to send a message again that it thinks lost.
    static let restTime = Duration.milliseconds(50)
    /// The same for an endpoint whose messages came late or twice not long ago.
    static let longRestTime = Duration.milliseconds(250)
    /// How long that is remembered.
    private static let memory = Duration.seconds(60)
    /// How long the endpoint is not used until it needs no tags at rest.
    static let idleTime = Duration.seconds(3)
    /// How long the tag of an exchange that had no answer stays out of use.
    nonisolated static let quarantine = Duration.seconds(10)

    /// A tag whose exchange has ended.
    struct RestingTag {
        let tag: KernelTagStore.ReservedTag
        /// When its exchange ended.
        let since: MonotonicInstant
        /// When it can be used again, if it is settled.
        let readyAt: MonotonicInstant
        /// Whether everything that was sent with it has been answered.
        let isSettled: Bool

        /// Until when something may come for it.
        var restsUntil: MonotonicInstant {
            isSettled ? readyAt : max(readyAt, since + KernelPeer.quarantine)
        }
    }

    /// What an exchange without a tag gets of those at rest.
    enum Turn {
        case take(RestingTag)
        case wait(until: MonotonicInstant)
    }

    /// Exchanges with a reserved tag, by the tag's number.
    private var open: [ExchangeRecord?] = Array(repeating: nil, count: 8)
    private var openCount = 0
    /// Exchanges whose tags the kernel chooses.
    private(set) var automatic: [ExchangeRecord] = []
    /// In the order in which their exchanges ended.
    private(set) var resting: [RestingTag] = []
    /// Messages that came from the endpoint and were dropped.
    private(set) var droppedMessages: UInt64 = 0
    private var lastDrop: MonotonicInstant?
    /// Numbers whose tags were released before they had rested, and how long something may come for them.
    private var unrested: [UInt8: MonotonicInstant] = [:]

    /// Whether it can be forgotten without a loss.
    var isBlank: Bool {
        droppedMessages == 0 && exchangeCount == 0 && resting.isEmpty && unrested.isEmpty
    }

    var exchangeCount: Int { openCount + automatic.count }

    var reservedTagCount: Int { openCount + resting.count }

    var exchanges: [ExchangeRecord] { open.compactMap(\.self) + automatic }

    subscript(tag: UInt8) -> ExchangeRecord? { open[Int(tag & 0x07)] }

    // MARK: Exchanges

    /// Takes an exchange in.
    ///
    /// - Returns: The exchange that had the same tag, if the kernel has dropped that by itself meanwhile.
    func add(_ record: ExchangeRecord) -> ExchangeRecord? {
        switch record.tag {
        case .reserved(let tag):
            let displaced = open[Int(tag.number)]
            if displaced == nil { openCount += 1 }
            open[Int(tag.number)] = record
            resting.removeAll { $0.tag.number == tag.number }
            return displaced
        case .automatic: automatic.append(record)
        case .pending, .none: break
        }
        return nil
    }

    func remove(_ record: ExchangeRecord) {
        switch record.tag {
        case .reserved(let tag):
            guard open[Int(tag.number)] === record else { return }
            open[Int(tag.number)] = nil
            openCount -= 1
        case .automatic: automatic.removeAll { $0 === record }
        case .pending, .none: break
        }
    }

    // MARK: Rest

    func noteDropped(_ count: Int = 1) {
        guard count > 0 else { return }
        droppedMessages += UInt64(count)
        lastDrop = EventLoop.main.now
    }

    func forgetDropped() {
        droppedMessages = 0
        lastDrop = nil
    }

    /// When the tag of an exchange that ends now can be used again.
    func readyTime(hasSent: Bool, at now: MonotonicInstant) -> MonotonicInstant {
        guard hasSent else { return now }
        let isPunctual = lastDrop.map { now - $0 > Self.memory } ?? true
        return now + (isPunctual ? Self.restTime : Self.longRestTime)
    }

    /// What an exchange without a tag gets of those at rest.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - noOther: Whether the kernel has no further one.
    ///   - cannotWait: Whether the exchange has waited for as long as it can.
    /// - Returns: A tag, or when there will be one; nil when a further one should be reserved.
    func turn(at now: MonotonicInstant, noOther: Bool, cannotWait: Bool) -> Turn? {
        var oldest: Int?
        var settled = 0
        for (index, tag) in resting.enumerated() where tag.isSettled {
            settled += 1
            if oldest == nil { oldest = index }
        }
        if !noOther, reservedTagCount < Self.restingLimit || settled < Self.settledShare {
            return nil
        }
        if let oldest {
            guard cannotWait || resting[oldest].readyAt <= now else {
                return .wait(until: resting[oldest].readyAt)
            }
            return .take(resting.remove(at: oldest))
        }
        // One whose answer may still come is better than no command at all.
        return resting.isEmpty ? nil : .take(resting.removeFirst())
    }

    /// Puts a tag to rest; returns the one that has to be released instead, if there are too many.
    func rest(_ tag: RestingTag) -> RestingTag? {
        resting.append(tag)
        guard resting.count > Self.restingLimit else { return nil }
        let unsettled = resting.count { !$0.isSettled }
        let mayKeep = Self.restingLimit - Self.settledShare
        return resting.remove(
            at: resting.firstIndex { $0.isSettled == (unsettled <= mayKeep) } ?? 0
        )
    }

    /// Takes the tag out that is missed least: one that has rested longest, else the one that has waited
    /// longest for its answer.
    func giveUpOldest() -> RestingTag? {
        guard let index = resting.firstIndex(where: \.isSettled) ?? resting.indices.first else {
            return nil
        }
        return resting.remove(at: index)
    }

    /// Notes that a tag is released though something may still come for it.
    func noteUnrested(_ tag: KernelTagStore.ReservedTag, until instant: MonotonicInstant) {
        guard instant > EventLoop.main.now else { return }
        unrested[tag.number] = max(unrested[tag.number] ?? instant, instant)
    }

    /// Numbers of which something may still come though nothing is held.
    func unrestedNumbers(at now: MonotonicInstant) -> Set<UInt8> {
        guard !unrested.isEmpty else { return [] }
        unrested = unrested.filter { $0.value > now }
        return Set(unrested.keys)
    }

    /// Whether the endpoint is not used any more, so that tags at rest are of no use.
    func isIdle(at now: MonotonicInstant) -> Bool {
        openCount == 0 && resting.last.map { now - $0.since >= Self.idleTime } ?? true
    }

    /// Takes tags at rest out.
    func take(where condition: (RestingTag) -> Bool) -> [RestingTag] {
        defer { resting.removeAll(where: condition) }
        return resting.filter(condition)
    }
}
