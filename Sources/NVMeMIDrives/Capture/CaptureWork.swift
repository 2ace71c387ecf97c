import EventLoop
import NVMeMI
import NVMeMIClient

/// Reading a log into somebody's file, as it was at one time: telemetry, or the persistent events.
public final class CaptureWork: JobWork {
    /// It only reads.
    public nonisolated static let kind = JobKind(
        "CaptureTelemetry",
        exclusion: .none,
        cancellation: .noticed,
        ending: .failure
    )

    /// How often it is read again when it has changed meanwhile.
    private static let attempts = 3
    /// Bytes of one command.
    private static let pieceSize = UInt64(AdminMessage.maximumDataLength)
    /// More bytes than this no log has that a file is worth.
    private static let limit: UInt64 = 4 << 30

    private let subject: CaptureSubject
    private let controller: UInt16
    private let area: UInt8
    private let acknowledges: Bool
    private let takesOver: Bool
    /// Nil when the job has ended, which stays for a while: the file is closed then.
    private var sink: (any CaptureSink)?

    /// Captures a log.
    ///
    /// - Parameters:
    ///   - subject: Which.
    ///   - controller: Of which controller.
    ///   - area: The last data area of telemetry, from 1 to 4.
    ///   - acknowledges: Whether the controller may replace in the end what it has collected by itself.
    ///   - takesOver: Whether a context of the persistent events that somebody else has is released.
    ///   - sink: Where the bytes go.
    public init(
        _ subject: CaptureSubject,
        of controller: UInt16,
        upToArea area: UInt8 = 4,
        acknowledges: Bool = false,
        takesOver: Bool = false,
        to sink: any CaptureSink
    ) {
        self.subject = subject
        self.controller = controller
        self.area = area
        self.acknowledges = acknowledges
        self.takesOver = takesOver
        self.sink = sink
    }

    /// Which log.
    public var details: [(name: String, value: String)] {
        [("log", "\(subject.page)"), ("controller", "\(controller)")]
    }

    /// The controller.
    public var subjects: [JobSubject] { [.controller(controller)] }

    /// Lets go of the file.
    public func ended() { sink = nil }

    /// Does it.
    public func run(_ job: Job) async throws(DriveError) {
        job.note("Log", .text("\(subject.page)"))
        if subject == .persistentEvents {
            try await establish(job)
        }
        do {
            try await capture(job)
        } catch {
            await release(job)
            throw error
        }
        await release(job)
    }

    private func capture(_ job: Job) async throws(DriveError) {
        for attempt in 1...Self.attempts {
            job.enter(subject == .hostTelemetry ? "the controller collects" : "reading the header")
            let header = try await header(job, collects: subject == .hostTelemetry)
            if subject == .controllerTelemetry, !header.hasControllerData {
                throw .failed("the controller has collected no telemetry by itself")
            }
            let length = header.length(upToArea: area)
            guard length <= Self.limit else {
                throw .failed("the log has \(length) bytes; \(Self.limit) are captured at most")
            }
            try await copy(header, length, job)
            let after = try await self.header(job)
            if header.isSame(as: after, upToArea: area) {
                return try await conclude(header, length, job)
            }
            let change = "generation \(header.generation) became \(after.generation)"
            guard attempt < Self.attempts, sink?.rewind() ?? false else {
                throw .failed("the log has changed while it was read (\(change)); capture it again")
            }
            job.note("Repetitions", .unsigned8(UInt8(attempt)))
            job.enter("the log has changed while it was read; reading it again")
        }
    }

    private func copy(
        _ header: CaptureHeader,
        _ length: UInt64,
        _ job: Job
    ) async throws(DriveError) {
        try await sink?.write(Array(header.bytes.prefix(Int(CaptureSubject.headerSize))))
        job.enter("reading \(length) bytes")
        var done = UInt64(CaptureSubject.headerSize)
        while done < length {
            job.advance(to: Double(done) / Double(length))
            let size = min(length - done, Self.pieceSize)
            let piece = try await read(from: done, size, job)
            guard UInt64(piece.count) == size else {
                throw .failed(
                    "the log ended after \(done + UInt64(piece.count)) of \(length) bytes"
                )
            }
            try await sink?.write(piece)
            done += size
        }
    }

    private func conclude(
        _ header: CaptureHeader,
        _ length: UInt64,
        _ job: Job
    ) async throws(DriveError) {
        job.note("Bytes", .unsigned64(length))
        job.note("GenerationNumber", .unsigned64(header.generation))
        if subject != .persistentEvents {
            job.note("DataAreaLastBlock", .unsigned64(header.lastBlock(ofArea: area)))
        }
        guard acknowledges, subject == .controllerTelemetry else { return }
        _ = try await self.header(job, acknowledges: true)
    }

    // MARK: Commands

    private func header(
        _ job: Job,
        collects: Bool = false,
        acknowledges: Bool = false
    ) async throws(DriveError) -> CaptureHeader {
        let bytes = try await read(
            from: 0,
            UInt64(CaptureSubject.headerSize),
            specificField: collects ? 1 : 0,
            acknowledges: acknowledges,
            job
        )
        return try CaptureHeader(bytes, of: subject)
    }

    private func read(
        from offset: UInt64,
        _ length: UInt64,
        specificField: UInt8 = 0,
        acknowledges: Bool = false,
        isRepeatable: Bool = true,
        _ job: Job
    ) async throws(DriveError) -> [UInt8] {
        let page = subject.page
        return try await job.attempt(on: controller, isRepeatable: isRepeatable) {
            (controller) async throws(DriveError) in
            guard controller.logPageAbilities.hasOffset else {
                throw .unsupported(
                    "controller \(controller.identifier) has no offsets within log pages, so that "
                        + "\(page) cannot be captured"
                )
            }
            var command = GetLogPage(
                page,
                on: controller.identifier,
                offset: offset,
                length: UInt32(clamping: (length + 3) / 4 * 4)
            )
            command.specificField = specificField
            let piece = try await controller.endpoint.perform(
                command.retainingEvents(!acknowledges, with: controller.logPageAbilities),
                for: job.requester,
                priority: .bulk
            )
            return Array(piece.prefix(Int(clamping: length)))
        }
    }

    // MARK: The context of persistent events

    private static let establishing: UInt8 = 1
    private static let releasing: UInt8 = 2
    /// How long the daemon's end waits at most for a controller to let go of the log.
    private static let releaseTime: Duration = .seconds(2)

    private func establish(_ job: Job) async throws(DriveError) {
        job.enter("having the controller hold the log as it is")
        if takesOver { await release(job) }
        do {
            _ = try await read(
                from: 0,
                UInt64(CaptureSubject.headerSize),
                specificField: Self.establishing,
                isRepeatable: false,
                job
            )
        } catch {
            // Whether the controller holds the log now, nobody knows.
            if error.leavesDoubt || error.isInterruption { await release(job) }
            guard case .command(let failure) = error, case .device(let refusal) = failure.error,
                refusal.nvmeStatus?.withoutAdvice == .commandSequenceError
            else { throw error }
            throw .notAllowed(
                "somebody reads the persistent events of controller \(controller) already, or has not told it "
                    + "that he is done; option 'force' takes that away from him"
            )
        }
    }

    /// Lets the controller go on with the log; also for a job that is to end at once, as with the daemon: that the
    /// job's task is cancelled does not keep this from being done.
    private func release(_ job: Job) async {
        guard subject == .persistentEvents,
            let controller = job.drive?.activeEndpoint?.inventory.controllers
                .first(where: { $0.identifier == self.controller })
        else { return }
        var command = GetLogPage(subject.page, on: controller.identifier, length: 4)
        command.specificField = Self.releasing
        let request = command.retainingEvents(true, with: controller.logPageAbilities)
        let releasing = EventLoop.main.spawn {
            _ = try? await controller.perform(
                request,
                for: job.requester,
                timeLimit: Self.releaseTime
            )
        }
        await releasing.value
    }
}
