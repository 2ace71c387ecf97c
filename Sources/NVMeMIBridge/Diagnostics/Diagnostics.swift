import DBus
import EventLoop
import Glibc
import Logging
import MCTP

/// What somebody who looks for a fault can have the bridge do: record its traffic, say more in its log.
@LoopActor
final class Diagnostics {
    /// The largest file that can be asked for.
    private static let sizeLimit: UInt64 = 1 << 30
    /// The longest recording that can be asked for: a day.
    private static let durationLimit: UInt32 = 86_400_000

    private let connection: Connection
    private let transport: any Transport
    private let logger: Logger
    private let log: LogControl
    private var capture: TrafficCapture?
    /// Who started the recording.
    private var starter = ""
    private var starterWatch: Subscription?
    private var lastOutcome: TrafficCapture.Outcome?

    init(
        on connection: Connection,
        over transport: any Transport,
        log: LogControl,
        logger: Logger
    ) {
        self.connection = connection
        self.transport = transport
        self.logger = logger
        self.log = log
    }

    // MARK: Capture

    var isCapturing: Bool { capture != nil }

    /// Of the present recording, or else the last.
    var capturedMessages: UInt64 {
        capture?.capturedMessages ?? lastOutcome?.capturedMessages ?? 0
    }

    /// Of the present recording, or else the last.
    var droppedMessages: UInt64 {
        capture?.droppedMessages ?? lastOutcome?.droppedMessages ?? 0
    }

    func startCapture(
        _ file: FileDescriptorHandle,
        _ options: VariantDictionary,
        for call: Invocation
    ) throws {
        let options = try captureOptions(options)
        guard capture == nil else {
            throw BusErrors.unavailable(
                "a capture runs already, started by \(starter); StopCapture ends it"
            )
        }
        let capture = TrafficCapture(
            to: try RecordFile(file),
            options,
            carrier: transport.description
        ) { [weak self] outcome in self?.captureEnded(outcome) }
        self.capture = capture
        starter = call.sender
        transport.tap = { [weak capture] message in capture?.take(message) }
        starterWatch = connection.watchClient(call.sender) { [weak capture] in
            capture?.end("its client left the bus")
        } refused: { [weak capture] error in
            capture?.end("its client cannot be watched: \(error)")
        }
        capture.begin()
        guard isCapturing else {
            throw DBusError.failed("the file cannot be written: \(lastOutcome?.reason ?? "")")
        }
        var metadata = call.callerLabels
        metadata["max-bytes"] = "\(options.maximumSize)"
        metadata["only"] = "\(options.endpoint.map(\.description) ?? "")"
        logger.notice("capture started", metadata: metadata)
        tellCapturing()
    }

    func stopCapture() async throws {
        guard let capture else { return }
        capture.end("StopCapture was called")
        try await capture.waitUntilOver()
    }

    /// Ends what is under way.
    func close() async {
        guard let capture else { return }
        capture.end("the bridge is stopping")
        try? await capture.waitUntilOver()
    }

    private func captureEnded(_ outcome: TrafficCapture.Outcome) {
        transport.tap = nil
        starterWatch?.cancel()
        starterWatch = nil
        capture = nil
        lastOutcome = outcome
        logger.notice(
            "capture ended",
            metadata: [
                "reason": "\(outcome.reason)", "messages": "\(outcome.capturedMessages)",
                "dropped": "\(outcome.droppedMessages)", "bytes": "\(outcome.size)",
            ]
        )
        tellCapturing()
    }

    private func captureOptions(
        _ dictionary: VariantDictionary
    ) throws -> TrafficCapture.Options {
        var options = CallOptions(dictionary)
        var result = TrafficCapture.Options()
        if let size = try options.number("max-bytes", in: 1024...Self.sizeLimit) {
            result.maximumSize = size
        }
        result.endpoint = try options.endpoint("endpoint")
        result.duration = try options.number("duration-ms", in: 1...Self.durationLimit).map {
            .milliseconds(Int64($0))
        }
        try options.finish()
        return result
    }

    private func tellCapturing() {
        connection.objects.changed(self)
    }

    // MARK: Log

    var logLevel: String { log.level() }

    func setLogLevel(_ level: String, for call: Invocation) async throws {
        guard BridgeSettings.logLevels.contains(level) else {
            throw BusErrors.invalidArgument(
                "LogLevel cannot be '\(level)'; it takes "
                    + BridgeSettings.logLevels.joined(separator: ", ")
            )
        }
        log.setLevel(level)
        var metadata = call.callerLabels
        metadata["level"] = "\(level)"
        logger.notice("log level set", metadata: metadata)
        tellLogLevel()
    }

    /// Tells that the level may be another.
    func tellLogLevel() {
        connection.objects.changed(self)
    }
}
