import DBus
import EventLoop
import NVMeMIClient

extension VariantDictionary {
    /// A session's counters and what it is doing, by name.
    @LoopActor
    init(statisticsOf session: EndpointSession) {
        let statistics = session.statistics
        self = [
            "Commands": .uint64(statistics.commands),
            "Answers": .uint64(statistics.answers),
            "Repetitions": .uint64(statistics.repetitions),
            "Timeouts": .uint64(statistics.timeouts),
            "IntegrityErrors": .uint64(statistics.integrityErrors),
            "Mismatches": .uint64(statistics.mismatches),
            "LostAnswers": .uint64(statistics.lostAnswers),
            "MoreProcessing": .uint64(statistics.moreProcessing),
            "Refused": .uint64(statistics.refused),
            "Recoveries": .uint64(statistics.recoveries),
            "Cancelled": .uint64(statistics.cancelled),
            "Dropped": .uint64(session.droppedMessages),
            "BytesSent": .uint64(statistics.bytesSent),
            "BytesReceived": .uint64(statistics.bytesReceived),
            "QueueDepth": .uint32(UInt32(clamping: session.queueDepth)),
            "LearntGap": .uint32(UInt32(clamping: session.learntGap.wholeNanoseconds / 1000)),
            "SecondSlot": .string(session.secondSlot.rawValue),
        ]
        var latencies = VariantDictionary()
        for latency in statistics.latencies.sorted(by: { $0.command < $1.command }) {
            latencies[latency.command] = VariantDictionary(latency.histogram).dbusValue
        }
        self["Latencies"] = latencies.dbusValue
    }

    private init(_ histogram: LatencyHistogram) {
        self = [
            "Count": .uint64(histogram.count),
            "Minimum": .uint64(histogram.minimum),
            "Median": .uint64(histogram.quantile(0.5)),
            "Percentile99": .uint64(histogram.quantile(0.99)),
            "Maximum": .uint64(histogram.maximum),
        ]
    }
}
