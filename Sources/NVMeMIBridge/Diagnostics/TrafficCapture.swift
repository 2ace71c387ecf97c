import DBus
import EventLoop
import Glibc
import MCTP

/// A recording of MCTP messages to somebody's file, from its start to its end.
@LoopActor
final class TrafficCapture {
    /// What is recorded and how much of it.
    struct Options {
        /// Bytes of the file after which the recording ends.
        var maximumSize: UInt64 = 16 << 20
        /// The only endpoint that is recorded; nil for all.
        var endpoint: EndpointAddress?
        /// How long the recording takes; nil without an end.
        var duration: Duration?
    }

    /// What came of a recording.
    struct Outcome {
        var reason: String
        var capturedMessages: UInt64
        var droppedMessages: UInt64
        /// Bytes of what is whole in the file.
        var size: UInt64
    }

    /// How long the file may take to the rest when the recording has ended.
    private static let flushTime = Duration.seconds(1)

    private let file: RecordFile
    private let options: Options
    private var writer: PcapngWriter
    private var timer: Timer?
    private var outcome: Outcome
    private var isEnding = false
    private let over = Promise<Void>()
    private let onEnd: @LoopActor (Outcome) -> Void

    /// A recording that has yet to begin.
    ///
    /// - Parameters:
    ///   - file: Where to.
    ///   - options: What is recorded.
    ///   - carrier: The name of the carrier, for the file.
    ///   - onEnd: Called once, when the file has got all that it takes.
    init(
        to file: RecordFile,
        _ options: Options,
        carrier: String,
        onEnd: @escaping @LoopActor (Outcome) -> Void
    ) {
        self.file = file
        self.options = options
        self.onEnd = onEnd
        writer = PcapngWriter(.ofThisMachine(carrier: carrier))
        outcome = Outcome(
            reason: "",
            capturedMessages: 0,
            droppedMessages: 0,
            size: UInt64(writer.header.count)
        )
        timer = options.duration.map { duration in
            EventLoop.main.schedule(after: duration) { [weak self] in
                self?.end("its time is over")
            }
        }
        file.onFailure = { [weak self] error in
            guard let self else { return }
            conclude(isEnding ? outcome.reason : "\(error)")
        }
    }

    /// Writes the beginning of the file.
    func begin() {
        _ = file.append(writer.header)
    }

    /// Messages in the file, or on the way to it.
    var capturedMessages: UInt64 { outcome.capturedMessages }
    /// Messages that the file did not take.
    var droppedMessages: UInt64 { outcome.droppedMessages }

    /// Records a message if it is wanted and there is room.
    func take(_ message: CarriedMessage) {
        guard !isEnding, isWanted(message.endpoint) else { return }
        var writer = writer
        let record = writer.record(message, at: WallClock.nanoseconds)
        let size = outcome.size + UInt64(record.count)
        guard size <= options.maximumSize else { return end("it has its maximum size") }
        // Written before it is known whether the file takes it: a failure ends the recording in there.
        outcome.capturedMessages += 1
        outcome.size = size
        if file.append(record) {
            self.writer = writer
        } else {
            outcome.capturedMessages -= 1
            outcome.size -= UInt64(record.count)
            outcome.droppedMessages += 1
        }
    }

    /// Takes no further messages, and lets go of the file when it has the rest or does not take it in time.
    func end(_ reason: String) {
        guard !isEnding else { return }
        isEnding = true
        outcome.reason = reason
        timer?.cancel()
        guard file.waitingRecords > 0 else { return conclude(reason) }
        file.onDrained = { [weak self] in self?.conclude(reason) }
        timer = EventLoop.main.schedule(after: Self.flushTime) { [weak self] in
            self?.conclude(reason)
        }
    }

    /// Waits until it has let go of the file.
    func waitUntilOver() async throws {
        try await over.value
    }

    private func conclude(_ reason: String) {
        guard !over.isResolved else { return }
        isEnding = true
        timer?.cancel()
        outcome.reason = reason
        // The header may be among them.
        let lost = min(UInt64(file.waitingRecords), outcome.capturedMessages)
        outcome.capturedMessages -= lost
        outcome.droppedMessages += lost
        outcome.size -= UInt64(file.waitingSize)
        file.close()
        over.resolve()
        onEnd(outcome)
    }

    /// Whether messages of an endpoint are recorded; a carrier without networks leaves the network open.
    private func isWanted(_ address: EndpointAddress) -> Bool {
        guard let wanted = options.endpoint else { return true }
        return wanted.endpoint == address.endpoint
            && (address.network == .unspecified || wanted.network == address.network)
    }
}

extension PcapngWriter.Origin {
    /// This machine and this program.
    fileprivate static func ofThisMachine(carrier: String) -> Self {
        var names = utsname()
        uname(&names)
        func text<Tuple>(_ field: Tuple) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return Self(
            hardware: text(names.machine),
            operatingSystem: "\(text(names.sysname)) \(text(names.release))",
            application: "nvmemid \(Bridge.version)",
            carrier: carrier
        )
    }
}
