import EventLoop

/// What passed between the session and its endpoint since the session began.
public struct SessionStatistics: Sendable {
    /// Commands asked for, whatever became of them.
    public var commands: UInt64 = 0
    /// Commands that ended with an answer, an error answer included.
    public var answers: UInt64 = 0
    /// Commands sent once more after a damaged or lost answer.
    public var repetitions: UInt64 = 0
    /// Commands that ended at their time limit.
    public var timeouts: UInt64 = 0
    /// Answers whose Message Integrity Check was wrong.
    public var integrityErrors: UInt64 = 0
    /// Answers that did not fit the command: slot, message type, size.
    public var mismatches: UInt64 = 0
    /// Answers that were lost, as the drive's slot state showed.
    public var lostAnswers: UInt64 = 0
    /// More Processing Required answers.
    public var moreProcessing: UInt64 = 0
    /// Commands refused because the queue was full.
    public var refused: UInt64 = 0
    /// Slots brought back to idle after a command that was not answered.
    public var recoveries: UInt64 = 0
    /// Commands given up because their caller left: dropped from the queue, or aborted.
    public var cancelled: UInt64 = 0
    /// Bytes of messages sent, message type through Message Integrity Check.
    public var bytesSent: UInt64 = 0
    /// Bytes of messages received.
    public var bytesReceived: UInt64 = 0
    /// From a command's first transmission to its answer, by command name.
    public var latencies: [CommandLatency] = []

    mutating func noteLatency(
        of command: String,
        from sent: MonotonicInstant,
        to now: MonotonicInstant
    ) {
        let microseconds = UInt64(clamping: (now.nanoseconds - sent.nanoseconds) / 1000)
        // A handful, the frequent ones first; quicker to look through than to hash a name.
        let place = latencies.firstIndex { $0.command == command } ?? latencies.endIndex
        if place == latencies.endIndex { latencies.append(CommandLatency(command: command)) }
        latencies[place].histogram.add(microseconds: microseconds)
    }
}

/// How long a command's answers took.
public struct CommandLatency: Sendable {
    /// The command's name.
    public let command: String
    /// Times from the first transmission to the answer.
    public var histogram = LatencyHistogram()
}
