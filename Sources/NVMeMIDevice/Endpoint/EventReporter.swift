internal import NVMeMI

/// Asynchronous Event Messages of one Management Endpoint.
///
/// A requester names the events it wants (sync) and is sent a message when one happened; the next
/// message waits until that one was acknowledged, and is repeated meanwhile.
struct EventReporter {
    private typealias Occurrence = AsynchronousEventOccurrences.Occurrence

    /// How often a message is repeated before it is given up.
    static let maximumRetries: UInt8 = 3
    /// How many events are kept until they can be told.
    static let capacity = 64

    /// The requester that is told; `nil` before the first sync.
    private(set) var subscriber: Requester?
    /// A message was repeated in vain; told by the subsystem health poll.
    private(set) var hasFailed = false
    private var enabled: Set<UInt8> = []
    private var functions: PCIFunctions = []
    /// Milliseconds for which events are collected, and between repetitions.
    private var messageDelay: DeviceTime = 0
    private var retryDelay: DeviceTime = 0
    private var generation: UInt8 = 0
    private var pending: [AsynchronousEventOccurrences.Occurrence] = []
    private var hasOverflowed = false
    /// The message that waits for its acknowledgement.
    private var unacknowledged: AsynchronousEventOccurrences?
    /// When to send the next message or repetition.
    private(set) var deadline: DeviceTime?

    /// Whether an event is told.
    func isEnabled(_ event: AsynchronousEventIdentifier) -> Bool {
        enabled.contains(event.rawValue)
    }

    /// Whether events of a controller are told.
    func covers(_ function: PCIFunctions) -> Bool {
        functions.contains(function)
    }

    /// Takes what a requester wants, beginning anew; events that it does not name stay as they are.
    mutating func synchronize(
        _ command: ConfigurationSet.AsynchronousEvents,
        from requester: Requester
    ) {
        for setting in command.events.settings {
            if setting.isEnabled {
                enabled.insert(setting.event.rawValue)
            } else {
                enabled.remove(setting.event.rawValue)
            }
        }
        functions = command.functions
        messageDelay = DeviceTime(command.messageDelay) * 1_000
        retryDelay = DeviceTime(command.retryDelay) * 100
        subscriber = requester
        rearm()
    }

    /// Takes an acknowledgement and returns what happened since the message was sent.
    mutating func acknowledge() -> AsynchronousEventOccurrences {
        var list = AsynchronousEventOccurrences(pending, generation: generation)
        list.hasOverflowed = hasOverflowed
        rearm()
        return list
    }

    private mutating func rearm() {
        pending = []
        hasOverflowed = false
        unacknowledged = nil
        deadline = nil
        hasFailed = false
    }

    /// Takes an event; of several of a kind the last one counts.
    mutating func add(
        _ occurrence: AsynchronousEventOccurrences.Occurrence,
        at now: DeviceTime
    ) {
        guard subscriber != nil, isEnabled(occurrence.event) else { return }
        pending.removeAll {
            $0.event == occurrence.event && $0.scope == occurrence.scope
                && $0.scopeIdentifier == occurrence.scopeIdentifier
        }
        if pending.count >= Self.capacity {
            hasOverflowed = true
        } else {
            pending.append(occurrence)
        }
        if unacknowledged == nil, deadline == nil { deadline = now + messageDelay }
    }

    /// The message that is due by now; `nil` when there is none.
    mutating func message(dueBy now: DeviceTime) -> [UInt8]? {
        guard let due = deadline, due <= now else { return nil }
        deadline = nil
        if unacknowledged != nil {
            unacknowledged?.retryCount += 1
        } else {
            generation = (generation + 1) & 0x1F
            var list = AsynchronousEventOccurrences(pending, generation: generation)
            list.hasOverflowed = hasOverflowed
            unacknowledged = list
            pending = []
            hasOverflowed = false
        }
        guard let list = unacknowledged else { return nil }
        if list.retryCount > Self.maximumRetries {
            hasFailed = true
            return nil
        }
        if retryDelay > 0 { deadline = now + retryDelay }
        return AsynchronousEventMessage(list).encode()
    }
}
